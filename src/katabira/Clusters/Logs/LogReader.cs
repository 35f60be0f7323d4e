using System.Text;
using System.Threading.Channels;

namespace Katabira.Cli.Clusters.Logs;

/// <summary>Reads a log that <see cref="RotatingFile"/> writes, while it is being written.</summary>
/// <param name="path">The newer of the two files.</param>
internal sealed class LogReader(string path)
{
    /// <summary>Copies what there is, the older file first.</summary>
    /// <param name="to">Takes the lines.</param>
    /// <param name="tail">How many lines at most, the last ones; null for all.</param>
    /// <param name="follow">Whether to go on with what comes, through any number of rotations, until cancelled.</param>
    public async Task CopyAsync(TextWriter to, int? tail, bool follow, CancellationToken cancellation)
    {
        // Watching begins before reading, so that what is written in between is not missed.
        using var changes = follow ? new Changes(path) : null;
        await WriteAsync(to, Lines(RotatingFile.OlderOf(path)), OpenIfThere() is { } file ? new Follower(file) : null, tail, changes, cancellation);
    }

    /// <summary>The last lines of a file from an offset on, for a message.</summary>
    public static IReadOnlyList<string> Since(string path, long offset, int most)
    {
        using var file = OpenIfThere(path);
        if (file is null)
        {
            return [];
        }
        // A file that is shorter now was rotated: all of it is new.
        file.Position = file.Length < offset ? 0 : offset;
        return [.. Lines(new StreamReader(file)).TakeLast(most)];
    }

    private async Task WriteAsync(TextWriter to, IEnumerable<string> older, Follower? newer, int? tail, Changes? changes, CancellationToken cancellation)
    {
        var lines = newer is null ? older : older.Concat(newer.Lines());
        foreach (var line in tail is { } most ? lines.TakeLast(most) : lines)
        {
            await to.WriteLineAsync(line.AsMemory(), cancellation);
        }
        await to.FlushAsync(cancellation);
        try
        {
            while (changes is not null)
            {
                await changes.NextAsync(cancellation);
                if (newer is null && IsDeleted())
                {
                    return;
                }
                // Whether it was rotated is asked before it is read to its end: nothing is appended to it after that.
                for (var rotated = true; rotated;)
                {
                    rotated = newer?.WasRotated(path) ?? false;
                    await to.WriteAsync((newer?.Rest() ?? "").AsMemory(), cancellation);
                    if (newer is null || rotated)
                    {
                        newer?.Dispose();
                        newer = OpenIfThere() is { } file ? new Follower(file) : null;
                        rotated = newer is not null;
                    }
                }
                await to.FlushAsync(cancellation);
                if (newer is null && IsDeleted())
                {
                    return;
                }
            }
        }
        finally
        {
            newer?.Dispose();
        }
    }

    /// <summary>The cluster is gone. Asked before and after reading: the last change of all may be the one that is being read.</summary>
    private bool IsDeleted() => !File.Exists(RotatingFile.OlderOf(path)) && !File.Exists(path);

    private FileStream? OpenIfThere() => OpenIfThere(path);

    private static FileStream? OpenIfThere(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private static IEnumerable<string> Lines(string path)
    {
        using var file = OpenIfThere(path);
        if (file is not null)
        {
            foreach (var line in Lines(new StreamReader(file)))
            {
                yield return line;
            }
        }
    }

    private static IEnumerable<string> Lines(StreamReader reader)
    {
        while (reader.ReadLine() is { } line)
        {
            yield return line;
        }
    }

    /// <summary>One open file and how far it was read.</summary>
    private sealed class Follower(FileStream file) : IDisposable
    {
        private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
        private readonly byte[] _bytes = new byte[32 << 10];
        private readonly char[] _characters = new char[(32 << 10) + 1];

        public IEnumerable<string> Lines()
        {
            // What is read as lines ends with a line: a writer appends whole ones.
            var reader = new StringReader(Rest());
            while (reader.ReadLine() is { } line)
            {
                yield return line;
            }
        }

        public string Rest()
        {
            var text = new StringBuilder();
            while (file.Read(_bytes) is var count and > 0)
            {
                text.Append(_characters, 0, _decoder.GetChars(_bytes, 0, count, _characters, 0));
            }
            return text.ToString();
        }

        /// <summary>Whether the open file is no longer the one of that name: the kernel knows what it is called now.</summary>
        public bool WasRotated(string path) =>
            new FileInfo($"/proc/self/fd/{file.SafeFileHandle.DangerousGetHandle()}").LinkTarget is var name
            && Path.GetFileName(name) != Path.GetFileName(path);

        public void Dispose() => file.Dispose();
    }

    /// <summary>Tells that something happened to the file. Any number of changes that nobody has waited for are one.</summary>
    private sealed class Changes : IDisposable
    {
        private readonly Channel<bool> _channel = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        private readonly FileSystemWatcher _watcher;

        public Changes(string path)
        {
            _watcher = new FileSystemWatcher(Path.GetDirectoryName(path)!)
            {
                NotifyFilter = NotifyFilters.Size | NotifyFilters.LastWrite | NotifyFilters.FileName,
            };
            _watcher.Changed += (_, _) => _channel.Writer.TryWrite(true);
            _watcher.Created += (_, _) => _channel.Writer.TryWrite(true);
            _watcher.Deleted += (_, _) => _channel.Writer.TryWrite(true);
            _watcher.Renamed += (_, _) => _channel.Writer.TryWrite(true);
            // Too much at once, or the folder is gone: in both cases it is time to look.
            _watcher.Error += (_, _) => _channel.Writer.TryWrite(true);
            _watcher.EnableRaisingEvents = true;
        }

        public async Task NextAsync(CancellationToken cancellation) => await _channel.Reader.ReadAsync(cancellation);

        public void Dispose() => _watcher.Dispose();
    }
}
