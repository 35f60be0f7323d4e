using Katabira.Net.Linux;

namespace Katabira.Pod.Stages;

/// <summary>
/// Finds, and makes where it is missing, a path of a container in a root that is not entered yet. Symbolic links are followed as the container will
/// see them, so none leads out. A folder of the machine in which something is missing is replaced by a mirror: a tmpfs in which each of
/// its entries is bound.
/// </summary>
/// <param name="root">The container's root.</param>
/// <param name="bound">Names of the folders in it that are the machine's.</param>
internal sealed class PlaceInRoot(string root, IReadOnlyList<string> bound)
{
    /// <summary>As the kernel's own.</summary>
    private const int MostLinks = 40;

    private const UnixFileMode Usual = (UnixFileMode)0x1ED; // 0755

    /// <summary>Folders below the machine's that are the container's own by now.</summary>
    private readonly HashSet<string> _own = new(StringComparer.Ordinal);

    private bool _frozen;

    /// <summary>From now on nothing is made in the machine's folders: they are about to be read-only, and a mirror made later would not be.</summary>
    public void Freeze() => _frozen = true;

    /// <summary>The path outside that is <paramref name="target"/> inside.</summary>
    /// <param name="asFile">What to make if it is missing: an empty file, or a folder.</param>
    public string Find(string target, bool asFile)
    {
        var ahead = new Stack<string>();
        Push(ahead, target);
        var (current, links) = (root, 0);
        while (ahead.TryPop(out var part))
        {
            if (part == "..")
            {
                current = current == root ? root : Path.GetDirectoryName(current)!; // below the root there is always a parent
                continue;
            }
            var next = current + "/" + part;
            if (new FileInfo(next).LinkTarget is { } link)
            {
                if (++links > MostLinks)
                {
                    throw new LinuxException($"find {target}", new Errno(40)); // ELOOP
                }
                current = link.StartsWith('/') ? root : current;
                Push(ahead, link);
                continue;
            }
            if (!Path.Exists(next))
            {
                Make(current, next, asFile && ahead.Count == 0);
            }
            current = next;
        }
        return current;
    }

    private static void Push(Stack<string> ahead, string path)
    {
        foreach (var part in path.Split('/').Reverse())
        {
            if (part.Length != 0 && part != ".")
            {
                ahead.Push(part);
            }
        }
    }

    private void Make(string folder, string path, bool asFile)
    {
        if (IsOfTheMachine(folder))
        {
            if (_frozen)
            {
                throw new LinuxException($"make {path[root.Length..]}", new Errno(30)); // EROFS
            }
            Mirror(folder);
        }
        if (asFile)
        {
            File.WriteAllBytes(path, []);
        }
        else
        {
            Directory.CreateDirectory(path, Usual);
            _own.Add(path);
        }
    }

    private bool IsOfTheMachine(string folder) =>
        !_own.Contains(folder) && bound.Any(name => folder == root + "/" + name || folder.StartsWith(root + "/" + name + "/", StringComparison.Ordinal));

    private void Mirror(string folder)
    {
        var original = folder[root.Length..];
        Mounts.MountNew("tmpfs", folder, MountOptions.NoDevices | MountOptions.NoSetUserId, "mode=755").OrThrow($"mirror {original}");
        _own.Add(folder);
        foreach (var entry in new DirectoryInfo(original).EnumerateFileSystemInfos())
        {
            var path = folder + "/" + entry.Name;
            if (entry.LinkTarget is { } link)
            {
                File.CreateSymbolicLink(path, link);
                continue;
            }
            if (entry is DirectoryInfo)
            {
                Directory.CreateDirectory(path, Usual);
            }
            else
            {
                File.WriteAllBytes(path, []);
            }
            Mounts.BindRecursive(entry.FullName, path).OrThrow($"mirror {entry.FullName}");
        }
    }
}
