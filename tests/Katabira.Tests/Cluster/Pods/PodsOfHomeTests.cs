using Katabira.Cluster.Node;
using Xunit;

namespace Katabira.Tests.Cluster.Pods;

public class PodsOfHomeTests
{
    [Theory]
    [InlineData("katabira-pod|supervise|/h/cluster/data/pods/a|/h/s/a|", "/h/cluster/data/pods/a /h/s/a")]
    [InlineData("katabira-pod|supervise|/h2/pods/a|/h2/s|", null)] // another home whose name begins alike
    [InlineData("katabira-pod|supervise|/h|/s|", null)]
    [InlineData("katabira-pod|container|/h/pods/a|2|", null)]
    [InlineData("katabira-pod|supervise|", null)]
    [InlineData("less|katabira-pod|supervise|/h/pods/a|/h/s|", null)]
    [InlineData("", null)] // a process of the kernel, or one that waits to be collected
    public void PodOf_CommandLine_IsAPodOfTheHomeOrNot(string line, string? expected) =>
        Assert.Equal(expected, PodsOfHome.PodOf(line.Replace('|', '\0'), "/h") is { } pod ? $"{pod.Folder} {pod.Socket}" : null);

    [Fact]
    public void MountsBelow_AFolder_AreThoseInsideInnermostFirst()
    {
        const string Mounts = """
            22 1 0:20 / / rw - overlay overlay rw
            23 22 0:21 / /h rw - tmpfs tmpfs rw
            24 22 0:22 / /h2/x rw - tmpfs tmpfs rw
            25 22 0:23 / /h/pods/a\040b rw,nosuid shared:1 - tmpfs none rw
            26 25 0:24 / /h/pods/a\040b/c rw - tmpfs none rw
            nonsense
            """;

        Assert.Equal(["/h/pods/a b/c", "/h/pods/a b"], PodsOfHome.MountsBelow(Mounts, "/h"));
    }
}
