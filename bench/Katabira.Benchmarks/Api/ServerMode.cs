using System.Globalization;
using Katabira.Cluster;

namespace Katabira.Benchmarks.Api;

/// <summary>
/// This program as the server: it runs a cluster as <c>katabira cluster serve</c> does, request log included, and ends with its standard input.
/// Its first line is where it listens; each line it is sent is answered with the bytes that it has allocated in its life.
/// </summary>
internal static class ServerMode
{
    public const string Name = "serve";

    /// <summary>Where the credentials of a home are.</summary>
    public static string KubeconfigOf(string home) => Path.Combine(home, "kubeconfig");

    public static async Task<int> RunAsync(string home)
    {
        Directory.CreateDirectory(home);
        using var log = new RequestLogFile(Path.Combine(home, "log"));
        await using var cluster = await EmbeddedCluster.StartAsync(new() { Home = Path.Combine(home, "data") }, TimeProvider.System, log, CancellationToken.None);
        await File.WriteAllTextAsync(KubeconfigOf(home), cluster.Kubeconfig);
        Console.Out.WriteLine(cluster.Address);
        while (await Console.In.ReadLineAsync() is not null)
        {
            Console.Out.WriteLine(GC.GetTotalAllocatedBytes(precise: true).ToString(CultureInfo.InvariantCulture));
        }
        return 0;
    }
}
