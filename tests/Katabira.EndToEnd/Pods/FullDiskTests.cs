using System.Diagnostics;
using Katabira.EndToEnd.Support;
using Xunit;

namespace Katabira.EndToEnd.Pods;

/// <summary>The disk of the home is full.</summary>
public sealed class FullDiskTests
{
    private const string Fill = """
        head -c 400000 /dev/urandom | base64 -w0 >blob
        for i in $(seq 200); do kubectl create configmap full-$i --from-file=blob || break; echo full-$i >>written; done
        """;

    [Fact]
    public async Task Write_DiskFull_IsRefusedClearlyAndNothingIsLost()
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var cluster = await CommandLineCluster.CreateAsync(cancel, home => RunAsync("mount", "-t", "tmpfs", "-o", "size=64m,mode=0700", "none", home));
        try
        {
            using var user = new Workplace(cluster.Kubeconfig, "1.35");

            var full = await user.RunAsync(Fill, cancel);
            Assert.Contains("nothing can be written: no room to write to ", full.Stderr);
            var read = await user.RunAsync("wc -l <written; kubectl get configmaps -o name | grep -c full-", cancel);
            await RunAsync("mount", "-o", "remount,size=256m", cluster.Home);
            var again = await user.RunAsync("until kubectl create configmap later; do sleep 0.2; done; kubectl get configmaps -o name | grep -c full-; kubectl get node katabira --no-headers | awk '{print $2}'", cancel);

            var counts = read.Stdout.Split('\n');
            Assert.Equal(counts[0], counts[1]);
            Assert.Equal($"configmap/later created\n{counts[0]}\nReady\n", again.Stdout);
        }
        finally
        {
            await cluster.DeleteAsync();
            await RunAsync("umount", cluster.Home);
        }
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
    }
}
