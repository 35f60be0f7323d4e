using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Katabira.Cluster.Access;

/// <summary>
/// A folder whose files only their owner reads. A file is replaced whole or not at all: written beside, flushed to the disk, then renamed.
/// Not safe for two writers at once; whoever opens the cluster's home holds its lock.
/// </summary>
/// <remarks>The folder's own entry is not flushed: after a power cut a rename of the last seconds may be undone, never half done.</remarks>
internal sealed class PrivateFolder
{
    /// <summary>Far more than any key, certificate or bundle of ours.</summary>
    private const int LimitBytes = 256 * 1024;

    private const string Unfinished = ".unfinished";
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerFolder = OwnerFile | UnixFileMode.UserExecute;
    private const UnixFileMode Others = ~(OwnerFolder);

    private readonly string _path;
    private readonly Action<string> _tell;

    private PrivateFolder(string path, Action<string> tell) => (_path, _tell) = (path, tell);

    /// <summary>Opens or creates the folder, closes it to others, and removes what an interrupted write left.</summary>
    /// <param name="path">Absolute path.</param>
    /// <param name="tell">Hears, in a sentence each, what was open to others and is closed now. Never hears a secret.</param>
    /// <exception cref="IOException">The folder cannot be made or read.</exception>
    public static PrivateFolder Open(string path, Action<string> tell)
    {
        if (OperatingSystem.IsWindows())
        {
            throw NotHere();
        }
        Directory.CreateDirectory(path, OwnerFolder);
        var folder = new PrivateFolder(path, tell);
        folder.Close(path, OwnerFolder);
        foreach (var left in Directory.EnumerateFiles(path, "*" + Unfinished))
        {
            File.Delete(left);
        }
        return folder;
    }

    /// <summary>The file's text; null if there is no such file. A file that others could read is closed first, and that is told.</summary>
    /// <exception cref="InvalidDataException">The file is larger than anything we write.</exception>
    public string? Read(string name)
    {
        var path = Path.Combine(_path, name);
        if (!File.Exists(path))
        {
            return null;
        }
        Close(path, OwnerFile);
        if (new FileInfo(path).Length > LimitBytes)
        {
            throw new InvalidDataException($"{path} is larger than {LimitBytes} bytes: not a file of this cluster");
        }
        return File.ReadAllText(path);
    }

    /// <summary>Replaces the file. When this returns the content is on the disk.</summary>
    public void Write(string name, string text)
    {
        if (OperatingSystem.IsWindows())
        {
            throw NotHere();
        }
        var path = Path.Combine(_path, name);
        var beside = $"{path}.{RandomNumberGenerator.GetHexString(8)}{Unfinished}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerFile };
        using (var file = new FileStream(beside, options))
        {
            file.Write(Encoding.UTF8.GetBytes(text));
            file.Flush(flushToDisk: true);
        }
        File.Move(beside, path, overwrite: true);
    }

    /// <summary>The path of a file, for messages.</summary>
    public string PathOf(string name) => Path.Combine(_path, name);

    private void Close(string path, UnixFileMode mode)
    {
        if (OperatingSystem.IsWindows())
        {
            throw NotHere();
        }
        var now = File.GetUnixFileMode(path);
        if ((now & Others) == 0)
        {
            return;
        }
        File.SetUnixFileMode(path, mode);
        var octal = Convert.ToString((int)now, 8).PadLeft(4, '0');
        _tell(string.Create(CultureInfo.InvariantCulture, $"{path} was open to others (mode {octal}) and is closed now; if somebody may have read it, make a new cluster"));
    }

    private static PlatformNotSupportedException NotHere() => new("the embedded cluster runs on Linux only");
}
