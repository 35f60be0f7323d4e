using Katabira.Model.Resources;
using Katabira.Model.Validation;

namespace Katabira.Model.Kinds;

/// <summary>What a schema cannot say about <see cref="Gateway"/>.</summary>
internal static class GatewayRules
{
    public static void Check(Resource<Gateway> resource, Findings findings)
    {
        // what the JSON leaves out of the metadata arrives as null, whatever the type says
        var name = resource.Metadata.Name ?? "";
        if (!Syntax.IsDnsLabel(name))
        {
            findings.Invalid("metadata.name", name, "a gateway's name must be a DNS label, for routes name it with its namespace");
        }
        if (resource.Spec.Selector is not { Count: > 0 })
        {
            findings.Warn("spec.selector: without labels, it is for every gateway of the mesh");
        }
        var servers = resource.Spec.Servers ?? [];
        if (servers.Count == 0)
        {
            findings.Required("spec.servers", "gateway must have at least one server");
        }
        var ports = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < servers.Count; i++)
        {
            CheckServer(servers[i], $"spec.servers[{i}]", findings);
            if (servers[i].Port?.Name is { Length: > 0 } portName && !ports.Add(portName))
            {
                findings.Duplicate($"spec.servers[{i}].port.name", portName);
            }
        }
    }

    private static void CheckServer(GatewayServer server, string path, Findings findings)
    {
        var hosts = server.Hosts ?? [];
        if (hosts.Count == 0)
        {
            findings.Required($"{path}.hosts", "server config must contain at least one host");
        }
        for (var i = 0; i < hosts.Count; i++)
        {
            findings.CheckGatewayHost($"{path}.hosts[{i}]", hosts[i]);
        }
        // the schema has made sure that there is one
        var port = server.Port ?? new();
        CheckPort(port, server.Bind, $"{path}.port", findings);
        CheckBind(server.Bind, $"{path}.bind", findings);
        if (server.Tls is not null)
        {
            ServerTlsRules.Check(server.Tls, $"{path}.tls", findings);
        }
        CheckTlsOfProtocol(server, AppProtocols.Parse(port.Protocol), $"{path}.tls", findings);
    }

    private static void CheckPort(GatewayPort port, string? bind, string path, Findings findings)
    {
        var isSocket = AddressChecks.IsUnixSocket(bind);
        if (isSocket && port.Number is not (null or 0))
        {
            findings.Invalid($"{path}.number", port.Number.Value, "port number must be 0 for unix domain socket");
        }
        else if (!isSocket)
        {
            findings.CheckPort($"{path}.number", port.Number);
        }
        if (string.IsNullOrEmpty(port.Protocol))
        {
            findings.Required($"{path}.protocol");
        }
        findings.CheckProtocol($"{path}.protocol", port.Protocol);
        if (string.IsNullOrEmpty(port.Name))
        {
            findings.Required($"{path}.name", "port name must be set");
        }
        if (port.TargetPort is > 0)
        {
            findings.Forbidden($"{path}.targetPort", "targetPort has no impact on Gateways");
        }
    }

    private static void CheckBind(string? bind, string path, Findings findings)
    {
        if (AddressChecks.IsUnixSocket(bind))
        {
            findings.CheckUnixSocket(path, bind!);
        }
        else
        {
            findings.CheckAddress(path, bind);
        }
    }

    private static void CheckTlsOfProtocol(GatewayServer server, AppProtocol protocol, string path, Findings findings)
    {
        if (protocol == AppProtocol.Unknown)
        {
            return;
        }
        if (protocol.IsTls())
        {
            if (server.Tls is null)
            {
                findings.Required(path, "server must have TLS settings for HTTPS/TLS protocols");
            }
            else if (server.Tls.HttpsRedirect is true)
            {
                findings.Warn($"{path}.httpsRedirect should only be used with http servers");
            }
        }
        else if (server.Tls is not null && !protocol.IsHttp())
        {
            findings.Forbidden(path, "server cannot have TLS settings for non HTTPS/TLS ports");
        }
        else if (server.Tls is not null && !OnlyRedirects(server.Tls))
        {
            findings.Forbidden(path, "server cannot have TLS settings for plain text HTTP ports, except httpsRedirect");
        }
    }

    private static bool OnlyRedirects(ServerTlsSettings tls) =>
        tls.EffectiveMode is ServerTlsMode.Passthrough or ServerTlsMode.AutoPassthrough
        && string.IsNullOrEmpty(tls.ServerCertificate) && string.IsNullOrEmpty(tls.PrivateKey) && string.IsNullOrEmpty(tls.CaCertificates);
}
