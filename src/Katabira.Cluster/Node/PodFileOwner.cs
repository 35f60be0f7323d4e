using Katabira.Net.Linux;

namespace Katabira.Cluster.Node;

/// <summary>Files that root writes into somebody's home for that person to read.</summary>
public static class PodFileOwner
{
    /// <summary>Gives a file to whoever owns the folder it is in. For others than root, whose files they are anyway, it does nothing.</summary>
    /// <exception cref="IOException">The file system does not know owners.</exception>
    public static void FollowFolder(string path)
    {
        if (!Environment.IsPrivilegedProcess || Path.GetDirectoryName(path) is not { } folder)
        {
            return;
        }
        FileOwner.Of(folder, out var owner).OrThrow($"find the owner of {folder}");
        if (FileOwner.Of(path, out var now).IsError || now != owner)
        {
            owner.Take(path).OrThrow($"give {path} to the owner of its folder");
        }
    }
}
