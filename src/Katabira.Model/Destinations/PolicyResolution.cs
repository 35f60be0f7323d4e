using System.Globalization;
using Katabira.Model.Kinds;

namespace Katabira.Model.Destinations;

/// <summary>Resolves the traffic policy of one port and subset, field by field. Pure.</summary>
/// <remarks>
/// A port's entry replaces the four settings it can hold as a whole: what it leaves out is unset, not inherited.
/// A subset overrides what it sets. Source: istio/istio pilot/pkg/networking/util/util.go.
/// </remarks>
internal static class PolicyResolution
{
    public static (TrafficPolicy? Policy, ClientTls Tls) Resolve(MergedRule? rule, DestinationClient client, DialledService destination)
    {
        if (rule is null)
        {
            return (null, ClientTls.Unsaid);
        }
        (TrafficPolicy Policy, Source Tls) result = rule.Policy is { } wide
            ? ForPort(wide.Spec.TrafficPolicy!, new Source(wide, "spec.trafficPolicy"), destination.Port)
            : (new TrafficPolicy(), new Source(rule.First, ""));
        if (destination.Subset is { } name && rule.Subsets.TryGetValue(name, out var subset) && subset.Subset.TrafficPolicy is { } narrow)
        {
            var path = string.Create(CultureInfo.InvariantCulture, $"spec.subsets[{subset.Index}].trafficPolicy");
            result = Override(result, narrow, new Source(subset.Rule, path), destination.Port);
        }
        return (result.Policy, TlsOf(result.Policy.Tls, result.Tls, client));
    }

    /// <summary>Where the TLS settings of a policy come from.</summary>
    private readonly record struct Source(DestinationRuleModel Rule, string Path)
    {
        public Source Port(int index) => this with { Path = string.Create(CultureInfo.InvariantCulture, $"{Path}.portLevelSettings[{index}]") };
    }

    private static (TrafficPolicy Policy, Source Tls) ForPort(TrafficPolicy policy, Source source, uint port)
    {
        foreach (var (index, entry) in (policy.PortLevelSettings ?? []).Index())
        {
            if (entry.Port?.Number == port)
            {
                return (Replace(policy, entry), source.Port(index));
            }
        }
        return (policy, source);
    }

    private static TrafficPolicy Replace(TrafficPolicy policy, PortTrafficPolicy entry) => policy with
    {
        LoadBalancer = entry.LoadBalancer,
        ConnectionPool = entry.ConnectionPool,
        OutlierDetection = entry.OutlierDetection,
        Tls = entry.Tls,
    };

    private static (TrafficPolicy Policy, Source Tls) Override((TrafficPolicy Policy, Source Tls) wide, TrafficPolicy narrow, Source source, uint port)
    {
        var merged = wide.Policy with
        {
            LoadBalancer = narrow.LoadBalancer ?? wide.Policy.LoadBalancer,
            ConnectionPool = narrow.ConnectionPool ?? wide.Policy.ConnectionPool,
            OutlierDetection = narrow.OutlierDetection ?? wide.Policy.OutlierDetection,
            Tls = narrow.Tls ?? wide.Policy.Tls,
            Tunnel = narrow.Tunnel ?? wide.Policy.Tunnel,
            ProxyProtocol = narrow.ProxyProtocol ?? wide.Policy.ProxyProtocol,
            RetryBudget = narrow.RetryBudget ?? wide.Policy.RetryBudget,
            PortLevelSettings = narrow.PortLevelSettings,
        };
        var (policy, place) = ForPort(merged, source, port);
        return (policy, place != source || narrow.Tls is not null ? place : wide.Tls);
    }

    private static ClientTls TlsOf(ClientTlsSettings? settings, Source source, DestinationClient client)
    {
        if (settings is null)
        {
            return ClientTls.Unsaid;
        }
        var mode = settings.Mode switch
        {
            ClientTlsMode.Disable => TlsIntent.Disable,
            ClientTlsMode.Simple => TlsIntent.Simple,
            ClientTlsMode.Mutual => TlsIntent.Mutual,
            ClientTlsMode.IstioMutual => TlsIntent.IstioMutual,
            // a block without a mode is DISABLE to Istio, by the accident that zero is; nobody who writes one means plaintext
            _ => TlsIntent.Automatic,
        };
        return new ClientTls(mode, settings, source.Rule.Key, $"{source.Path}.tls") { Problem = ProblemOf(mode, settings, source, client) };
    }

    /// <summary>Istio drops the whole TLS block of such a rule in silence, and the connection becomes plaintext.</summary>
    private static string? ProblemOf(TlsIntent mode, ClientTlsSettings settings, Source source, DestinationClient client) =>
        mode is TlsIntent.Simple or TlsIntent.Mutual
        && settings.CredentialName is { Length: > 0 } credential
        && !credential.StartsWith("configmap://", StringComparison.Ordinal)
        && source.Rule.Selector is null
        && !client.IsGateway
            ? $"DestinationRule {source.Rule.Key} ({source.Path}.tls) names the credential {credential}, which a sidecar may use only with a workloadSelector beside it"
            : null;
}
