using Katabira.Model.Validation;

namespace Katabira.Model.Kinds;

/// <summary>What a schema cannot say about <see cref="ServerTlsSettings"/>.</summary>
internal static class ServerTlsRules
{
    /// <summary>Suites of TLS 1.2 and older that proxies know. Those of TLS 1.3 are not chosen by name.</summary>
    private static readonly HashSet<string> s_ciphers = new(StringComparer.Ordinal)
    {
        "ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-RSA-AES256-GCM-SHA384",
        "ECDHE-ECDSA-CHACHA20-POLY1305", "ECDHE-RSA-CHACHA20-POLY1305",
        "ECDHE-ECDSA-AES128-SHA", "ECDHE-RSA-AES128-SHA", "ECDHE-ECDSA-AES256-SHA", "ECDHE-RSA-AES256-SHA",
        "AES128-GCM-SHA256", "AES256-GCM-SHA384", "AES128-SHA", "AES256-SHA", "DES-CBC3-SHA", "", "ALL",
    };

    public static void Check(ServerTlsSettings tls, string path, Findings findings)
    {
        WarnOfVersions(tls, path, findings);
        WarnOfCiphers(tls.CipherSuites ?? [], $"{path}.cipherSuites", findings);
        CheckSources(tls, path, findings);
        switch (tls.EffectiveMode)
        {
            case ServerTlsMode.IstioMutual:
                foreach (var field in Certificates(tls).Where(f => f is not "caCrl"))
                {
                    findings.Forbidden($"{path}.{field}", "ISTIO_MUTUAL uses the mesh's certificates");
                }
                break;
            case ServerTlsMode.Passthrough or ServerTlsMode.AutoPassthrough:
                foreach (var field in Certificates(tls))
                {
                    findings.Warn($"{path}.{field} is ignored: {Word(tls)} mode does not use certificates");
                }
                break;
            default:
                CheckTermination(tls, path, findings);
                break;
        }
    }

    /// <summary>Certificates come from one place. An empty credentialName is as good as none, except beside credentialNames.</summary>
    private static void CheckSources(ServerTlsSettings tls, string path, Findings findings)
    {
        var isNamed = !string.IsNullOrEmpty(tls.CredentialName) || (tls.CredentialName is not null && tls.CredentialNames is not null);
        var hasFiles = !string.IsNullOrEmpty(tls.ServerCertificate) && !string.IsNullOrEmpty(tls.PrivateKey) && tls.Mode != ServerTlsMode.IstioMutual;
        findings.AtMostOne(path,
            ("credentialName", isNamed),
            ("credentialNames", tls.CredentialNames is not null),
            ("serverCertificate", hasFiles),
            ("tlsCertificates", tls.TlsCertificates is not null));
    }

    /// <summary>The modes in which the listener itself ends TLS need certificates of somebody.</summary>
    private static void CheckTermination(ServerTlsSettings tls, string path, Findings findings)
    {
        var asks = tls.Mode != ServerTlsMode.Simple;
        if (!asks && !string.IsNullOrEmpty(tls.CaCrl))
        {
            findings.Forbidden($"{path}.caCrl", "SIMPLE asks clients for no certificate");
        }
        if (asks && tls.InsecureSkipVerify is true)
        {
            findings.Warn($"{path}.insecureSkipVerify: any client is let in");
        }
        if (!string.IsNullOrEmpty(tls.CredentialName) || tls.CredentialNames is { Count: > 0 })
        {
            if (asks && !string.IsNullOrEmpty(tls.CaCrl))
            {
                findings.Warn($"{path}.caCrl is ignored: it must be in the credential");
            }
            return;
        }
        if (asks && string.IsNullOrEmpty(tls.CaCertificates))
        {
            findings.Required($"{path}.caCertificates", $"{Word(tls)} needs the authorities of the clients' certificates");
        }
        if (tls.TlsCertificates is { Count: > 0 } pairs)
        {
            for (var i = 0; i < pairs.Count; i++)
            {
                CheckPair(pairs[i].Certificate, pairs[i].PrivateKey, $"{path}.tlsCertificates[{i}]", Word(tls), findings);
            }
            return;
        }
        CheckPair(tls.ServerCertificate, tls.PrivateKey, path, Word(tls), findings);
    }

    private static void CheckPair(string? certificate, string? key, string path, string mode, Findings findings)
    {
        if (string.IsNullOrEmpty(certificate))
        {
            findings.Required($"{path}.serverCertificate", $"{mode} requires a server certificate");
        }
        if (string.IsNullOrEmpty(key))
        {
            findings.Required($"{path}.privateKey", $"{mode} requires a private key");
        }
    }

    private static void WarnOfVersions(ServerTlsSettings tls, string path, Findings findings)
    {
        if (tls.MinProtocolVersion is TlsProtocol.Tls10 or TlsProtocol.Tls11 && tls.CipherSuites is not { Count: > 0 })
        {
            findings.Warn($"{path}.minProtocolVersion: versions below TLSV1_2 need cipherSuites, for the default ones do not go with them");
        }
        if (tls.MaxProtocolVersion is > TlsProtocol.TlsAuto and var newest && newest < (tls.MinProtocolVersion ?? TlsProtocol.TlsAuto))
        {
            findings.Warn($"{path}.maxProtocolVersion is older than minProtocolVersion: nobody can connect");
        }
    }

    private static void WarnOfCiphers(IReadOnlyList<string> suites, string path, Findings findings)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < suites.Count; i++)
        {
            // what begins with a sign is an expression about suites, not the name of one
            var known = s_ciphers.Contains(suites[i]) || !char.IsLetterOrDigit(suites[i][0]);
            if (!known)
            {
                findings.Warn($"{path}[{i}] is ignored: it is no cipher suite we know");
            }
            else if (!seen.Add(suites[i]))
            {
                findings.Warn($"{path}[{i}] is ignored: it stands there already");
            }
        }
    }

    private static IEnumerable<string> Certificates(ServerTlsSettings tls)
    {
        (string Name, bool IsSet)[] fields =
        [
            ("serverCertificate", !string.IsNullOrEmpty(tls.ServerCertificate)),
            ("privateKey", !string.IsNullOrEmpty(tls.PrivateKey)),
            ("caCertificates", !string.IsNullOrEmpty(tls.CaCertificates)),
            ("caCrl", !string.IsNullOrEmpty(tls.CaCrl)),
            ("credentialName", !string.IsNullOrEmpty(tls.CredentialName)),
            ("credentialNames", tls.CredentialNames is { Count: > 0 }),
            ("tlsCertificates", tls.TlsCertificates is { Count: > 0 }),
        ];
        return fields.Where(f => f.IsSet).Select(f => f.Name);
    }

    private static string Word(ServerTlsSettings tls) => tls.EffectiveMode switch
    {
        ServerTlsMode.Simple => "SIMPLE",
        ServerTlsMode.Mutual => "MUTUAL",
        ServerTlsMode.OptionalMutual => "OPTIONAL_MUTUAL",
        ServerTlsMode.IstioMutual => "ISTIO_MUTUAL",
        ServerTlsMode.AutoPassthrough => "AUTO_PASSTHROUGH",
        _ => "PASSTHROUGH",
    };
}
