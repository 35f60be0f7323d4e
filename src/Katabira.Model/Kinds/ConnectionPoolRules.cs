using Katabira.Model.Validation;

namespace Katabira.Model.Kinds;

/// <summary>What a schema cannot say about <see cref="ConnectionPoolSettings"/>.</summary>
internal static class ConnectionPoolRules
{
    public static void Check(ConnectionPoolSettings? pool, string path, Findings findings)
    {
        if (pool is { Tcp: null, Http: null })
        {
            findings.Broken(path, "connection pool must have at least one field");
        }
        if (pool?.Tcp is { } tcp)
        {
            CheckTcp(tcp, $"{path}.tcp", findings);
        }
        if (pool?.Http is { } http)
        {
            CheckHttp(http, $"{path}.http", findings);
        }
    }

    private static void CheckTcp(TcpSettings tcp, string path, Findings findings)
    {
        findings.CheckNotNegative($"{path}.maxConnections", tcp.MaxConnections);
        findings.CheckDuration($"{path}.connectTimeout", tcp.ConnectTimeout);
        findings.CheckDuration($"{path}.maxConnectionDuration", tcp.MaxConnectionDuration);
        findings.CheckDurationOrZero($"{path}.idleTimeout", tcp.IdleTimeout);
        findings.CheckDuration($"{path}.tcpKeepalive.time", tcp.TcpKeepalive?.Time);
        findings.CheckDuration($"{path}.tcpKeepalive.interval", tcp.TcpKeepalive?.Interval);
    }

    private static void CheckHttp(HttpSettings http, string path, Findings findings)
    {
        findings.CheckNotNegative($"{path}.http1MaxPendingRequests", http.Http1MaxPendingRequests);
        findings.CheckNotNegative($"{path}.http2MaxRequests", http.Http2MaxRequests);
        findings.CheckNotNegative($"{path}.maxRequestsPerConnection", http.MaxRequestsPerConnection);
        findings.CheckNotNegative($"{path}.maxRetries", http.MaxRetries);
        findings.CheckNotNegative($"{path}.maxConcurrentStreams", http.MaxConcurrentStreams);
        findings.CheckDuration($"{path}.idleTimeout", http.IdleTimeout);
        if (http is { H2UpgradePolicy: H2UpgradePolicy.Upgrade, UseClientProtocol: true })
        {
            findings.Forbidden($"{path}.useClientProtocol", "may not be true when h2UpgradePolicy is UPGRADE");
        }
        if (http.Http2KeepAlive is { } keepAlive)
        {
            CheckNeeded($"{path}.http2KeepAlive.interval", keepAlive.Interval, findings);
            CheckNeeded($"{path}.http2KeepAlive.timeout", keepAlive.Timeout, findings);
        }
    }

    private static void CheckNeeded(string path, string? duration, Findings findings)
    {
        if (duration is null)
        {
            findings.Required(path);
        }
        findings.CheckDuration(path, duration);
    }
}
