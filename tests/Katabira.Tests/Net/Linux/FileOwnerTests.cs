using Katabira.Cluster.Node;
using Katabira.Net.Linux;
using Xunit;

namespace Katabira.Tests.Net.Linux;

public sealed class FileOwnerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("katabira-owner").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Of_APathThatIsNotThere_IsAnError() => Assert.Equal(Errno.NotFound, FileOwner.Of(_folder + "/none", out _));

    [Fact]
    public void FollowFolder_AFile_IsTheFoldersOwners()
    {
        var (file, link) = (_folder + "/file", _folder + "/link");
        File.WriteAllText(file, "");
        File.CreateSymbolicLink(link, "/etc/passwd");
        var person = Environment.IsPrivilegedProcess ? new FileOwner(65534, 65533) : Of(_folder);
        person.Take(_folder).OrThrow("give the folder away");

        PodFileOwner.FollowFolder(file);
        PodFileOwner.FollowFolder(link);

        Assert.Equal(person, Of(file));
        Assert.Equal(person, Of(link));
        Assert.Equal(new FileOwner(0, 0), Of("/etc/passwd")); // a link gives nothing away but itself
    }

    private static FileOwner Of(string path)
    {
        FileOwner.Of(path, out var owner).OrThrow($"find the owner of {path}");
        return owner;
    }
}
