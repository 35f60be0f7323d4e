using Katabira.Model.Resources;
using Katabira.Model.Validation;

namespace Katabira.Model.Kinds;

/// <summary>What the schema of a virtual service cannot say.</summary>
/// <remarks>Source of the rules: istio pkg/config/validation/validation.go, ValidateVirtualService.</remarks>
internal static class VirtualServiceRules
{
    public static void Check(Resource<VirtualService> resource, Findings findings)
    {
        var spec = resource.Spec;
        var scope = new RouteScope(spec, findings);
        if (scope.IsDelegate)
        {
            CheckDelegate(spec, findings);
        }
        CheckHosts(spec.Hosts ?? [], scope);
        CheckGateways(spec.Gateways, "spec.gateways", findings);
        if (spec is { Http: null or { Count: 0 }, Tls: null or { Count: 0 }, Tcp: null or { Count: 0 } })
        {
            findings.Broken("spec", "http, tcp or tls must be provided in virtual service");
        }
        for (var i = 0; i < (spec.Http?.Count ?? 0); i++)
        {
            HttpRouteRules.Check(spec.Http![i], $"spec.http[{i}]", scope);
        }
        for (var i = 0; i < (spec.Tls?.Count ?? 0); i++)
        {
            ConnectionRouteRules.CheckTls(spec.Tls![i], $"spec.tls[{i}]", scope);
        }
        for (var i = 0; i < (spec.Tcp?.Count ?? 0); i++)
        {
            ConnectionRouteRules.CheckTcp(spec.Tcp![i], $"spec.tcp[{i}]", scope);
        }
        findings.CheckExportTo(spec.ExportTo, resource.Metadata.Namespace);
        UnreachableRoutes.Warn(spec, findings);
    }

    /// <summary>Names of gateways: <c>mesh</c>, <c>namespace/name</c>, or a name alone.</summary>
    public static void CheckGateways(IReadOnlyList<string>? gateways, string path, Findings findings)
    {
        for (var i = 0; i < (gateways?.Count ?? 0); i++)
        {
            CheckGateway(gateways![i], $"{path}[{i}]", findings);
        }
    }

    /// <summary>A host, or, at a gateway that passes TLS of another network through, the server name of the mesh: <c>outbound_.PORT_.SUBSET_.HOST</c>.</summary>
    public static bool IsHost(string host, bool isServerName, RouteScope scope) =>
        HostChecks.IsHostPattern(host) || (isServerName && scope.AtGatewaysOnly && MeshServerName.IsValid(host));

    private static void CheckGateway(string gateway, string path, Findings findings)
    {
        var slash = gateway.IndexOf('/', StringComparison.Ordinal);
        if (slash >= 0)
        {
            if (!Syntax.IsDnsLabel(gateway.AsSpan(0, slash)) || !Syntax.IsDnsLabel(gateway.AsSpan(slash + 1)))
            {
                findings.Invalid(path, gateway, "namespace and name of a gateway must be DNS labels");
            }
        }
        else if (!Syntax.IsHostName(gateway))
        {
            findings.Invalid(path, gateway, "must be mesh, the name of a gateway, or namespace/name");
        }
        else if (gateway.Contains('.', StringComparison.Ordinal))
        {
            findings.Warn($"{path}: using legacy gateway name format \"{gateway}\", prefer namespace/name");
        }
    }

    private static void CheckDelegate(VirtualService spec, Findings findings)
    {
        const string why = "a virtual service without hosts is a delegate, which has http routes only";
        if (spec.Gateways is { Count: > 0 })
        {
            findings.Forbidden("spec.gateways", why);
        }
        if (spec.Tls is { Count: > 0 })
        {
            findings.Forbidden("spec.tls", why);
        }
        if (spec.Tcp is { Count: > 0 })
        {
            findings.Forbidden("spec.tcp", why);
        }
    }

    private static void CheckHosts(IReadOnlyList<string> hosts, RouteScope scope)
    {
        var seen = new HostSet();
        for (var i = 0; i < hosts.Count; i++)
        {
            var (host, path) = (hosts[i], $"spec.hosts[{i}]");
            if (!IsHost(host, scope.HasServerNames, scope) && !Syntax.IsAddress(host))
            {
                scope.Findings.Invalid(path, host, "must be a host name, a wildcard host or an IP address");
            }
            else if (host == "*" && !scope.AtGatewaysOnly)
            {
                scope.Findings.Invalid(path, host, "wildcard host * is not allowed for virtual services bound to the mesh gateway");
            }
            if (!seen.Add(host))
            {
                scope.Findings.Duplicate(path, host);
            }
            else if (scope.Hosts.WiderThan(host) is { } wider)
            {
                scope.Findings.Invalid(path, host, $"duplicate hosts in virtual service: \"{wider}\" includes it");
            }
        }
    }
}
