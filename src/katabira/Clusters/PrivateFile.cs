using Katabira.Cluster.Node;

namespace Katabira.Cli.Clusters;

/// <summary>Files for their owner only, that are never seen half written. What root writes is the folder's owner's.</summary>
internal static class PrivateFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Puts a file in the place of what was there, whole and on the disk, with mode 0600.</summary>
    public static void Write(string path, string text)
    {
        var next = $"{path}.{Guid.NewGuid():n}";
        try
        {
            using (var stream = new FileStream(next, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = OwnerOnly,
            }))
            {
                stream.Write(System.Text.Encoding.UTF8.GetBytes(text));
                stream.Flush(flushToDisk: true);
            }
            PodFileOwner.FollowFolder(next);
            File.Move(next, path, overwrite: true);
        }
        catch
        {
            File.Delete(next);
            throw;
        }
    }

    /// <summary>The text of a file; null if there is none.</summary>
    public static string? ReadIfThere(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}
