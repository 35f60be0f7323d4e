using System.Text;
using Katabira.Cluster;
using Microsoft.Extensions.Logging.Abstractions;

namespace Katabira.StoreCrash;

/// <summary>A cluster in a process of its own. It says its kubeconfig, in base64 on one line, as soon as it answers.</summary>
internal static class Serve
{
    /// <param name="podProgram">The file of <c>katabira-pod</c>; null for a cluster without a node.</param>
    public static async Task<int> RunAsync(string home, string? podProgram, TextReader input, TextWriter output)
    {
        var options = new ClusterOptions { Home = home, PodProgram = podProgram };
        await using var cluster = await EmbeddedCluster.StartAsync(options, TimeProvider.System, NullLoggerFactory.Instance, CancellationToken.None);
        output.WriteLine(Convert.ToBase64String(Encoding.UTF8.GetBytes(cluster.Kubeconfig)));
        output.Flush();
        await input.ReadLineAsync();
        return 0;
    }
}
