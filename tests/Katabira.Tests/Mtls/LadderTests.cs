using Katabira.Model.Mtls;
using Xunit;
using static Katabira.Tests.Mtls.Given;

namespace Katabira.Tests.Mtls;

public class LadderTests
{
    [Fact]
    public void Ladder_NoPolicy_NamesTheDefault()
    {
        var ladder = Array.Empty<Katabira.Model.Resources.Resource<Katabira.Model.Kinds.PeerAuthentication>>().Explain(Workload("demo/x"));
        Assert.Equal(["Default - PERMISSIVE Applied"], ladder.Lines());
        Assert.Null(ladder.Decision.Winner);
    }

    [Fact]
    public void Ladder_EveryFate_StandsOnItsRung()
    {
        var ladder = new[]
        {
            Policy("istio-system/mesh-wide", "PERMISSIVE", age: 100),
            Policy("istio-system/second", "STRICT", age: 50),
            Policy("istio-system/selective", "STRICT", "app=frontend", age: 200),
            Policy("demo/default", "UNSET", age: 90),
            Policy("demo/frontend", "STRICT", "app=frontend", "8080:DISABLE,9090:UNSET", age: 80),
            Policy("demo/frontend-2", "DISABLE", "app=frontend", age: 10),
            Policy("demo/cart", "STRICT", "app=cart", age: 300),
            Policy("other/default", "STRICT", age: 300),
        }.Explain(Workload("demo/frontend-x", "app=frontend"), 8080);

        Assert.Equal(
            [
                "Port demo/frontend DISABLE Applied",
                "Workload demo/cart STRICT SelectsOthers",
                "Workload demo/frontend STRICT Overridden",
                "Workload demo/frontend-2 DISABLE Shadowed",
                "Namespace demo/default - SaysNothing",
                "Mesh istio-system/selective STRICT IgnoredInRoot",
                "Mesh istio-system/mesh-wide PERMISSIVE Overridden",
                "Mesh istio-system/second STRICT Shadowed",
                "Default - PERMISSIVE Overridden",
            ],
            ladder.Lines());
        Assert.Equal("demo/frontend", ladder.Decision.Winner!.ToString());
    }

    [Theory]
    [InlineData(8080, "Port demo/frontend DISABLE Applied", "applied: it says DISABLE for port 8080")]
    [InlineData(9090, "Port demo/frontend - SaysNothing", "lists port 9090 without a mode: the policy's own mode decides, else a wider one")]
    [InlineData(7070, "Port demo/frontend - PortNotListed", "port 7070 is not listed")]
    public void Ladder_PortOfPolicy_SaysWhatBecameOfIt(int port, string line, string words)
    {
        var ladder = new[] { Policy("demo/frontend", "STRICT", "app=frontend", "8080:DISABLE,9090:UNSET") }
            .Explain(Workload("demo/x", "app=frontend"), (ushort)port);
        Assert.Equal(line, ladder.Lines().First());
        Assert.Equal(words, ladder.Rungs[0].Words);
    }

    [Fact]
    public void Ladder_PortsWithoutSelector_SaysThatTheyDoNotCount()
    {
        var ladder = new[] { Policy("demo/default", "STRICT", ports: "8080:DISABLE") }.Explain(Workload("demo/x"), 8080);
        Assert.Equal(["Port demo/default DISABLE PortsWithoutSelector", "Namespace demo/default STRICT Applied", "Default - PERMISSIVE Overridden"], ladder.Lines());
    }

    [Theory]
    [InlineData("demo/a", 10, "shadowed: demo/a is older, and only the oldest policy of a namespace counts")]
    [InlineData("demo/a", 0, "shadowed: demo/a is as old and comes first by name, and only one policy of a namespace counts")]
    public void Ladder_Shadowed_NamesTheOlderPolicyAndWhy(string older, int age, string words)
    {
        var ladder = new[] { Policy(older, "STRICT", age: age), Policy("demo/b", "DISABLE") }.Explain(Workload("demo/x"));
        Assert.Equal(words, ladder.Rungs.Single(r => r.Fate == Fate.Shadowed).Words);
    }

    [Theory]
    [InlineData("app=cart", "selects other workloads: it wants app=frontend, this one has app=cart")]
    [InlineData("tier=web", "selects other workloads: it wants app=frontend, this one has no label app")]
    public void Ladder_SelectsOthers_NamesTheLabel(string labels, string words)
    {
        var ladder = new[] { Policy("demo/frontend", "STRICT", "app=frontend") }.Explain(Workload("demo/x", labels));
        Assert.Equal(words, ladder.Rungs[0].Words);
    }

    [Fact]
    public void Ladder_SelectorInRoot_SaysWhatToDo()
    {
        var ladder = new[] { Policy("istio-system/frontend", "STRICT", "app=frontend") }.Explain(Workload("demo/x", "app=frontend"));
        Assert.Equal("ignored: it has a selector in the root namespace istio-system; move it to the namespace of the workloads it means", ladder.Rungs[0].Words);
        Assert.Equal(EffectiveMode.Permissive, ladder.Decision.Mode);
    }

    [Fact]
    public void Ladder_Overridden_NamesTheNarrowerPolicy()
    {
        var ladder = new[] { Policy("istio-system/mesh-wide", "STRICT"), Policy("demo/lax", "PERMISSIVE") }.Explain(Workload("demo/x"));
        Assert.Equal("overridden by demo/lax, which is narrower", ladder.Rungs.Single(r => r.Level == RungLevel.Mesh).Words);
    }
}
