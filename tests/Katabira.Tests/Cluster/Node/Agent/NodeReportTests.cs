using System.Text.Json.Nodes;
using Katabira.Cluster.Node.Agent;
using Xunit;

namespace Katabira.Tests.Cluster.Node.Agent;

/// <summary>What the node says about itself and its machine.</summary>
public sealed class NodeReportTests
{
    private static readonly DateTimeOffset s_now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly MachineFacts s_machine = new()
    {
        HostName = "laptop",
        Processors = 8,
        MemoryKibibytes = 1000,
        DiskKibibytes = 2000,
        Kernel = "6.18",
        OsImage = "Debian",
        MachineId = "m",
        BootId = "b",
        Architecture = "amd64",
    };

    [Fact]
    public void Status_OfAMachineWithPods_IsReady()
    {
        var status = NodeReport.Status(null, "n", s_machine, "v1.33.0", "", s_now);

        Assert.Equal("MemoryPressure=False DiskPressure=False PIDPressure=False Ready=True", Conditions(status));
        Assert.Equal(("8", "1000Ki", "10.244.0.1"), ((string?)status["capacity"]!["cpu"], (string?)status["allocatable"]!["memory"], (string?)status["addresses"]![0]!["address"]));
    }

    [Fact]
    public void Status_OfAMachineWithout_SaysWhyAndSinceWhen()
    {
        var ready = NodeReport.Status(null, "n", s_machine, "v1.33.0", "", s_now);
        var broken = NodeReport.Status(ready, "n", s_machine, "v1.33.0", "pods need root", s_now.AddHours(1));
        var later = NodeReport.Status(broken, "n", s_machine, "v1.33.0", "pods need root", s_now.AddHours(2));

        Assert.Equal(("False", "KubeletNotReady", "pods need root", "2026-01-01T01:00:00Z"), Ready(broken));
        Assert.Equal(Ready(broken), Ready(later));
    }

    [Theory]
    [InlineData("", 1)]
    [InlineData("pods need root", 2)]
    public void Describe_OfANodeThatSomebodyHasMarked_KeepsTheirMarks(string whyNot, int taints)
    {
        var node = NodeReport.New("n");
        node["metadata"]!["labels"] = new JsonObject { ["mine"] = "yes" };
        node["spec"]!["taints"] = new JsonArray(new JsonObject { ["key"] = "mine", ["effect"] = "NoSchedule" });

        NodeReport.Describe(node, s_machine, "another reason");
        NodeReport.Describe(node, s_machine, whyNot);

        Assert.Equal(("yes", "n", "amd64"), ((string?)node["metadata"]!["labels"]!["mine"], (string?)node["metadata"]!["labels"]!["kubernetes.io/hostname"],
            (string?)node["metadata"]!["labels"]!["kubernetes.io/arch"]));
        Assert.Equal(taints, node["spec"]!["taints"]!.AsArray().Count);
    }

    [Theory]
    [InlineData("MemTotal:       16384256 kB", 16384256)]
    [InlineData("MemFree: 1 kB", 0)]
    [InlineData("MemTotal: nonsense", 0)]
    public void MemoryOf_Lines_IsTheTotal(string line, long kibibytes) => Assert.Equal(kibibytes, MachineFacts.MemoryOf(["First: 1 kB", line]));

    [Theory]
    [InlineData("PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"", "Debian GNU/Linux 12 (bookworm)")]
    [InlineData("NAME=x", "Linux")]
    public void OsOf_Lines_IsTheFullName(string line, string name) => Assert.Equal(name, MachineFacts.OsOf([line]));

    [Theory]
    [InlineData(63, true)]
    [InlineData(64, false)]
    public void WhyUnusable_OfAHome_CountsTheSocketsPath(int length, bool isUsable) => Assert.Equal(isUsable, PodFolder.WhyUnusable("/" + new string('h', length - 1)) is null);

    private static string Conditions(JsonObject status) => string.Join(' ', status["conditions"]!.AsArray().Select(c => $"{c!["type"]}={c["status"]}"));

    private static (string?, string?, string?, string?) Ready(JsonObject status)
    {
        var ready = status["conditions"]!.AsArray().First(c => (string?)c!["type"] == "Ready")!;
        return ((string?)ready["status"], (string?)ready["reason"], (string?)ready["message"], (string?)ready["lastTransitionTime"]);
    }
}
