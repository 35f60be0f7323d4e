using System.Collections.Immutable;
using CsCheck;
using Katabira.Model.Kinds;
using Katabira.Model.Mesh;
using Katabira.Model.Resources;

namespace Katabira.Tests.Mtls;

/// <summary>Random meshes, small enough that policies do meet: few namespaces, names, labels, ports and ages.</summary>
internal static class Meshes
{
    private static readonly Gen<string> s_namespace = Among("istio-system", "demo", "other");
    private static readonly Gen<string> s_mode = Among("", "UNSET", "DISABLE", "PERMISSIVE", "STRICT");
    private static readonly Gen<string> s_labels = Among("app=a", "app=b", "app=a,tier=x", "tier=x", "tier=y");
    private static readonly Gen<string?> s_selector = Gen.OneOf(Among([(string?)null]), Among<string?>("{}"), s_labels.Select(l => (string?)l));
    private static readonly Gen<string?> s_ports = Gen.OneOf(
        Among([(string?)null]),
        s_mode.Select(m => (string?)$"80:{m}"),
        Gen.Select(s_mode, s_mode, (a, b) => (string?)$"80:{a},8080:{b}"));

    private static readonly Gen<Resource<PeerAuthentication>> s_policy =
        Gen.Select(s_namespace, Among("p", "q", "r", "s"), s_mode, s_selector, s_ports, Gen.Int[0, 3])
            .Select((ns, name, mode, selector, ports, age) => Given.Policy($"{ns}/{name}", mode, selector, ports, age));

    /// <summary>A workload of one of the namespaces.</summary>
    public static Gen<Workload> Workloads { get; } =
        Gen.Select(s_namespace, Among("w1", "w2", "w3"), Gen.OneOf(Among(""), s_labels), (ns, name, labels) => Given.Workload($"{ns}/{name}", labels));

    /// <summary>Policies with different keys, one workload, and a port or none.</summary>
    public static Gen<World> Worlds { get; } =
        Gen.Select(s_policy.Array[0, 8], Workloads, Among<ushort?>(null, 80, 8080), (policies, workload, port) =>
            new World([.. policies.DistinctBy(p => p.Key)], workload, port));

    /// <summary>The same policy with every mode it sets raised to STRICT.</summary>
    public static Resource<PeerAuthentication> Stricter(Resource<PeerAuthentication> policy) => policy with
    {
        Spec = policy.Spec with
        {
            Mtls = Raise(policy.Spec.Mtls),
            PortLevelMtls = policy.Spec.PortLevelMtls?.ToDictionary(p => p.Key, p => Raise(p.Value)!),
        },
    };

    /// <summary>One of the values.</summary>
    public static Gen<T> Among<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static MutualTls? Raise(MutualTls? mtls) =>
        mtls?.Mode is null or MutualTlsMode.Unset ? mtls : mtls with { Mode = MutualTlsMode.Strict };

    internal sealed record World(ImmutableArray<Resource<PeerAuthentication>> Policies, Workload Workload, ushort? Port);
}
