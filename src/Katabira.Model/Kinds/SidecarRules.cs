using System.Globalization;
using Katabira.Model.Resources;
using Katabira.Model.Validation;

namespace Katabira.Model.Kinds;

/// <summary>What a schema cannot say about <see cref="Sidecar"/>.</summary>
internal static class SidecarRules
{
    public static void Check(Resource<Sidecar> resource, Findings findings)
    {
        var sidecar = resource.Spec;
        sidecar.WorkloadSelector?.Check("spec.workloadSelector", findings);
        if (sidecar is { Ingress: not { Count: > 0 }, Egress: not { Count: > 0 }, OutboundTrafficPolicy: null, InboundConnectionPool: null })
        {
            findings.Broken("spec", "empty configuration provided: set ingress, egress, outboundTrafficPolicy or inboundConnectionPool");
        }
        CheckIngress(sidecar.Ingress ?? [], findings);
        ConnectionPoolRules.Check(sidecar.InboundConnectionPool, "spec.inboundConnectionPool", findings);
        CheckEgress(sidecar.Egress ?? [], resource.Metadata.Namespace, findings);
        if (sidecar.OutboundTrafficPolicy is { } policy)
        {
            CheckOutbound(policy, "spec.outboundTrafficPolicy", findings);
        }
    }

    private static void CheckIngress(IReadOnlyList<IngressListener> listeners, Findings findings)
    {
        var ports = new HashSet<uint>();
        for (var i = 0; i < listeners.Count; i++)
        {
            // the schema has made sure that there is a port
            var (listener, port, path) = (listeners[i], listeners[i].Port ?? new(), $"spec.ingress[{i}]");
            CheckPort(port, $"{path}.port", findings);
            CheckNumber(port.Number, $"{path}.port.number", ports, findings);
            findings.CheckAddress($"{path}.bind", listener.Bind);
            CheckEndpoint(listener.DefaultEndpoint, $"{path}.defaultEndpoint", findings);
            var protocol = AppProtocols.Parse(port.Protocol);
            if (listener.Tls is not null)
            {
                CheckTls(listener.Tls, protocol, $"{path}.tls", findings);
            }
            ConnectionPoolRules.Check(listener.ConnectionPool, $"{path}.connectionPool", findings);
            if (listener.ConnectionPool?.Http is not null && !protocol.IsHttp())
            {
                findings.Warn($"{path}.connectionPool.http has no effect: the port's protocol is not HTTP");
            }
        }
    }

    private static void CheckPort(SidecarPort port, string path, Findings findings)
    {
        if (port.Name is { Length: > 0 })
        {
            findings.CheckPortName($"{path}.name", port.Name);
        }
        findings.CheckProtocol($"{path}.protocol", port.Protocol);
        if (port.TargetPort is > 0)
        {
            findings.Forbidden($"{path}.targetPort", "targetPort has no impact on Sidecars");
        }
    }

    private static void CheckNumber(uint? number, string path, HashSet<uint> taken, Findings findings)
    {
        if (number is not { } port)
        {
            findings.Required(path);
            return;
        }
        findings.CheckPort(path, port);
        if (!taken.Add(port))
        {
            findings.Invalid(path, port, "ports on IP bound listeners must be unique");
        }
    }

    private static void CheckEndpoint(string? endpoint, string path, Findings findings)
    {
        if (string.IsNullOrEmpty(endpoint))
        {
            return;
        }
        if (AddressChecks.IsUnixSocket(endpoint))
        {
            findings.CheckUnixSocket(path, endpoint);
        }
        else if (!IsLocal(endpoint))
        {
            findings.Invalid(path, endpoint, "must be of the form 127.0.0.1:PORT, 0.0.0.0:PORT, [::1]:PORT, [::]:PORT, :PORT or unix://PATH");
        }
    }

