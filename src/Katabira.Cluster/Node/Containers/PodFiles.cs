using System.Text.Json.Nodes;
using Katabira.Cluster.Resources;
using Katabira.Net.Pods;

namespace Katabira.Cluster.Node.Containers;

/// <summary>The files that every container of a pod has without asking, in a folder of the pod.</summary>
/// <param name="folder">The pod's.</param>
internal sealed class PodFiles(string folder)
{
    /// <summary>What a program may leave as its last words, as upstream.</summary>
    private const int MostMessageBytes = 4096;

    private const string Resolver = "/etc/resolv.conf";
    private const UnixFileMode Everybodys = (UnixFileMode)0b110_110_110;

    /// <summary>Writes /etc/hosts, /etc/hostname and /etc/resolv.conf, and returns where they belong.</summary>
    public async Task<IReadOnlyList<MountSpec>> WriteAsync(JsonObject pod, PodAddresses addresses, CancellationToken cancel)
    {
        var own = Path.Combine(folder, "etc");
        Directory.CreateDirectory(own);
        var host = File.Exists(Resolver) ? await File.ReadAllTextAsync(Resolver, cancel) : "";
        var mounts = new List<MountSpec>();
        foreach (var (name, text) in (IEnumerable<(string, string)>)
            [
                ("hosts", HostsFile.Of(pod, addresses.Pod)),
                ("hostname", PodHostName.Of(pod) + "\n"),
                ("resolv.conf", ResolverSettings.Of(pod, host).ToString()),
            ])
        {
            // in place: a file that another took the place of would not be seen by containers that run
            await File.WriteAllTextAsync(Path.Combine(own, name), text, cancel);
            mounts.Add(new() { Source = Path.Combine(own, name), Target = $"/etc/{name}", ReadOnly = name != "hosts" });
        }
        return mounts;
    }

    /// <summary>Makes the empty file for the last words of one run of a container; null if the container's path is no path.</summary>
    public MountSpec? MakeTerminationFile(JsonObject container, int attempt)
    {
        var target = container.Text("terminationMessagePath");
        if (!target.StartsWith('/'))
        {
            return null;
        }
        var file = TerminationFile(container, attempt);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!); // not null: it is in the pod's folder
        File.WriteAllBytes(file, []);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, Everybodys);
        }
        return new() { Source = file, Target = target };
    }

    /// <summary>The last words of a run that ended; empty if there are none. The log's tail, where the policy falls back to it, is the caller's.</summary>
    public string ReadTerminationMessage(JsonObject container, int attempt)
    {
        try
        {
            using var file = new FileStream(TerminationFile(container, attempt), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            file.Seek(-Math.Min(file.Length, MostMessageBytes), SeekOrigin.End);
            var bytes = new byte[MostMessageBytes];
            var count = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return System.Text.Encoding.UTF8.GetString(bytes, 0, count);
        }
        catch (IOException)
        {
            return "";
        }
    }

    private string TerminationFile(JsonObject container, int attempt) => Path.Combine(folder, "messages", $"{container.Text("name")}-{attempt}");
}
