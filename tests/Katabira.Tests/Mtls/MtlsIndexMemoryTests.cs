using System.Globalization;
using Katabira.Model.Kinds;
using Katabira.Model.Mesh;
using Katabira.Model.Mtls;
using Katabira.Model.Resources;
using Xunit;
using static Katabira.Tests.Mtls.Given;

namespace Katabira.Tests.Mtls;

/// <summary>What the index keeps per workload, beyond the workload and its labels, must not grow unnoticed.</summary>
[Collection(nameof(MtlsIndexMemoryTests)), CollectionDefinition(nameof(MtlsIndexMemoryTests), DisableParallelization = true)]
public class MtlsIndexMemoryTests
{
    private const int LimitBytes = 1024;

    [Fact]
    public void Index_TenThousandWorkloads_KeepsLessThanOneKibibyteEach()
    {
        var policies = Enumerable.Range(0, 1000).Select(i => Policy(Name("ns", i % 200) + Name("/p", i), "STRICT", i < 200 ? null : Name("app=", i % 7), "8080:DISABLE")).ToList();
        var workloads = Enumerable.Range(0, 10_000).Select(i => Workload(Name("ns", i % 200) + Name("/w", i), Name("app=", i % 7))).ToList();
        // what other tests have left behind may be freed while we measure: the median of several looks does not care
        var kept = Enumerable.Range(0, 5).Select(_ => KeptPerWorkload(policies, workloads)).Order().ElementAt(2);
        Assert.InRange(kept, 1, LimitBytes);
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{kept} bytes a workload"));
    }

    private static long KeptPerWorkload(List<Resource<PeerAuthentication>> policies, List<Workload> workloads)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var index = new MtlsIndex(new MeshSettings());
        policies.ForEach(p => index.Apply(p));
        workloads.ForEach(w => index.Apply(w));
        var kept = (GC.GetTotalMemory(forceFullCollection: true) - before) / workloads.Count;
        GC.KeepAlive(index);
        return kept;
    }

    private static string Name(string prefix, int number) => string.Create(CultureInfo.InvariantCulture, $"{prefix}{number}");
}
