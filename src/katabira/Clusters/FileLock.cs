using Katabira.Cluster.Node;

namespace Katabira.Cli.Clusters;

/// <summary>A lock that ends with the process that holds it, whatever becomes of it: <c>flock</c> on a file.</summary>
internal sealed class FileLock : IDisposable
{
    /// <summary>EWOULDBLOCK: the runtime takes a file that is open for nobody else with flock, and reports what flock answers.</summary>
    private const int WouldBlock = 11;

    private readonly FileStream _file;

    private FileLock(FileStream file) => _file = file;

    /// <summary>Takes the lock if it is free; null if somebody holds it. Never waits.</summary>
    public static FileLock? TryTake(string path)
    {
        while (true)
        {
            FileStream file;
            try
            {
                file = new FileStream(path, new FileStreamOptions
                {
                    Mode = FileMode.OpenOrCreate,
                    Access = FileAccess.ReadWrite,
                    Share = FileShare.None,
                    UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
                });
            }
            catch (IOException e) when (e.HResult == WouldBlock)
            {
                return null;
            }
            if (!WasRemoved(file))
            {
                PodFileOwner.FollowFolder(path);
                return new(file);
            }
            // Whoever held it removed the file between our open and our flock: this lock locks nothing any more.
            file.Dispose();
        }
    }

    public void Dispose() => _file.Dispose();

    private static bool WasRemoved(FileStream file) =>
        new FileInfo($"/proc/self/fd/{file.SafeFileHandle.DangerousGetHandle()}").LinkTarget?.EndsWith(" (deleted)", StringComparison.Ordinal) == true;
}
