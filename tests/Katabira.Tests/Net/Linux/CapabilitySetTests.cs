using Katabira.Net.Linux;
using Xunit;

namespace Katabira.Tests.Net.Linux;

public class CapabilitySetTests
{
    [Theory]
    [InlineData("", 0, null)]
    [InlineData("CHOWN", 1, null)]
    [InlineData("CAP_NET_ADMIN NET_RAW", 0x3000, null)]
    [InlineData("net_bind_service", 0x400, null)]
    [InlineData("CHECKPOINT_RESTORE", 1L << 40, null)]
    [InlineData("ALL", (1L << 41) - 1, null)]
    [InlineData("FLY CHOWN SWIM", 1, "FLY")]
    public void Parse_Names_AreBits(string names, long bits, string? unknown)
    {
        var set = CapabilitySet.Parse(names.Split(' ', StringSplitOptions.RemoveEmptyEntries), out var stranger);

        Assert.Equal(((ulong)bits, unknown), (set.Bits, stranger));
    }

    [Fact]
    public void Names_OfASet_ParseBack()
    {
        Assert.Equal(0xa80425fbUL, CapabilitySet.OfContainers.Bits); // what /proc/self/status says in a container of Docker
        Assert.Equal(CapabilitySet.OfContainers, CapabilitySet.Parse(CapabilitySet.OfContainers.Names, out _));
        Assert.Equal(41, CapabilitySet.All.Names.Count);
    }

    [Theory]
    [InlineData("sh", "/usr/bin:/bin/", "/usr/bin/sh /bin/sh")]
    [InlineData("sh", "", "./sh")]
    [InlineData("sh", "/a::/b", "/a/sh ./sh /b/sh")]
    [InlineData("./sh", "/usr/bin", "./sh")]
    [InlineData("/bin/sh", "/usr/bin", "/bin/sh")]
    public void Candidates_OfACommand_FollowThePath(string command, string path, string expected) =>
        Assert.Equal(expected.Split(' '), ProcessImage.Candidates(command, path));

    [Fact]
    public void Error_OfACall_HasTheKernelsWords()
    {
        var error = Files.Open("/no/such/file", OpenHow.ReadOnly, 0, out var file);

        Assert.False(file.IsOpen);
        Assert.Equal(Errno.NotFound, error);
        Assert.Equal("No such file or directory", error.Text);
        Assert.Equal("read it: No such file or directory", Assert.Throws<LinuxException>(() => error.OrThrow("read it")).Message);
        Errno.None.OrThrow("nothing");
    }
}
