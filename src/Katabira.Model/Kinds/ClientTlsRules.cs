using Katabira.Model.Validation;

namespace Katabira.Model.Kinds;

/// <summary>What a schema cannot say about <see cref="ClientTlsSettings"/>.</summary>
internal static class ClientTlsRules
{
    private const string ConfigMap = "configmap://";

    public static void Check(ClientTlsSettings tls, string path, RuleScope scope, Findings findings)
    {
        CheckCredential(tls, path, scope, findings);
        if (tls.Mode is ClientTlsMode.Simple or ClientTlsMode.Mutual)
        {
            CheckVerification(tls, path, findings);
            CheckCertificates(tls, path, findings);
        }
        else
        {
            WarnOfIgnored(tls, path, findings);
        }
        if (tls.Mode is null)
        {
            findings.Warn($"{path}: without a mode it says nothing: mutual TLS is used wherever the other end can do it");
        }
    }

    private static void CheckCredential(ClientTlsSettings tls, string path, RuleScope scope, Findings findings)
    {
        if (string.IsNullOrEmpty(tls.CredentialName))
        {
            return;
        }
        if (tls.CredentialName.StartsWith(ConfigMap, StringComparison.Ordinal))
        {
            var parts = tls.CredentialName[ConfigMap.Length..].Split('/', 3);
            if (parts is not [{ Length: > 0 } space, { Length: > 0 }])
            {
                findings.Invalid($"{path}.credentialName", tls.CredentialName, "must be of the form configmap://namespace/name");
            }
            else if (space != scope.Namespace)
            {
                findings.Invalid($"{path}.credentialName", tls.CredentialName, "namespace must be the rule's own");
            }
        }
        else if (!scope.HasSelector && tls.Mode is (ClientTlsMode.Simple or ClientTlsMode.Mutual))
        {
            findings.Warn($"{path}.credentialName: only gateways may use it, because the rule has no workloadSelector: connections of sidecars are refused");
        }
    }

    private static void CheckVerification(ClientTlsSettings tls, string path, Findings findings)
    {
        if (tls.InsecureSkipVerify is true)
        {
            const string contradiction = "may not be set beside insecureSkipVerify: true";
            Forbid(!string.IsNullOrEmpty(tls.CaCertificates), "caCertificates", contradiction);
            Forbid(tls.SubjectAltNames is { Count: > 0 }, "subjectAltNames", contradiction);
            // with MUTUAL the credential is where the client's own certificate comes from
            Forbid(!string.IsNullOrEmpty(tls.CredentialName) && tls.Mode == ClientTlsMode.Simple, "credentialName", contradiction);
            findings.Warn($"{path}.insecureSkipVerify: any server is trusted");
        }
        else if (string.IsNullOrEmpty(tls.CaCertificates) && string.IsNullOrEmpty(tls.CredentialName))
        {
            findings.Warn($"{path}: without caCertificates or credentialName, every authority of the operating system may vouch for the server");
        }

        void Forbid(bool isSet, string field, string detail)
        {
            if (isSet)
            {
                findings.Forbidden($"{path}.{field}", detail);
            }
        }
    }

    private static void CheckCertificates(ClientTlsSettings tls, string path, Findings findings)
    {
        if (!string.IsNullOrEmpty(tls.CredentialName))
        {
            foreach (var field in Files(tls))
            {
                findings.Forbidden($"{path}.{field}", "may not be set beside credentialName");
            }
            return;
        }
        if (tls.Mode != ClientTlsMode.Mutual)
        {
            return;
        }
        if (string.IsNullOrEmpty(tls.ClientCertificate))
        {
            findings.Required($"{path}.clientCertificate", "client certificate required for mutual tls");
        }
        if (string.IsNullOrEmpty(tls.PrivateKey))
        {
            findings.Required($"{path}.privateKey", "private key required for mutual tls");
        }
    }

    private static void WarnOfIgnored(ClientTlsSettings tls, string path, Findings findings)
    {
        var mode = tls.Mode == ClientTlsMode.IstioMutual ? "ISTIO_MUTUAL" : tls.Mode == ClientTlsMode.Disable ? "DISABLE" : "unset";
        foreach (var field in Files(tls))
        {
            findings.Warn($"{path}.{field} is ignored in mode {mode}");
        }
        if (!string.IsNullOrEmpty(tls.CredentialName))
        {
            findings.Warn($"{path}.credentialName is ignored in mode {mode}");
        }
        if (tls.InsecureSkipVerify is true)
        {
            findings.Warn($"{path}.insecureSkipVerify is ignored in mode {mode}");
        }
    }

    private static IEnumerable<string> Files(ClientTlsSettings tls)
    {
        (string Name, string? Value)[] files =
        [
            ("clientCertificate", tls.ClientCertificate), ("privateKey", tls.PrivateKey), ("caCertificates", tls.CaCertificates), ("caCrl", tls.CaCrl),
        ];
        return files.Where(f => !string.IsNullOrEmpty(f.Value)).Select(f => f.Name);
    }
}
