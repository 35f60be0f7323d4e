using Katabira.Model.Validation;

namespace Katabira.Model.Kinds;

/// <summary>What the schemas of routes of TLS and TCP connections cannot say.</summary>
internal static class ConnectionRouteRules
{
    public static void CheckTls(TlsRoute route, string path, RouteScope scope)
    {
        if (route.Match is not { Count: > 0 })
        {
            scope.Findings.Required($"{path}.match", "TLS route must have at least one match condition");
        }
        for (var i = 0; i < (route.Match?.Count ?? 0); i++)
        {
            CheckTlsMatch(route.Match![i], $"{path}.match[{i}]", scope);
        }
        CheckDestinations(route.Route, $"{path}.route", scope.Findings);
    }

    public static void CheckTcp(TcpRoute route, string path, RouteScope scope)
    {
        for (var i = 0; i < (route.Match?.Count ?? 0); i++)
        {
            var (match, at) = (route.Match![i], $"{path}.match[{i}]");
            scope.Findings.CheckNetworks($"{at}.destinationSubnets", match.DestinationSubnets);
            scope.Findings.CheckNetwork($"{at}.sourceSubnet", match.SourceSubnet);
            MatchRules.CheckSource(match, at, scope.Findings);
        }
        CheckDestinations(route.Route, $"{path}.route", scope.Findings);
    }

    private static void CheckTlsMatch(TlsMatch match, string path, RouteScope scope)
    {
        if (match.SniHosts is not { Count: > 0 })
        {
            scope.Findings.Required($"{path}.sniHosts", "TLS match must have at least one SNI host");
        }
        for (var i = 0; i < (match.SniHosts?.Count ?? 0); i++)
        {
            CheckServerName(match.SniHosts![i], $"{path}.sniHosts[{i}]", scope);
        }
        scope.Findings.CheckNetworks($"{path}.destinationSubnets", match.DestinationSubnets);
        MatchRules.CheckSource(match, path, scope.Findings);
    }

    private static void CheckServerName(string name, string path, RouteScope scope)
    {
        if (Syntax.IsAddress(name))
        {
            scope.Findings.Warn($"{path}: clients send no server name for an IP address");
        }
        else if (!VirtualServiceRules.IsHost(name, isServerName: true, scope))
        {
            scope.Findings.Invalid(path, name, "must be a host name or a wildcard host");
        }
        else if (!scope.IsDelegate && !scope.Hosts.Covers(name))
        {
            scope.Findings.Invalid(path, name, "SNI host is not a compatible subset of any of the virtual service hosts");
        }
    }

    private static void CheckDestinations(IReadOnlyList<RouteDestination>? destinations, string path, Findings findings)
    {
        if (destinations is not { Count: > 0 })
        {
            findings.Required(path);
        }
        RouteDestination.CheckAll(destinations, path, findings);
    }
}
