using System.Globalization;

namespace Katabira.Cluster.Node.Streams;

/// <summary>Reads a log file line by line, while it is being written. One owner, one call at a time.</summary>
internal sealed class LogCursor : IDisposable
{
    private readonly FileStream _file;
    private readonly string? _place;
    private byte[] _buffer = new byte[64 << 10];
    private int _start;
    private int _end;

    private LogCursor(FileStream file)
    {
        _file = file;
        _place = Place();
    }

    /// <summary>Null if there is no such file.</summary>
    public static LogCursor? Open(string path)
    {
        try
        {
            return new(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, useAsync: true));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>The file has another name now: what comes is written to another one.</summary>
    public bool IsRotated => Place() != _place;

    /// <summary>The next whole line without its end, valid until the next call; null if there is none yet.</summary>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadLineAsync(CancellationToken cancel)
    {
        var searched = _start;
        while (true)
        {
            var length = _buffer.AsSpan(searched, _end - searched).IndexOf((byte)'\n');
            if (length >= 0)
            {
                var line = _buffer.AsMemory(_start, searched + length - _start);
                _start = searched + length + 1;
                return line;
            }
            MakeRoom();
            searched = _end;
            var read = await _file.ReadAsync(_buffer.AsMemory(_end), cancel);
            if (read == 0)
            {
                return null;
            }
            _end += read;
        }
    }

    public void Dispose() => _file.Dispose();

    /// <summary>The name that the open file has now; the kernel keeps it in step with renames.</summary>
    private string? Place() => new FileInfo(string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{_file.SafeFileHandle.DangerousGetHandle()}")).LinkTarget;

    /// <summary>Moves what is not read yet to the front. A line that fills the buffer, which none of ours does, gets a larger one.</summary>
    private void MakeRoom()
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        (_start, _end) = (0, _end - _start);
        if (_end == _buffer.Length)
        {
            Array.Resize(ref _buffer, 2 * _buffer.Length);
        }
    }
}
