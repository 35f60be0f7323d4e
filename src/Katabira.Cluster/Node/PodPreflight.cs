using System.Collections.Immutable;
using System.Diagnostics;
using Katabira.Cluster.Node.Agent;

namespace Katabira.Cluster.Node;

/// <summary>Something that keeps this machine from running pods.</summary>
/// <param name="Message">What it is: lower case, no period.</param>
/// <param name="Hint">What to do about it.</param>
public sealed record PodObstacle(string Message, string Hint);

/// <summary>Whether this machine can run pods: its programs, and what its kernel allows. Nothing is changed by asking.</summary>
public static class PodPreflight
{
    private const string WithoutPods = "katabira cluster create --without-pods serves the API alone";

    /// <summary>mount_setattr, without which a container's folders could not be made read-only.</summary>
    private static readonly Version s_leastKernel = new(5, 12);

    /// <summary>Programs that the cluster runs, and Debian's packages with them.</summary>
    private static readonly (string Program, string Package)[] s_programs =
    [
        ("ip", "iproute2"), ("nft", "nftables"), ("nsenter", "util-linux"), ("unshare", "util-linux"), ("setsid", "util-linux"), ("flock", "util-linux"),
        ("umount", "mount"), ("sh", "dash"),
    ];

    /// <summary>
    /// Makes what a cluster makes, in namespaces that are gone when it ends: a network with a bridge, a pair of links and an address translation, and a
    /// process tree with a tmpfs and a /proc of its own. The exit code says which the kernel refused.
    /// </summary>
    private const string Trial = """
        ip link add ktb0 type bridge || exit 11
        ip link add ktb1 type veth peer name ktb2 || exit 12
        printf 'table ip ktb {\n chain c {\n type nat hook prerouting priority -100\n }\n}\n' | nft -f - || exit 13
        mount -t tmpfs none /mnt || exit 14
        mount -t proc proc /proc || exit 15
        """;

    /// <summary>The programs that are missing. Anybody may ask.</summary>
    /// <param name="exists">Whether there is a program of a name.</param>
    public static ImmutableArray<PodObstacle> MissingPrograms(Func<string, bool> exists)
    {
        var missing = s_programs.Where(p => !exists(p.Program)).ToList();
        var packages = string.Join(' ', missing.Select(p => p.Package).Distinct());
        return [.. missing.Select(p => new PodObstacle($"this machine lacks {p.Program}, of the package {p.Package}", $"apt-get update && apt-get install -y {packages}"))];
    }

    /// <summary>What is wrong with the place where pods would live; null if nothing is.</summary>
    /// <param name="data">What the cluster will be given as its <see cref="ClusterOptions.Home"/>.</param>
    public static PodObstacle? UnusablePath(string data) =>
        PodFolder.WhyUnusable(data) is { } why ? new(why, "set KATABIRA_HOME to a folder with a shorter path") : null;

    /// <summary>What the kernel refuses. Only root can ask.</summary>
    /// <param name="searchPath">Where programs are, as <c>$PATH</c> says it.</param>
    public static async Task<ImmutableArray<PodObstacle>> RefusedByKernelAsync(string searchPath, CancellationToken cancellation)
    {
        if (TooOld(await File.ReadAllTextAsync("/proc/sys/kernel/osrelease", cancellation)) is { } old)
        {
            return [old];
        }
        var start = new ProcessStartInfo("/bin/sh", ["-c", "exec unshare --mount --net --uts --ipc --pid --fork sh -c \"$0\"", Trial]) { RedirectStandardError = true };
        start.Environment["PATH"] = searchPath;
        using var trial = Process.Start(start)!; // not a document that another program opens
        var errors = await trial.StandardError.ReadToEndAsync(cancellation);
        await trial.WaitForExitAsync(cancellation);
        return Refusal(trial.ExitCode, errors) is { } refusal ? [refusal] : [];
    }

    /// <summary>The obstacle behind the end of the trial; null if there is none.</summary>
    internal static PodObstacle? Refusal(int exitCode, string errors)
    {
        var said = string.Join("; ", errors.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        return exitCode switch
        {
            0 => null,
            11 => new($"this kernel does not make bridges: {said}", $"modprobe bridge, or a kernel with CONFIG_BRIDGE; {WithoutPods}"),
            12 => new($"this kernel does not make pairs of links: {said}", $"modprobe veth, or a kernel with CONFIG_VETH; {WithoutPods}"),
            13 => new($"this kernel does not translate addresses with nftables: {said}", $"modprobe nft_chain_nat, or a kernel with CONFIG_NFT_NAT; {WithoutPods}"),
            _ => new($"namespaces and mounts are forbidden here: {said}", $"a container that is to run pods has to be privileged (docker run --privileged); {WithoutPods}"),
        };
    }

    /// <summary>The obstacle in a kernel's release such as <c>5.10.0-8-amd64</c>; null if it will do, or says nothing that can be compared.</summary>
    internal static PodObstacle? TooOld(string release)
    {
        var parts = release.Split('.', '-', '+');
        return parts.Length >= 2 && int.TryParse(parts[0], out var major) && int.TryParse(parts[1], out var minor) && new Version(major, minor) < s_leastKernel
            ? new($"pods need Linux {s_leastKernel}, and this is {release.Trim()}", WithoutPods)
            : null;
    }
}
