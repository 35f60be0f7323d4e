using Katabira.Model.Kinds;
using Katabira.Model.Mesh;
using Katabira.Model.Mtls;
using Katabira.Model.Resources;
using Xunit;
using static Katabira.Tests.Mtls.Given;

namespace Katabira.Tests.Mtls;

/// <summary>The composition cases of Istio's TestComposePeerAuthentication and TestInboundMTLSSettings, row by row, and what follows from them.</summary>
public class CompositionTests
{
    private static readonly MeshSettings s_mesh = new() { RootNamespace = "root" };
    private static readonly Workload s_foo = Workload("my-ns/foo", "app=foo,stage=prod");

    public static TheoryData<string, string, string> Compositions => new()
    {
        // name, policies (place mode [selector] [ports] [age]; …), expected mode
        { "no config", "", "PERMISSIVE" },
        { "mesh only", "root/d STRICT", "STRICT" },
        { "mesh with an empty selector, namespace", "root/d STRICT {}; my-ns/d PERMISSIVE", "PERMISSIVE" },
        { "ignore non-empty selector in root namespace", "root/d STRICT app=foo", "PERMISSIVE" },
        { "namespace and workload say nothing", "my-ns/d -; my-ns/w - app=foo", "PERMISSIVE" },
        { "workload vs mesh config", "root/d DISABLE; my-ns/d PERMISSIVE", "PERMISSIVE" },
        { "multiple mesh policies: the oldest, first by name on a tie", "root/now DISABLE; root/ago PERMISSIVE age=1; root/later STRICT age=1", "PERMISSIVE" },
        { "multiple namespace policies", "my-ns/now DISABLE; my-ns/ago PERMISSIVE age=1; my-ns/later STRICT age=1", "PERMISSIVE" },
        { "multiple workload policies", "my-ns/now DISABLE app=foo; my-ns/ago PERMISSIVE app=foo age=1; my-ns/later STRICT stage=prod age=1", "PERMISSIVE" },
        { "inheritance: default mesh", "root/d UNSET", "PERMISSIVE" },
        { "inheritance: mesh to workload", "root/d STRICT; my-ns/w - app=foo", "STRICT" },
        { "inheritance: namespace to workload", "my-ns/d STRICT; my-ns/w - app=foo", "STRICT" },
        { "inheritance: mesh to namespace to workload", "root/d STRICT; my-ns/d UNSET; my-ns/w - app=foo", "STRICT" },
        { "a namespace is stricter than the mesh", "root/d DISABLE; my-ns/d STRICT", "STRICT" },
        { "a workload is laxer than its namespace", "my-ns/d STRICT; my-ns/w DISABLE app=foo", "DISABLE" },
        { "another namespace does not matter", "other/d STRICT", "PERMISSIVE" },
        { "another workload does not matter", "my-ns/w STRICT app=bar", "PERMISSIVE" },
        { "every label must match", "my-ns/w STRICT app=foo,stage=dev", "PERMISSIVE" },
        { "an empty selector is none", "my-ns/d STRICT {}", "STRICT" },
        { "the oldest workload policy speaks alone, even if it says nothing", "root/d STRICT; my-ns/a UNSET app=foo age=1; my-ns/b DISABLE app=foo", "STRICT" },
    };

    [Theory, MemberData(nameof(Compositions))]
    public void Mode_OfWorkload_IsComposed(string name, string policies, string expected)
    {
        var ladder = World(policies).Explain(s_foo, null, s_mesh);
        Assert.True(Mode(expected) == ladder.Decision.Mode, $"{name}: {ladder.Decision}");
    }

