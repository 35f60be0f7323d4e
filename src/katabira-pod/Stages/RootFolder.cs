using Katabira.Net.Linux;
using Katabira.Net.Pods;

namespace Katabira.Pod.Stages;

/// <summary>
/// Builds the root of a container in the calling process's mount namespace: a tmpfs with the machine's programs and settings bound into it,
/// and what a container has of its own. Everything happens below the root, also where volumes hold symbolic links.
/// </summary>
internal sealed class RootFolder(string root, ContainerSpec spec)
{
    private const UnixFileMode Everybody = (UnixFileMode)0x3FF; // 1777
    private const UnixFileMode Usual = (UnixFileMode)0x1ED; // 0755

    /// <summary>The machine's own, read-only. What is a link there is a link here.</summary>
    private static readonly string[] s_ofTheMachine = ["usr", "bin", "sbin", "lib", "lib32", "lib64", "libx32", "etc"];

    private static readonly string[] s_folders =
        ["proc", "sys", "dev", "run", "run/lock", "var", "var/cache", "var/lib", "var/log", "var/spool", "home", "mnt", "opt", "srv"];

    private static readonly string[] s_devices = ["null", "zero", "full", "random", "urandom", "tty"];

    /// <summary>In these a root without capabilities could still change the machine.</summary>
    private static readonly string[] s_readOnlyInProc = ["sys", "irq", "bus", "fs", "sysrq-trigger"];

    public void Build()
    {
        Mounts.MountNew("tmpfs", root, MountOptions.NoDevices | MountOptions.NoSetUserId, $"mode=755,size={spec.RootBytes}").OrThrow("mount the container's root");
        var bound = BindTheMachine();
        foreach (var folder in s_folders)
        {
            Directory.CreateDirectory(Inside(folder), Usual);
        }
        Directory.CreateDirectory(Inside("tmp"), Everybody);
        Directory.CreateDirectory(Inside("var/tmp"), Everybody);
        Directory.CreateDirectory(Inside("root"), (UnixFileMode)0x1C0); // 0700
        File.CreateSymbolicLink(Inside("var/run"), "../run");
        File.CreateSymbolicLink(Inside("var/lock"), "../run/lock");
        MountKernelFolders();
        MountDevices();
        var places = new PlaceInRoot(root, bound);
        MountVolumes(places, bound);
        places.Find(spec.WorkingFolder, asFile: false);
        if (spec.ReadOnlyRoot)
        {
            Mounts.SetReadOnly(root).OrThrow("make the container's root read-only");
        }
    }

    private List<string> BindTheMachine()
    {
        var bound = new List<string>();
        foreach (var name in s_ofTheMachine)
        {
            if (new FileInfo("/" + name).LinkTarget is { } target)
            {
                File.CreateSymbolicLink(Inside(name), target);
            }
            else if (Directory.Exists("/" + name))
            {
                Directory.CreateDirectory(Inside(name), Usual);
                Mounts.BindRecursive("/" + name, Inside(name)).OrThrow($"bind /{name}");
                bound.Add(name);
            }
        }
        return bound;
    }

    private void MountKernelFolders()
    {
        const MountOptions Harmless = MountOptions.NoSetUserId | MountOptions.NoDevices | MountOptions.NoExecute;
        Mounts.MountNew("proc", Inside("proc"), Harmless, null).OrThrow("mount /proc");
        foreach (var name in s_readOnlyInProc)
        {
            var path = Inside("proc/" + name);
            if (Path.Exists(path))
            {
                Mounts.BindRecursive(path, path).OrThrow($"bind /proc/{name}");
                Mounts.SetReadOnlyRecursive(path).OrThrow($"make /proc/{name} read-only");
            }
        }
        // In a sandbox of its own the machine may forbid it; programs do without.
        _ = Mounts.MountNew("sysfs", Inside("sys"), Harmless | MountOptions.ReadOnly, null);
    }

    private void MountDevices()
    {
        Mounts.MountNew("tmpfs", Inside("dev"), MountOptions.NoSetUserId, "mode=755,size=64k").OrThrow("mount /dev");
        foreach (var name in s_devices)
        {
            File.WriteAllBytes(Inside("dev/" + name), []);
            Mounts.BindRecursive("/dev/" + name, Inside("dev/" + name)).OrThrow($"bind /dev/{name}");
        }
        Directory.CreateDirectory(Inside("dev/pts"), Usual);
        Mounts.MountNew("devpts", Inside("dev/pts"), MountOptions.NoSetUserId | MountOptions.NoExecute, "newinstance,ptmxmode=0666,mode=0620").OrThrow("mount /dev/pts");
        Directory.CreateDirectory(Inside("dev/shm"), Everybody);
        Mounts.MountNew("tmpfs", Inside("dev/shm"), MountOptions.NoSetUserId | MountOptions.NoDevices, "mode=1777,size=64m").OrThrow("mount /dev/shm");
        foreach (var (name, target) in (ReadOnlySpan<(string, string)>)
            [("ptmx", "pts/ptmx"), ("fd", "/proc/self/fd"), ("stdin", "/proc/self/fd/0"), ("stdout", "/proc/self/fd/1"), ("stderr", "/proc/self/fd/2")])
        {
            File.CreateSymbolicLink(Inside("dev/" + name), target);
        }
    }

    private void MountVolumes(PlaceInRoot places, List<string> bound)
    {
        // Outer ones first. Places in the machine's folders are made while those can still be changed.
        var inOrder = spec.Mounts.OrderBy(m => m.Target.Count(c => c == '/')).ToList();
        foreach (var mount in inOrder)
        {
            places.Find(mount.Target, IsFile(mount));
        }
        places.Freeze();
        foreach (var name in bound)
        {
            Mounts.SetReadOnlyRecursive(Inside(name)).OrThrow($"make /{name} read-only");
        }
        foreach (var mount in inOrder)
        {
            MountVolume(mount, places.Find(mount.Target, IsFile(mount)));
        }
    }

    private static void MountVolume(MountSpec mount, string place)
    {
        if (mount.Source is { } source)
        {
            Mounts.BindRecursive(source, place).OrThrow($"mount {source} at {mount.Target}");
        }
        else
        {
            var options = mount.LimitBytes > 0 ? $"mode=1777,size={mount.LimitBytes}" : "mode=1777";
            Mounts.MountNew("tmpfs", place, MountOptions.NoDevices | MountOptions.NoSetUserId, options).OrThrow($"mount a tmpfs at {mount.Target}");
        }
        if (mount.ReadOnly)
        {
            Mounts.SetReadOnlyRecursive(place).OrThrow($"make {mount.Target} read-only");
        }
    }

    private static bool IsFile(MountSpec mount) => mount.Source is { } source && !Directory.Exists(source);

    private string Inside(string path) => root + "/" + path;
}
