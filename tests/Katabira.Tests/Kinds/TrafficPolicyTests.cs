using Katabira.Model.Kinds;
using Xunit;

namespace Katabira.Tests.Kinds;

/// <summary>Load balancing, pools and outlier detection, wherever a policy has them.</summary>
public class TrafficPolicyTests
{
    private const string Lb = "spec.trafficPolicy.loadBalancer";
    private const string Pool = "spec.trafficPolicy.connectionPool";
    private const string Outlier = "spec.trafficPolicy.outlierDetection";

    [Theory]
    [InlineData("{connectionPool: {tcp: {maxConnections: 7, connectTimeout: 30ms, tcpKeepalive: {probes: 9, time: 7200s, interval: 75s}}}}")]
    [InlineData("{connectionPool: {tcp: {idleTimeout: 0s, maxConnectionDuration: 1h30m}}}")]
    [InlineData("{connectionPool: {http: {http2MaxRequests: 11, idleTimeout: 1.5s, http2KeepAlive: {interval: 15s, timeout: 5s}}}}")]
    [InlineData("{connectionPool: {http: {h2UpgradePolicy: UPGRADE, useClientProtocol: false}}}")]
    [InlineData("{outlierDetection: {minHealthPercent: 20, interval: 2s, outlierDetectionHttpErrorCodes: [100, 599]}}")]
    [InlineData("{outlierDetection: {splitExternalLocalOriginErrors: true, consecutiveLocalOriginFailures: 3, consecutive5xxErrors: null}}")]
    [InlineData("{outlierDetection: {consecutiveLocalOriginFailures: 0, consecutiveErrors: 0}}")]
    [InlineData("{loadBalancer: {simple: ROUND_ROBIN, warmup: {duration: 300s, minimumPercent: 5.0, aggression: 5.0}}}")]
    [InlineData("{loadBalancer: {consistentHash: {httpCookie: {name: user, ttl: 0s, attributes: [{name: SameSite, value: Lax}, {name: Secure}]}}}}")]
    [InlineData("{loadBalancer: {consistentHash: {useSourceIp: true, maglev: {tableSize: 65537}}}}")]
    [InlineData("{loadBalancer: {consistentHash: {useSourceIp: true, maglev: {tableSize: 2}}}}")]
    [InlineData("{loadBalancer: {localityLbSetting: {distribute: [{from: 'a/b/*', to: {'a/b/*': 80, 'a/c': 20}}, {from: 'a/*', to: {a: 100}}, {from: '*', to: {'*': 100}}]}}}")]
    [InlineData("{loadBalancer: {localityLbSetting: {failover: [{from: a, to: b}], failoverPriority: [topology.istio.io/network]}}, outlierDetection: {}}")]
    [InlineData("{loadBalancer: {zoneAwareLbSetting: {enabled: true, minClusterSize: 6, failover: [{from: a, to: b}]}}, outlierDetection: {}}")]
    public void Policy_Sound_IsAccepted(string policy) => Verdict.Warns(DestinationRule.Kind, Rule(policy));

