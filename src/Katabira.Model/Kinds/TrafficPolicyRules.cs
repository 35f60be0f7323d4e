using Katabira.Model.Validation;

namespace Katabira.Model.Kinds;

/// <summary>What rules about a policy's parts have to know of the rule they stand in.</summary>
/// <param name="Namespace">Namespace of the rule.</param>
/// <param name="HasSelector">True if it is about the clients of some workloads only.</param>
internal readonly record struct RuleScope(string Namespace, bool HasSelector);

/// <summary>What a schema cannot say about <see cref="TrafficPolicy"/>.</summary>
internal static class TrafficPolicyRules
{
    public static void Check(TrafficPolicy? policy, string path, RuleScope scope, Findings findings)
    {
        if (policy is null)
        {
            return;
        }
        if (policy is
            {
                LoadBalancer: null, ConnectionPool: null, OutlierDetection: null, Tls: null,
                PortLevelSettings: null, Tunnel: null, ProxyProtocol: null, RetryBudget: null,
            })
        {
            findings.Broken(path, "traffic policy must have at least one field");
        }
        if (policy is { Tunnel: not null, ProxyProtocol: not null })
        {
            findings.Broken(path, "tunnel and proxyProtocol must not be set together");
        }
        CheckParts(policy.LoadBalancer, policy.ConnectionPool, policy.OutlierDetection, policy.Tls, path, scope, findings);
        CheckPorts(policy.PortLevelSettings ?? [], $"{path}.portLevelSettings", scope, findings);
        if (policy.Tunnel is { } tunnel)
        {
            CheckTunnel(tunnel, $"{path}.tunnel", findings);
        }
        if (policy.RetryBudget?.BudgetInterval is { } interval && (!Syntax.TryParseDuration(interval, out var length) || length < TimeSpan.Zero))
        {
            findings.Invalid($"{path}.retryBudget.budgetInterval", interval, "must be a valid duration");
        }
    }

    private static void CheckPorts(IReadOnlyList<PortTrafficPolicy> ports, string path, RuleScope scope, Findings findings)
    {
        var seen = new HashSet<uint>();
        for (var i = 0; i < ports.Count; i++)
        {
            var port = ports[i];
            PortSelector.Require(port.Port, $"{path}[{i}].port", findings);
            if (port.Port?.Number is { } number && !seen.Add(number))
            {
                findings.Warn($"{path}[{i}] has no effect: port {number} is set above");
            }
            if (port is { LoadBalancer: null, ConnectionPool: null, OutlierDetection: null, Tls: null })
            {
                findings.Broken($"{path}[{i}]", "port traffic policy must have at least one field");
            }
            CheckParts(port.LoadBalancer, port.ConnectionPool, port.OutlierDetection, port.Tls, $"{path}[{i}]", scope, findings);
        }
    }

    private static void CheckParts(
        LoadBalancerSettings? loadBalancer, ConnectionPoolSettings? pool, OutlierDetection? outlier, ClientTlsSettings? tls,
        string path, RuleScope scope, Findings findings)
    {
        if (loadBalancer is not null)
        {
            LoadBalancerRules.Check(loadBalancer, $"{path}.loadBalancer", outlier is not null, findings);
        }
        ConnectionPoolRules.Check(pool, $"{path}.connectionPool", findings);
        outlier?.Check($"{path}.outlierDetection", findings);
        if (tls is not null)
        {
            ClientTlsRules.Check(tls, $"{path}.tls", scope, findings);
        }
    }

    private static void CheckTunnel(Tunnel tunnel, string path, Findings findings)
    {
        if (tunnel.Protocol is not (null or "" or "CONNECT" or "POST"))
        {
            findings.NotSupported($"{path}.protocol", tunnel.Protocol, ["CONNECT", "POST"]);
        }
        var host = tunnel.TargetHost ?? "";
        if (!Syntax.IsHostName(host) && !Syntax.IsAddress(host))
        {
            findings.Invalid($"{path}.targetHost", host, "must be a host name or an IP address");
        }
        findings.CheckPort($"{path}.targetPort", tunnel.TargetPort);
    }
}
