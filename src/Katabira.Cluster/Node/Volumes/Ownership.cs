using Katabira.Net.Linux;

namespace Katabira.Cluster.Node.Volumes;

/// <summary>Whose a file of a volume is, and who may do what with it.</summary>
internal static class Ownership
{
    private const uint Unchanged = uint.MaxValue;
    private const int GroupReads = 0b000_100_000;
    private const int OwnerReads = 0b100_000_000;
    private const uint OwnerOnly = 0b110_000_000;

    /// <summary>A mode with which a pod's fsGroup can read a file.</summary>
    public static int ReadableBy(uint? group, int mode) => group is null ? mode : mode | OwnerReads | GroupReads;

    /// <summary>Writes a file that nobody else can read yet.</summary>
    public static void WriteNew(string path, byte[] data)
    {
        Files.Open(path, OpenHow.WriteOnly | OpenHow.Create | OpenHow.Truncate, OwnerOnly, out var file).OrThrow($"write {path}");
        using (file)
        {
            Files.WriteAll(file.Number, data).OrThrow($"write {path}");
        }
    }

    /// <summary>Makes a folder that may be used as its volume may.</summary>
    public static void MakeFolderLike(string volume, string path)
    {
        Directory.CreateDirectory(path);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, File.GetUnixFileMode(volume));
        }
    }

    /// <summary>Sets owner and group where they are given, then the mode, whatever this process's mask is.</summary>
    /// <exception cref="LinuxException">It is not allowed; giving files away needs root.</exception>
    public static void Set(string path, uint? owner, uint? group, int mode)
    {
        if (owner is not null || group is not null)
        {
            Files.Open(path, OpenHow.ReadOnly, 0, out var file).OrThrow($"open {path}");
            using (file)
            {
                Descriptor.SetOwner(file.Number, owner ?? Unchanged, group ?? Unchanged).OrThrow($"give {path} to its user");
            }
        }
        Files.SetMode(path, (uint)mode).OrThrow($"set the mode of {path}");
    }
}
