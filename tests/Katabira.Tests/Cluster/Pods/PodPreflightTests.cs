using Katabira.Cluster.Node;
using Xunit;

namespace Katabira.Tests.Cluster.Pods;

public class PodPreflightTests
{
    [Fact]
    public void Programs_SomeMissing_AreNamedWithOneCommandForAll()
    {
        var missing = PodPreflight.MissingPrograms(name => name is not ("ip" or "nft" or "nsenter"));

        Assert.Equal(
            ["this machine lacks ip, of the package iproute2", "this machine lacks nft, of the package nftables", "this machine lacks nsenter, of the package util-linux"],
            missing.Select(o => o.Message));
        Assert.Equal(["apt-get update && apt-get install -y iproute2 nftables util-linux"], missing.Select(o => o.Hint).Distinct());
        Assert.Empty(PodPreflight.MissingPrograms(_ => true));
    }

    [Theory]
    [InlineData("5.10.0-8-amd64\n", "pods need Linux 5.12, and this is 5.10.0-8-amd64")]
    [InlineData("4.19.0", "pods need Linux 5.12, and this is 4.19.0")]
    [InlineData("5.12.0", null)]
    [InlineData("5.15.167.4-microsoft-standard-WSL2", null)]
    [InlineData("6.1+deb", null)]
    [InlineData("10.0", null)]
    [InlineData("strange", null)]
    public void Kernel_Release_IsOldOrNot(string release, string? message) => Assert.Equal(message, PodPreflight.TooOld(release)?.Message);

    [Theory]
    [InlineData(0, "noise", null)]
    [InlineData(1, "unshare: unshare failed: Operation not permitted\n", "namespaces and mounts are forbidden here: unshare: unshare failed: Operation not permitted")]
    [InlineData(11, "RTNETLINK answers: Not supported\n", "this kernel does not make bridges: RTNETLINK answers: Not supported")]
    [InlineData(12, "a\nb\n", "this kernel does not make pairs of links: a; b")]
    [InlineData(13, "x", "this kernel does not translate addresses with nftables: x")]
    [InlineData(14, "x", "namespaces and mounts are forbidden here: x")]
    public void Trial_EndOfIt_IsAnObstacleOrNone(int exitCode, string errors, string? message)
    {
        var obstacle = PodPreflight.Refusal(exitCode, errors);

        Assert.Equal(message, obstacle?.Message);
        Assert.True(obstacle is null || obstacle.Hint.EndsWith("katabira cluster create --without-pods serves the API alone", StringComparison.Ordinal));
    }
}
