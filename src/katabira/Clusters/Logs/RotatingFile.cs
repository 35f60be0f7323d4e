using System.Text;
using Katabira.Cluster.Node;

namespace Katabira.Cli.Clusters.Logs;

/// <summary>A file that never grows beyond a size: it becomes <c>NAME.1</c>, in the place of an earlier one, and begins anew. Safe for any thread.</summary>
/// <remarks>A line that was given is with the operating system when <see cref="Append"/> returns: the end of the process loses none.</remarks>
/// <param name="path">The file.</param>
/// <param name="mostBytes">How large one file may become. The two together take twice that.</param>
internal sealed class RotatingFile(string path, long mostBytes = RotatingFile.DefaultMostBytes) : IDisposable
{
    public const long DefaultMostBytes = 10 << 20;

    private readonly Lock _lock = new();
    private FileStream? _file;
    private long _lost;
    private bool _disposed;

    /// <summary>The file that holds what was said before.</summary>
    public static string OlderOf(string path) => path + ".1";

    /// <summary>Appends a line. A disk that takes none does not stop whoever logs: lines that were lost are counted, and the count is told when the disk is back.</summary>
    /// <param name="line">With its line end.</param>
    public void Append(string line)
    {
        lock (_lock)
        {
            if (_disposed)
            {
                return;
            }
            try
            {
                if (_lost > 0)
                {
                    Write($"({_lost} lines were lost here: the disk took none)\n");
                    _lost = 0;
                }
                Write(line);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                _lost++;
                _file?.Dispose();
                _file = null;
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            _file?.Dispose();
        }
    }

    private void Write(string line)
    {
        var bytes = Encoding.UTF8.GetBytes(line);
        _file ??= Open();
        if (_file.Length > 0 && _file.Length + bytes.Length > mostBytes)
        {
            _file.Dispose();
            _file = null;
            File.Move(path, OlderOf(path), overwrite: true);
            _file = Open();
        }
        _file.Write(bytes);
    }

    private FileStream Open()
    {
        var file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.Append,
            Access = FileAccess.Write,
            Share = FileShare.ReadWrite | FileShare.Delete,
            BufferSize = 0,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        PodFileOwner.FollowFolder(path);
        return file;
    }
}
