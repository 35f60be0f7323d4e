using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Katabira.Benchmarks.Api;

namespace Katabira.Benchmarks.Cluster;

/// <summary>The command line of this tree, with a home of its own.</summary>
/// <param name="folder">An empty folder; the home is in it.</param>
internal sealed class ClusterCommands(string folder)
{
    private static readonly string s_program = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../katabira/release/katabira"));

    private readonly string _home = Path.Combine(folder, "h");

    /// <summary>Runs a verb of <c>katabira cluster</c> to its end.</summary>
    /// <returns>What it wrote on stdout.</returns>
    public async Task<string> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(s_program, ["cluster", .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["KATABIRA_HOME"] = _home;
        start.Environment["KUBECONFIG"] = Path.Combine(folder, "kubeconfig");
        using var process = Process.Start(start)!; // a program by its path
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? await output : throw new InvalidOperationException($"cluster {string.Join(' ', arguments)}: {await errors}");
    }

    public async Task<JsonNode> StatusAsync() => JsonNode.Parse(await RunAsync("status", "-o", "json"))!; // an object: it has fields

    /// <summary>The administrator's.</summary>
    public Credentials Credentials() => Api.Credentials.Read(Path.Combine(_home, "kubeconfig"));

    /// <summary>The file that stands for the node's network.</summary>
    public string NodeNamespace() => $"/run/netns/{Mark()}-node";

    /// <summary>Processes, namespaces, mounts, groups and files of the cluster that are there; none after its end.</summary>
    public IReadOnlyList<string> Leftovers()
    {
        var processes = Directory.EnumerateDirectories("/proc").Where(p => char.IsAsciiDigit(Path.GetFileName(p)[0]) && CommandOf(p).Contains(_home + "/", StringComparison.Ordinal));
        var namespaces = Directory.Exists("/run/netns") ? Directory.EnumerateFiles("/run/netns", Mark() + "*") : [];
        var mounts = File.ReadLines("/proc/self/mountinfo").Where(line => line.Contains(_home, StringComparison.Ordinal));
        var groups = Directory.EnumerateDirectories("/sys/fs/cgroup", Mark() + "*", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 1 });
        var files = Directory.EnumerateFileSystemEntries(folder);
        var left = processes.Concat(namespaces).Concat(mounts).Concat(groups).Concat(files).ToList();
        if (left.Count == 0)
        {
            Directory.Delete(folder);
        }
        return left;
    }

    /// <summary>What the names of the home's namespaces and groups begin with.</summary>
    private string Mark() => $"ktb-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Path.Combine(_home, "cluster/data"))))[..8]}";

    private static string CommandOf(string process)
    {
        try
        {
            return File.ReadAllText(process + "/cmdline");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return ""; // gone meanwhile
        }
    }
}
