using Katabira.Cluster.Node.Images;
using Xunit;

namespace Katabira.Tests.Cluster.Node.Images;

public class PackageListTests
{
    private const string Simulation = """
        Reading package lists...
        The following NEW packages will be installed:
          liblzf1 redis-server redis-tools
        Inst liblzf1 (3.6-3 Debian:12.15/oldstable [amd64])
        Inst redis-tools (5:7.0.15-1~deb12u10 Debian-Security:12/oldstable-security [amd64])
        Inst redis-server (5:7.0.15-1~deb12u10 Debian-Security:12/oldstable-security [amd64])
        Conf liblzf1 (3.6-3 Debian:12.15/oldstable [amd64])
        """;

    [Fact]
    public void Needed_Simulation_IsThePackageAndWhatTheMachineLacks() => Assert.Equal(["redis-server", "liblzf1", "redis-tools"], PackageList.Needed("redis-server", Simulation));

    [Fact]
    public void Needed_NothingToInstall_IsThePackage() => Assert.Equal(["redis-server"], PackageList.Needed("redis-server", "redis-server is already the newest version.\n"));

    [Fact]
    public void Needed_HalfADistribution_IsRefused() =>
        Assert.Throws<PackageException>(() => PackageList.Needed("x", string.Join('\n', Enumerable.Range(0, 100).Select(i => $"Inst p{i} (1)"))));
}
