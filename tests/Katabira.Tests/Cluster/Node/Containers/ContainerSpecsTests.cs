using Katabira.Cluster.Node.Containers;
using Katabira.Cluster.Node.Images;
using Katabira.Net.Pods;
using Xunit;

namespace Katabira.Tests.Cluster.Node.Containers;

public class ContainerSpecsTests
{
    [Theory]
    [InlineData("{}", "/bin/shop serve")]
    [InlineData("{ command: [/bin/sh, -c] }", "/bin/sh -c")]
    [InlineData("{ args: [check, --all] }", "/bin/shop check --all")]
    [InlineData("{ command: [/bin/sh], args: [-c, 'true'] }", "/bin/sh -c true")]
    [InlineData("{ command: ['$(A)'], args: ['$$(A)', '$(NONE)'], env: [{ name: A, value: one }] }", "one $(A) $(NONE)")]
    public void Build_Command_IsThePodsOverTheImages(string container, string expected) => Assert.Equal(expected, string.Join(' ', Spec(Requests.Of(container)).Command));

    [Fact]
    public void Build_NothingToRun_IsRefused()
    {
        var request = Requests.Of("{}") with { Image = new CatalogImage { Name = "empty", Description = "" } };

        Assert.Equal(new ContainerRefusal("RunContainerError", "no command specified"), Refusal(request));
    }

    [Fact]
    public void Build_Container_TakesTheRestFromThePod()
    {
        var request = Requests.Of("{ workingDir: /tmp, tty: true, stdin: true, securityContext: { readOnlyRootFilesystem: true, allowPrivilegeEscalation: false } }") with
        {
            Attempt = 3,
            ControlGroups = ["/sys/fs/cgroup/x"],
        };

        var spec = Spec(request);

        Assert.Equal(("server", 3, "/tmp", "/logs/0.log"), (spec.Name, spec.Attempt, spec.WorkingFolder, spec.LogFile));
        Assert.True(spec is { Terminal: true, Input: true, ReadOnlyRoot: true, NoNewPrivileges: true });
        Assert.Equal(["/sys/fs/cgroup/x"], spec.ControlGroups);
        Assert.Contains("TERM=xterm", spec.Environment);
    }

    [Fact]
    public void Build_NothingSaid_IsTheImages()
    {
        var spec = Spec(Requests.Of("{}"));

        Assert.Equal("/shop", spec.WorkingFolder);
        Assert.True(spec is { Terminal: false, Input: false, ReadOnlyRoot: false, NoNewPrivileges: false, User: 1000, Group: 2000, Capabilities: null });
    }

    [Fact]
    public void Build_TwoMountsOfOneTarget_KeepsTheFirst()
    {
        var image = Requests.Image with { Mounts = [new() { Source = "/image", Target = "/data" }, new() { Source = "/program", Target = "/opt" }] };
        var request = Requests.Of("{}") with { Image = image, Mounts = [new() { Source = "/volume", Target = "/data/" }] };

        Assert.Equal(["/volume", "/program"], Spec(request).Mounts.Select(m => m.Source));
    }

    [Fact]
    public void Build_ZeroByte_IsRefused()
    {
        var request = Requests.Of("{ args: [a] }");
        request.Container["args"]![0] = "a\0b";

        Assert.Equal("RunContainerError", Refusal(request).Reason);
    }

    [Fact]
    public void Build_MoreThanAPodCanBeTold_IsRefused()
    {
        var request = Requests.Of("{ args: [a] }");
        request.Container["args"]![0] = new string('x', 200_000);

        var refusal = Refusal(request);

        Assert.StartsWith("argument list too long", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Build_LargestEnvironment_FitsIntoARequestToThePod()
    {
        var request = Requests.Of("{ args: [a] }");
        request.Container["args"]![0] = new string('\u0001', 158 << 10);

        Assert.True(PodSpecs.Write(Spec(request)).Length < PodFrameHeader.MostRequestBytes);
    }

    private static ContainerSpec Spec(ContainerRequest request)
    {
        var (spec, refusal) = ContainerSpecs.Build(request);
        Assert.Null(refusal);
        return spec!;
    }

    private static ContainerRefusal Refusal(ContainerRequest request)
    {
        var (spec, refusal) = ContainerSpecs.Build(request);
        Assert.Null(spec);
        return refusal!;
    }
}