    private static bool IsLocal(ReadOnlySpan<char> endpoint)
    {
        var colon = endpoint.LastIndexOf(':');
        return colon >= 0
            && endpoint[..colon] is "" or "127.0.0.1" or "0.0.0.0" or "[::1]" or "[::]"
            && ushort.TryParse(endpoint[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            && port != 0;
    }

    private static void CheckTls(ServerTlsSettings tls, AppProtocol protocol, string path, Findings findings)
    {
        (string Name, bool IsSet)[] unsupported =
        [
            ("subjectAltNames", tls.SubjectAltNames is { Count: > 0 }),
            ("httpsRedirect", tls.HttpsRedirect is true),
            ("credentialName", !string.IsNullOrEmpty(tls.CredentialName)),
            ("credentialNames", tls.CredentialNames is { Count: > 0 }),
            ("tlsCertificates", tls.TlsCertificates is { Count: > 0 }),
        ];
        foreach (var (name, _) in unsupported.Where(f => f.IsSet))
        {
            findings.Forbidden($"{path}.{name}", "is not supported in sidecar ingress tls");
        }
        if (tls.Mode is ServerTlsMode.IstioMutual or ServerTlsMode.AutoPassthrough)
        {
            var mode = tls.Mode == ServerTlsMode.IstioMutual ? "ISTIO_MUTUAL" : "AUTO_PASSTHROUGH";
            findings.Invalid($"{path}.mode", mode, "is not supported in sidecar ingress tls");
        }
        if (!protocol.IsTls())
        {
            findings.Forbidden(path, "server cannot have TLS settings for non HTTPS/TLS ports");
        }
        ServerTlsRules.Check(tls, path, findings);
    }

    private static void CheckEgress(IReadOnlyList<EgressListener> listeners, string ownNamespace, Findings findings)
    {
        var ports = new HashSet<uint>();
        var sockets = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < listeners.Count; i++)
        {
            var (listener, path) = (listeners[i], $"spec.egress[{i}]");
            if (listener.Port is not null)
            {
                CheckPort(listener.Port, $"{path}.port", findings);
                if (listener.Port.Number is null or 0)
                {
                    CheckSocket(listener, path, sockets, findings);
                }
                else
                {
                    CheckNumber(listener.Port.Number, $"{path}.port.number", ports, findings);
                    findings.CheckAddress($"{path}.bind", listener.Bind);
                }
            }
            else if (i < listeners.Count - 1)
            {
                findings.Required($"{path}.port", "only the last egress listener may leave it out");
            }
            EgressHostRules.Check(listener.Hosts ?? [], $"{path}.hosts", ownNamespace, findings);
        }
    }

    private static void CheckSocket(EgressListener listener, string path, HashSet<string> taken, Findings findings)
    {
        if (!AddressChecks.IsUnixSocket(listener.Bind))
        {
            findings.Invalid($"{path}.bind", listener.Bind ?? "", "ports with 0 value must have a unix domain socket bind address");
        }
        else
        {
            findings.CheckUnixSocket($"{path}.bind", listener.Bind!);
            if (!taken.Add(listener.Bind!))
            {
                findings.Duplicate($"{path}.bind", listener.Bind!);
            }
        }
        if (listener.CaptureMode == CaptureMode.Iptables)
        {
            findings.NotSupported($"{path}.captureMode", "IPTABLES", ["DEFAULT", "NONE"]);
        }
    }

    private static void CheckOutbound(OutboundTrafficPolicy policy, string path, Findings findings)
    {
        if (policy.Mode is null)
        {
            findings.Warn($"{path}: without a mode, REGISTRY_ONLY holds: traffic for unknown services does not leave");
        }
        if (policy.EgressProxy is not { } proxy)
        {
            return;
        }
        if (policy.Mode != OutboundTrafficMode.AllowAny)
        {
            findings.Forbidden($"{path}.egressProxy", "may be set only with mode ALLOW_ANY");
        }
        findings.CheckHostName($"{path}.egressProxy.host", proxy.Host ?? "");
        findings.CheckSubsetName($"{path}.egressProxy.subset", proxy.Subset);
        PortSelector.Require(proxy.Port, $"{path}.egressProxy.port", findings);
    }
}