    [Theory]
    [InlineData(
        "{connectionPool: {tcp: {maxConnections: -1, connectTimeout: 0.5ms, maxConnectionDuration: 1d, idleTimeout: 1us, tcpKeepalive: {time: '', interval: -1s}}}}",
        Pool + ".tcp.maxConnections: Invalid value: -1: must not be negative",
        Pool + ".tcp.connectTimeout: Invalid value: \"0.5ms\": must be a valid duration greater than 1ms",
        Pool + ".tcp.maxConnectionDuration: Invalid value: \"1d\": must be a valid duration greater than 1ms",
        Pool + ".tcp.idleTimeout: Invalid value: \"1us\": must be a valid duration greater than 1ms",
        Pool + ".tcp.tcpKeepalive.time: Invalid value: \"\": must be a valid duration greater than 1ms",
        Pool + ".tcp.tcpKeepalive.interval: Invalid value: \"-1s\": must be a valid duration greater than 1ms")]
    [InlineData(
        "{connectionPool: {http: {http1MaxPendingRequests: -1, http2MaxRequests: -2, maxRequestsPerConnection: -3, maxRetries: -4, maxConcurrentStreams: -5}}}",
        Pool + ".http.http1MaxPendingRequests: Invalid value: -1: must not be negative",
        Pool + ".http.http2MaxRequests: Invalid value: -2: must not be negative",
        Pool + ".http.maxRequestsPerConnection: Invalid value: -3: must not be negative",
        Pool + ".http.maxRetries: Invalid value: -4: must not be negative",
        Pool + ".http.maxConcurrentStreams: Invalid value: -5: must not be negative")]
    [InlineData(
        "{connectionPool: {http: {idleTimeout: 30.0000001s, h2UpgradePolicy: UPGRADE, useClientProtocol: true, http2KeepAlive: {interval: 1ns}}}}",
        Pool + ".http.idleTimeout: Invalid value: \"30.0000001s\": only durations to ms precision are supported",
        Pool + ".http.useClientProtocol: Forbidden: may not be true when h2UpgradePolicy is UPGRADE",
        Pool + ".http.http2KeepAlive.interval: Invalid value: \"1ns\": must be a valid duration greater than 1ms",
        Pool + ".http.http2KeepAlive.timeout: Required value")]
    [InlineData(
        "{outlierDetection: {interval: 0s, baseEjectionTime: x, maxEjectionPercent: 105, minHealthPercent: -1, consecutiveLocalOriginFailures: 10}}",
        Outlier + ".interval: Invalid value: \"0s\": must be a valid duration greater than 1ms",
        Outlier + ".baseEjectionTime: Invalid value: \"x\": must be a valid duration greater than 1ms",
        Outlier + ".maxEjectionPercent: Invalid value: 105: must be between 0 and 100",
        Outlier + ".minHealthPercent: Invalid value: -1: must be between 0 and 100",
        Outlier + ".consecutiveLocalOriginFailures: Forbidden: needs splitExternalLocalOriginErrors: true")]
    [InlineData(
        "{outlierDetection: {outlierDetectionHttpErrorCodes: [99, 600]}}",
        Outlier + ".outlierDetectionHttpErrorCodes[0]: Invalid value: \"99\": " + Outlier + ".outlierDetectionHttpErrorCodes[0] in body should be greater than or equal to 100",
        Outlier + ".outlierDetectionHttpErrorCodes[1]: Invalid value: \"600\": " + Outlier + ".outlierDetectionHttpErrorCodes[1] in body should be less than or equal to 599")]
    [InlineData(
        "{loadBalancer: {simple: RANDOM, consistentHash: {useSourceIp: true, httpHeaderName: x, ringHash: {}, maglev: {}}}}",
        Lb + ".consistentHash: Invalid value: \"object\": only one of httpHeaderName, useSourceIp can be set",
        Lb + ".consistentHash: Invalid value: \"object\": only one of ringHash, maglev can be set",
        Lb + ": Invalid value: \"object\": only one of simple, consistentHash can be set")]
    [InlineData(
        "{loadBalancer: {consistentHash: {httpCookie: {name: '', ttl: -1s, attributes: [{name: a}, {name: ''}, {name: a}]}, minimumRingSize: 8, ringHash: {}}}}",
        Lb + ".consistentHash.httpCookie.name: Required value",
        Lb + ".consistentHash.httpCookie.ttl: Invalid value: \"-1s\": must be a valid duration",
        Lb + ".consistentHash.httpCookie.attributes[1].name: Required value",
        Lb + ".consistentHash.httpCookie.attributes[2].name: Duplicate value: \"a\"",
        Lb + ".consistentHash: Invalid value: \"object\": only one of minimumRingSize, ringHash can be set")]
    [InlineData("{loadBalancer: {consistentHash: {maglev: {}}}}", Lb + ".consistentHash.maglev.tableSize: Required value: tableSize must be set for maglev")]
    [InlineData(
        "{loadBalancer: {consistentHash: {maglev: {tableSize: 1000}}}}",
        Lb + ".consistentHash.maglev.tableSize: Invalid value: 1000: tableSize must be a prime number for maglev")]
    [InlineData(
        "{loadBalancer: {consistentHash: {maglev: {tableSize: 5000011}}}}",
        Lb + ".consistentHash.maglev.tableSize: Invalid value: 5000011: tableSize must be less than 5000011 for maglev")]
    [InlineData("{loadBalancer: {warmup: {minimumPercent: 5}}}", Lb + ".warmup.duration: Required value")]
    [InlineData(
        "{loadBalancer: {warmup: {duration: 1us, aggression: 0}}}",
        Lb + ".warmup.duration: Invalid value: \"1us\": must be a valid duration greater than 1ms",
        Lb + ".warmup.aggression: Invalid value: 0: must be greater than 0")]
    [InlineData(
        "{loadBalancer: {warmup: {duration: 1s, minimumPercent: 150.5}}}",
        Lb + ".warmup.minimumPercent: Invalid value: \"150.5\": " + Lb + ".warmup.minimumPercent in body should be less than or equal to 100")]
    [InlineData(
        "{loadBalancer: {localityLbSetting: {}, zoneAwareLbSetting: {}}}",
        Lb + ": Invalid value: \"object\": only one of localityLbSetting, zoneAwareLbSetting can be set")]
    [InlineData(
        "{loadBalancer: {zoneAwareLbSetting: {failoverPriority: [topology.kubernetes.io/zone]}}, outlierDetection: {}}",
        Lb + ".zoneAwareLbSetting.failoverPriority[0]: Forbidden: topology.kubernetes.io/zone: regions, zones and subzones are ranked already")]
    public void Policy_Unsound_NamesEveryError(string policy, params string[] expected) => Verdict.Refuses(DestinationRule.Kind, Rule(policy), expected);

