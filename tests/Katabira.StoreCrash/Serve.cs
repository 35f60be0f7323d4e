using System.Text;
using Katabira.Cluster;
using Microsoft.Extensions.Logging.Abstractions;

namespace Katabira.StoreCrash;

/// <summary>A cluster in a process of its own. It says its kubeconfig, in base64 on one line, as soon as it answers.</summary>
internal static class Serve
{
    public static async Task<int> RunAsync(string home, TextReader input, TextWriter output)
    {
        await using var cluster = await EmbeddedCluster.StartAsync(new ClusterOptions { Home = home }, TimeProvider.System, NullLoggerFactory.Instance, CancellationToken.None);
        output.WriteLine(Convert.ToBase64String(Encoding.UTF8.GetBytes(cluster.Kubeconfig)));
        output.Flush();
        await input.ReadLineAsync();
        return 0;
    }
}
