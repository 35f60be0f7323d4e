using System.Globalization;
using BenchmarkDotNet.Attributes;
using Katabira.Model.Kinds;
using Katabira.Model.Mesh;
using Katabira.Model.Mtls;
using Katabira.Model.Resources;

namespace Katabira.Benchmarks.Model;

/// <summary>A large mesh: 10,000 workloads in 200 namespaces, 1,000 policies. One core, no I/O.</summary>
/// <remarks>Limits: full evaluation 1 s; one policy change in a namespace of 50 workloads 1 ms.</remarks>
public class MtlsBenchmarks
{
    private readonly MeshSettings _settings = new();
    private LargeMesh _mesh = null!;
    private MtlsIndex _index = null!;
    private bool _strict;

    /// <summary>Builds the mesh once.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _mesh = LargeMesh.Create();
        _index = _mesh.Load(_settings);
    }

    /// <summary>From nothing: every policy compiled, every workload evaluated, on all of its ports.</summary>
    [Benchmark(Description = "full evaluation, 10,000 workloads, 1,000 policies")]
    public int FullEvaluation()
    {
        var index = _mesh.Load(_settings);
        var strict = 0;
        foreach (var workload in _mesh.Workloads)
        {
            var answer = index.Find(workload.Key)!.Value;
            strict += answer.Mode.Mode == EffectiveMode.Strict ? 1 : 0;
            strict += answer.ForPort(8080).Mode == EffectiveMode.Strict ? 1 : 0;
        }
        return strict;
    }

    /// <summary>The namespace's own policy flips between STRICT and PERMISSIVE: 50 workloads are looked at.</summary>
    [Benchmark(Description = "one policy change, namespace of 50 workloads")]
    public int OnePolicyChange()
    {
        _strict = !_strict;
        return _index.Apply(LargeMesh.NamespacePolicy("ns-0", _strict ? MutualTlsMode.Strict : MutualTlsMode.Permissive)).Length;
    }

    /// <summary>The policy of the mesh flips: every workload is looked at.</summary>
    [Benchmark(Description = "mesh policy change, 10,000 workloads")]
    public int MeshPolicyChange()
    {
        _strict = !_strict;
        return _index.Apply(LargeMesh.NamespacePolicy("istio-system", _strict ? MutualTlsMode.Strict : MutualTlsMode.Permissive)).Length;
    }

    /// <summary>The whole story of one port, as the console asks for it.</summary>
    [Benchmark(Description = "ladder of one port")]
    public int Explain() => _index.Explain(_mesh.Workloads[0].Key, 8080)!.Rungs.Length;
}

/// <summary>The mesh of the benchmark and of the memory test: the same numbers, the same shapes.</summary>
public sealed class LargeMesh
{
    private const int Namespaces = 200;
    private const int WorkloadsPerNamespace = 50;
    private const int PoliciesPerNamespace = 5;

    private static readonly DateTimeOffset s_start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private LargeMesh(IReadOnlyList<Workload> workloads, IReadOnlyList<Resource<PeerAuthentication>> policies)
    {
        Workloads = workloads;
        Policies = policies;
    }

    /// <summary>10,000 workloads with five labels each.</summary>
    public IReadOnlyList<Workload> Workloads { get; }

    /// <summary>Per namespace one policy for all and four for some, two of them with ports.</summary>
    public IReadOnlyList<Resource<PeerAuthentication>> Policies { get; }

    /// <summary>Always the same mesh.</summary>
    public static LargeMesh Create()
    {
        var workloads = new List<Workload>();
        var policies = new List<Resource<PeerAuthentication>>();
        for (var n = 0; n < Namespaces; n++)
        {
            for (var w = 0; w < WorkloadsPerNamespace; w++)
            {
                workloads.Add(new Workload(new ObjectKey(Name("ns", n), Name("workload", w)), Labels(w)));
            }
            for (var p = 0; p < PoliciesPerNamespace; p++)
            {
                policies.Add(Policy(n, p));
            }
        }
        return new(workloads, policies);
    }

    /// <summary>An index with everything in it.</summary>
    public MtlsIndex Load(MeshSettings settings)
    {
        var index = new MtlsIndex(settings);
        foreach (var policy in Policies)
        {
            index.Apply(policy);
        }
        foreach (var workload in Workloads)
        {
            index.Apply(workload);
        }
        return index;
    }

    /// <summary>What the index keeps for each workload, beyond the workload and its labels.</summary>
    internal static Row KeptPerWorkload()
    {
        var mesh = Create();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var index = mesh.Load(new MeshSettings());
        var kept = (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)mesh.Workloads.Count;
        GC.KeepAlive(index);
        GC.KeepAlive(mesh);
        return new("index of 10,000 workloads", "kept per workload", kept, "bytes") { Limit = 1024 };
    }

    /// <summary>The policy of a whole namespace.</summary>
    public static Resource<PeerAuthentication> NamespacePolicy(string ns, MutualTlsMode mode) => new()
    {
        Metadata = new ObjectMeta { Namespace = ns, Name = "policy-0", CreationTimestamp = s_start },
        Spec = new PeerAuthentication { Mtls = new MutualTls { Mode = mode } },
    };

    private static Resource<PeerAuthentication> Policy(int ns, int index) => new()
    {
        Metadata = new ObjectMeta { Namespace = Name("ns", ns), Name = Name("policy", index), CreationTimestamp = s_start.AddSeconds(index) },
        Spec = new PeerAuthentication
        {
            Selector = index == 0 ? null : new WorkloadSelector { MatchLabels = new Dictionary<string, string> { ["app"] = Name("app", index) } },
            Mtls = new MutualTls { Mode = (MutualTlsMode)(index % 4) },
            PortLevelMtls = index % 2 == 0 ? null : new Dictionary<string, MutualTls> { ["8080"] = new() { Mode = MutualTlsMode.Strict } },
        },
    };

    private static Dictionary<string, string> Labels(int workload) => new()
    {
        ["app"] = Name("app", workload % 10),
        ["version"] = Name("v", workload % 3),
        ["pod-template-hash"] = Name("hash", workload),
        ["security.istio.io/tlsMode"] = "istio",
        ["service.istio.io/canonical-name"] = Name("app", workload % 10),
    };

    private static string Name(string prefix, int number) => string.Create(CultureInfo.InvariantCulture, $"{prefix}-{number}");
}
