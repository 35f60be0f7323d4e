using Katabira.Cluster.Node.Volumes;
using Katabira.Tests.Cluster.Access;
using Xunit;

namespace Katabira.Tests.Cluster.Node.Volumes;

public sealed class SubPathsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _volume;

    public SubPathsTests()
    {
        _volume = Path.Combine(_folder.Path, "volume");
        Directory.CreateDirectory(Path.Combine(_volume, "real/deep"));
        File.WriteAllText(Path.Combine(_folder.Path, "secret"), "not yours");
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("real", "real")]
    [InlineData("real/deep", "real/deep")]
    [InlineData("./real//deep/", "real/deep")]
    [InlineData("link", "real")]
    [InlineData("link/deep", "real/deep")]
    [InlineData("real/deep/up", "real")]
    public void Resolve_PathInTheVolume_IsReal(string inner, string expected)
    {
        File.CreateSymbolicLink(Path.Combine(_volume, "link"), "real");
        File.CreateSymbolicLink(Path.Combine(_volume, "real/deep/up"), "../../link");

        Assert.Equal(Path.Combine(_volume, expected), SubPaths.Resolve(_volume, inner));
    }

    [Fact]
    public void Resolve_MissingPath_IsMadeAsTheVolumeIs()
    {
        File.SetUnixFileMode(_volume, (UnixFileMode)0b111_111_111);

        var path = SubPaths.Resolve(_volume, "new/deeper");

        Assert.True(Directory.Exists(path));
        Assert.Equal((UnixFileMode)0b111_111_111, File.GetUnixFileMode(path));
    }

    [Theory]
    [InlineData("../secret")]
    [InlineData("/etc/passwd")]
    [InlineData("real/../../secret")]
    [InlineData("out/secret")]
    [InlineData("absolute/passwd")]
    [InlineData("twice/secret")]
    [InlineData("loop")]
    public void Resolve_PathThatLeadsOut_IsRefused(string inner)
    {
        File.CreateSymbolicLink(Path.Combine(_volume, "out"), "..");
        File.CreateSymbolicLink(Path.Combine(_volume, "absolute"), "/etc");
        File.CreateSymbolicLink(Path.Combine(_volume, "twice"), "real/../out");
        File.CreateSymbolicLink(Path.Combine(_volume, "loop"), "loop");

        Assert.Throws<VolumeException>(() => SubPaths.Resolve(_volume, inner));
    }
}