    private const string Locality = Lb + ".localityLbSetting";

    [Theory]
    [InlineData(
        "{distribute: [{from: a, to: {a: 100}}], failover: [{from: a, to: b}]}",
        Locality + ": Invalid value: \"object\": only one of distribute, failover can be set")]
    [InlineData(
        "{failover: [{from: a, to: a}, {from: a/b, to: '*'}], failoverPriority: [topology.kubernetes.io/region]}",
        Locality + ".failoverPriority[0]: Forbidden: topology.kubernetes.io/region: may not be set beside failover",
        Locality + ".failover[0]: Invalid value: \"object\": must specify different regions",
        Locality + ".failover[1].from: Invalid value: \"a/b\": must be a region, without zone or wildcard",
        Locality + ".failover[1].to: Invalid value: \"*\": must be a region, without zone or wildcard")]
    [InlineData(
        "{distribute: [{from: a, to: {a: 0, b: 101}}, {from: b, to: {a: 50}}, {from: c}]}",
        Locality + ".distribute[0].to[a]: Invalid value: 0: locality weight must be in range [1, 100]",
        Locality + ".distribute[0].to[b]: Invalid value: 101: locality weight must be in range [1, 100]",
        Locality + ".distribute[0].to: Invalid value: 101: total locality weight must be 100",
        Locality + ".distribute[1].to: Invalid value: 50: total locality weight must be 100",
        Locality + ".distribute[2].to: Invalid value: 0: total locality weight must be 100")]
    [InlineData(
        "{distribute: [{from: a, to: {a/b: 40, 'a/*': 40, 'a': 20}}, {from: a/b/c, to: {b: 100}}, {from: '*', to: {'*': 50, b: 50}}, {from: b, to: {b: 100}}]}",
        Locality + ".distribute[0].to[a]: Invalid value: \"a\": overlaps with another place",
        Locality + ".distribute[0].to[a/b]: Invalid value: \"a/b\": overlaps with another place",
        Locality + ".distribute[1].from: Invalid value: \"a/b/c\": overlaps with a place above",
        Locality + ".distribute[2].to[b]: Invalid value: \"b\": overlaps with another place",
        Locality + ".distribute[3].from: Invalid value: \"b\": overlaps with a place above")]
    [InlineData(
        "{distribute: [{from: 'a*', to: {'*/b': 50, a//b: 50}}, {from: /a, to: {a: 100}}, {to: {a/: 100}}]}",
        Locality + ".distribute[0].from: Invalid value: \"a*\": the only wildcard is a * that ends the place",
        Locality + ".distribute[0].to[*/b]: Invalid value: \"*/b\": the only wildcard is a * that ends the place",
        Locality + ".distribute[0].to[a//b]: Invalid value: \"a//b\": must not contain empty region/zone/subzone info",
        Locality + ".distribute[1].from: Invalid value: \"/a\": must not contain empty region/zone/subzone info",
        Locality + ".distribute[2].from: Invalid value: \"\": must not contain empty region/zone/subzone info",
        Locality + ".distribute[2].to[a/]: Invalid value: \"a/\": must not contain empty region/zone/subzone info")]
    public void Locality_Unsound_NamesEveryError(string setting, params string[] expected) =>
        Verdict.Refuses(DestinationRule.Kind, Rule($"{{loadBalancer: {{localityLbSetting: {setting}}}, outlierDetection: {{}}}}"), expected);

    [Theory]
    [InlineData("{loadBalancer: {simple: LEAST_CONN}}", Lb + ".simple: LEAST_CONN is deprecated: use LEAST_REQUEST")]
    [InlineData("{loadBalancer: {warmupDurationSecs: 1s}}", Lb + ".warmupDurationSecs is deprecated: use warmup.duration")]
    [InlineData("{loadBalancer: {warmupDurationSecs: 1s, warmup: {duration: 2s}}}", Lb + ".warmupDurationSecs is deprecated: use warmup.duration, which wins")]
    [InlineData(
        "{loadBalancer: {consistentHash: {useSourceIp: true, minimumRingSize: 8}}}",
        Lb + ".consistentHash.minimumRingSize is deprecated: use ringHash.minimumRingSize")]
    [InlineData(
        "{loadBalancer: {localityLbSetting: {failover: [{from: a, to: b}]}}}",
        Locality + ": failover has no effect without outlierDetection, which finds out who failed")]
    [InlineData(
        "{outlierDetection: {consecutiveErrors: 5}}",
        Outlier + ".consecutiveErrors is deprecated: use consecutiveGatewayErrors or consecutive5xxErrors")]
    public void Policy_Doubtful_IsAcceptedWithAWarning(string policy, params string[] expected) => Verdict.Warns(DestinationRule.Kind, Rule(policy), expected);

    private static string Rule(string policy) => $"{{host: a, trafficPolicy: {policy}}}";
}