    public static TheoryData<string, string, int, string> Ports => new()
    {
        { "port level: mesh STRICT", "root/d STRICT; my-ns/w - app=foo ports=80:DISABLE,90:UNSET,100:", 80, "DISABLE" },
        { "port level: UNSET inherits", "root/d STRICT; my-ns/w - app=foo ports=80:DISABLE,90:UNSET,100:", 90, "STRICT" },
        { "port level: an empty entry inherits", "root/d STRICT; my-ns/w - app=foo ports=80:DISABLE,90:UNSET,100:", 100, "STRICT" },
        { "port level: an unlisted port inherits", "root/d STRICT; my-ns/w - app=foo ports=80:DISABLE,90:UNSET,100:", 81, "STRICT" },
        { "inbound: no policy", "", 8080, "PERMISSIVE" },
        { "inbound: disable", "my-ns/d DISABLE", 8080, "DISABLE" },
        { "inbound: permissive", "my-ns/d PERMISSIVE", 8080, "PERMISSIVE" },
        { "inbound: strict", "my-ns/d STRICT", 8080, "STRICT" },
        { "inbound: multiple, the older STRICT", "my-ns/a STRICT app=foo age=1; my-ns/b DISABLE app=foo", 8080, "STRICT" },
        { "inbound: multiple, the older PERMISSIVE", "my-ns/a DISABLE app=foo; my-ns/b PERMISSIVE app=foo age=1", 8080, "PERMISSIVE" },
        { "inbound: port level hit", "my-ns/w DISABLE app=foo ports=8080:STRICT", 8080, "STRICT" },
        { "inbound: port level miss", "my-ns/w - app=foo ports=7070:STRICT", 8080, "PERMISSIVE" },
        { "ports of a younger policy do not count", "my-ns/a STRICT app=foo age=1; my-ns/b - app=foo ports=8080:DISABLE", 8080, "STRICT" },
        { "ports without a selector do not count", "my-ns/d STRICT ports=8080:DISABLE", 8080, "STRICT" },
        { "ports in the root namespace do not count", "root/d STRICT ports=8080:DISABLE", 8080, "STRICT" },
        { "a selector in the root namespace is ignored, ports and all", "root/d STRICT app=foo ports=8080:STRICT", 8080, "PERMISSIVE" },
    };

    [Theory, MemberData(nameof(Ports))]
    public void Mode_OfPort_IsComposed(string name, string policies, int port, string expected)
    {
        var ladder = World(policies).Explain(s_foo, (ushort)port, s_mesh);
        Assert.True(Mode(expected) == ladder.Decision.Mode, $"{name}: {ladder.Decision}");
    }

    [Fact]
    public void Oldest_Deleted_TheNextSpeaks()
    {
        var oldest = Policy("my-ns/a", "DISABLE", age: 1);
        var next = Policy("my-ns/b", "STRICT");
        Assert.Equal(EffectiveMode.Disable, new[] { oldest, next }.Explain(s_foo, null, s_mesh).Decision.Mode);
        Assert.Equal(EffectiveMode.Strict, new[] { next }.Explain(s_foo, null, s_mesh).Decision.Mode);
    }

    /// <summary>The fixtures of Istio's authentication_test.go: which policies speak for whom.</summary>
    [Theory]
    [InlineData("foo/x", "", "foo/default root/default", "STRICT")]
    [InlineData("foo/x", "app=httpbin,version=v1,other=labels", "foo/peer-with-selector foo/default root/default", "DISABLE")]
    [InlineData("foo/x", "app=httpbin", "foo/default root/default", "STRICT")]
    [InlineData("bar/x", "app=httpbin,version=v2", "root/default", "PERMISSIVE")]
    [InlineData("baz/x", "", "root/default", "PERMISSIVE")]
    public void Policies_OfWorkload_AreTheOldestOfEachScope(string workload, string labels, string speaking, string mode)
    {
        var ladder = World("""
            root/with-selector UNSET app=httpbin,version=v2 age=9; root/default UNSET age=8; root/newer STRICT age=7; root/newest DISABLE age=6;
            foo/default STRICT age=5; foo/newer DISABLE age=4; foo/peer-with-selector DISABLE version=v1 age=3
            """).Explain(Workload(workload, labels), null, s_mesh);
        Assert.Equal(Mode(mode), ladder.Decision.Mode);
        Assert.Equal(
            speaking.Split(' '),
            ladder.Rungs.Where(r => r.Policy is not null && r.Fate is Fate.Applied or Fate.Overridden or Fate.SaysNothing).Where(r => r.Policy is not null).Select(r => r.Policy!.ToString()));
    }

    /// <summary>Reads <c>ns/name MODE [selector] [ports=…] [age=N]; …</c>; <c>-</c> is no mode.</summary>
    private static Resource<PeerAuthentication>[] World(string text) =>
        [.. text.Split([';', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(line =>
        {
            var words = line.Split(' ');
            string? Option(string name) => words.FirstOrDefault(w => w.StartsWith(name, StringComparison.Ordinal))?[name.Length..];
            return Policy(
                words[0],
                words[1] == "-" ? "" : words[1],
                words.Skip(2).FirstOrDefault(w => !w.StartsWith("ports=", StringComparison.Ordinal) && !w.StartsWith("age=", StringComparison.Ordinal)),
                Option("ports="),
                int.Parse(Option("age=") ?? "0", System.Globalization.CultureInfo.InvariantCulture));
        })];
}
