using Katabira.Model.Mesh;
using Katabira.Model.Mtls;
using Katabira.Model.Resources;
using Xunit;
using static Katabira.Tests.Mtls.Given;

namespace Katabira.Tests.Mtls;

public class MtlsIndexTests
{
    private readonly MtlsIndex _index = new(new MeshSettings());

    public MtlsIndexTests()
    {
        foreach (var ns in new[] { "demo", "other" })
        {
            foreach (var app in new[] { "a", "b", "c" })
            {
                _index.Apply(Workload($"{ns}/{app}", $"app={app}"));
            }
        }
    }

    [Fact]
    public void NamespacePolicy_TouchesItsNamespaceAlone()
    {
        var before = _index.Evaluations;
        Assert.Equal(["demo/a", "demo/b", "demo/c"], Names(_index.Apply(Policy("demo/default", "STRICT"))));
        Assert.Equal(3, _index.Evaluations - before);
    }

    [Fact]
    public void WorkloadPolicy_TouchesTheSelectedAlone()
    {
        var before = _index.Evaluations;
        Assert.Equal(["demo/b"], Names(_index.Apply(Policy("demo/b", "STRICT", "app=b"))));
        Assert.Equal(1, _index.Evaluations - before);
    }

    [Fact]
    public void SelectorMoved_TouchesTheOldAndTheNew()
    {
        _index.Apply(Policy("demo/p", "STRICT", "app=a"));
        var before = _index.Evaluations;
        Assert.Equal(["demo/a", "demo/c"], Names(_index.Apply(Policy("demo/p", "STRICT", "app=c"))));
        Assert.Equal(2, _index.Evaluations - before);
    }

    [Fact]
    public void MeshPolicy_ChangesWhoeverHasNoNarrowerOne()
    {
        _index.Apply(Policy("demo/default", "PERMISSIVE"));
        Assert.Equal(["other/a", "other/b", "other/c"], Names(_index.Apply(Policy("istio-system/mesh-wide", "STRICT"))));
        Assert.Equal(["other/a", "other/b", "other/c"], Names(_index.RemovePolicy(new ObjectKey("istio-system", "mesh-wide"))));
    }

    [Fact]
    public void SelectorInRoot_TouchesNobody()
    {
        var before = _index.Evaluations;
        Assert.Empty(_index.Apply(Policy("istio-system/p", "STRICT", "app=a")));
        Assert.Equal(before, _index.Evaluations);
    }

    [Fact]
    public void SamePolicyAgain_ChangesNobody()
    {
        _index.Apply(Policy("demo/default", "STRICT"));
        Assert.Empty(_index.Apply(Policy("demo/default", "STRICT")));
    }

    [Fact]
    public void PortAdded_IsAChange()
    {
        _index.Apply(Policy("demo/a", "STRICT", "app=a"));
        Assert.Equal(["demo/a"], Names(_index.Apply(Policy("demo/a", "STRICT", "app=a", "8080:DISABLE"))));
        Assert.Equal(EffectiveMode.Disable, _index.Find(new ObjectKey("demo", "a"))!.Value.ForPort(8080).Mode);
    }

    [Fact]
    public void Unknown_IsNothing()
    {
        Assert.Null(_index.Find(new ObjectKey("demo", "nobody")));
        Assert.Null(_index.Explain(new ObjectKey("nowhere", "nobody"), null));
        Assert.Empty(_index.RemovePolicy(new ObjectKey("demo", "nothing")));
        _index.RemoveWorkload(new ObjectKey("demo", "nobody"));
        _index.RemoveWorkload(new ObjectKey("demo", "a"));
        Assert.Equal(["demo/b", "demo/c"], Names(_index.Apply(Policy("demo/default", "STRICT"))));
    }

    private static IEnumerable<string> Names(IEnumerable<ObjectKey> keys) => keys.Select(k => k.ToString()).Order(StringComparer.Ordinal);
}
