using System.Diagnostics;
using System.Text;
using Katabira.Tests.Cluster.Api;
using Xunit;

namespace Katabira.PodTests.Nodes;

/// <summary>The cluster's process is killed, at any moment, with SIGKILL.</summary>
public sealed class KillTests
{
    private static readonly string s_program = Path.GetFullPath(Path.Combine(
        AppContext.BaseDirectory, "../../Katabira.StoreCrash", Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)), "Katabira.StoreCrash"));

    [Fact]
    public async Task Process_ThatIsKilled_IsFollowedByOneThatFindsEveryPodLiving()
    {
        await using var house = await NodeHouse.OpenAsync();
        if (house is null)
        {
            return;
        }
        await house.StopAsync();
        var names = Enumerable.Range(0, 4).Select(i => $"p{i}").ToArray();
        using (var first = Start(house.Home))
        {
            using var api = ApiClient.Admin(await KubeconfigAsync(first));
            (await api.PostAsync(NodeHouse.Pods, NodeHouse.Pod(names[0], "echo once; exec sleep 1000"), ApiClient.Yaml)).Expect(201);
            while (!NodeHouse.IsReady((await api.GetAsync($"{NodeHouse.Pods}/{names[0]}")).Expect(200).Json))
            {
                await Task.Delay(20, PodHouse.Cancel);
            }
            foreach (var name in names[1..])
            {
                (await api.PostAsync(NodeHouse.Pods, NodeHouse.Pod(name, "echo once; exec sleep 1000"), ApiClient.Yaml)).Expect(201);
            }
            // the others are in the midst of their beginning
            first.Kill();
            await first.WaitForExitAsync(PodHouse.Cancel);
        }

        await house.StartAsync();

        foreach (var name in names)
        {
            var pod = await house.UntilPodAsync(name, NodeHouse.IsReady);
            Assert.Equal("0", NodeHouse.Text(pod, "status.containerStatuses.0.restartCount"));
            Assert.Equal("once\n", await house.LogAsync(name));
        }
        foreach (var name in names)
        {
            (await house.Api.DeleteAsync($"{NodeHouse.Pods}/{name}")).Expect(200);
            await house.UntilGoneAsync(NodeHouse.Pods, name);
        }
    }

    private static Process Start(string home) =>
        Process.Start(new ProcessStartInfo(s_program, ["serve", home, PodProgram.Path]) { RedirectStandardInput = true, RedirectStandardOutput = true })!; // it is built beside the tests

    private static async Task<string> KubeconfigAsync(Process process) =>
        Encoding.UTF8.GetString(Convert.FromBase64String((await process.StandardOutput.ReadLineAsync(PodHouse.Cancel))!)); // it says so as soon as it answers
}
