using System.Globalization;
using Katabira.Model.Mesh;
using Katabira.Model.Mtls;
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
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var index = new MtlsIndex(new MeshSettings());
        policies.ForEach(p => index.Apply(p));
        workloads.ForEach(w => index.Apply(w));
        var kept = (GC.GetTotalMemory(forceFullCollection: true) - before) / workloads.Count;
        GC.KeepAlive(index);
        GC.KeepAlive(policies);
        Assert.InRange(kept, 1, LimitBytes);
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{kept} bytes a workload"));
    }

    private static string Name(string prefix, int number) => string.Create(CultureInfo.InvariantCulture, $"{prefix}{number}");
}
