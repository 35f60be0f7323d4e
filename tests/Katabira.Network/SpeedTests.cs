using System.Diagnostics;
using System.Text.Json.Nodes;
using Katabira.Cluster.Network.Rules;
using Katabira.Network.Support;
using Katabira.Tests.Cluster.Network;
using Katabira.Tests.Support;
using Xunit;

namespace Katabira.Network;

/// <summary>What a change costs when there are many Services. Numbers are told, not judged: other programs share the machine.</summary>
public sealed class SpeedTests(ITestOutputHelper output)
{
    private const int Services = 1000;

    [Fact]
    public async Task Change_AmongAThousandServices_IsOneSmallTransaction()
    {
        await using var node = await TestNode.StartAsync();
        var services = Enumerable.Range(0, Services).Select(i => ServiceObjects.Service($"s{i}", $"10.96.{1 + (i / 250)}.{1 + (i % 250)}", ServiceObjects.Port(80))).ToArray();
        var slices = Enumerable.Range(0, Services).Select(i => SliceOf(i, "10.244.3.1", "10.244.3.2")).ToArray();
        await Told("first table", () => node.Network.ApplyAsync(ServiceRules.Of(services, slices), CancellationToken.None));
        List<double> took = [], decided = [];
        for (var round = 0; round < Iterations.Of(2000); round++)
        {
            slices[round * 7 % Services] = SliceOf(round * 7 % Services, "10.244.3.1", "10.244.4." + (round % 250));
            var started = Stopwatch.GetTimestamp();
            var table = ServiceRules.Of(services, slices);
            decided.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            await node.Network.ApplyAsync(table, CancellationToken.None);
            took.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }
        Tell("deciding", decided);
        Tell("deciding and applying", took);

        var listed = await Run.InAsync(node.NodePath, "nft", "list", "map", "ip", "katabira", "services");
        Assert.Equal(Services * ServiceTable.SlotCount, listed.Output.Split(" : ").Length - 2); // the type has one, too
    }

    [Fact]
    public async Task Pods_Attached_CostMilliseconds()
    {
        await using var node = await TestNode.StartAsync();
        for (var i = 0; i < 10; i++)
        {
            await Told("attach", () => node.Network.AttachAsync($"p{i}", CancellationToken.None));
        }
        for (var i = 0; i < 10; i++)
        {
            await Told("detach", () => node.Network.DetachAsync($"p{i}", CancellationToken.None));
        }
        Assert.NotNull(await node.Network.FindAsync("a", CancellationToken.None));
    }

    private static JsonObject SliceOf(int service, params string[] addresses) =>
        ServiceObjects.Slice($"s{service}", [ServiceObjects.Port(8080)], [.. addresses.Select(a => ServiceObjects.Endpoint(a))]);

    private void Tell(string what, List<double> took)
    {
        took.Sort();
        var line = $"{what}, {took.Count} changes among {Services} Services: median {took[took.Count / 2]:0.0} ms, p99 {took[(int)(took.Count * 0.99)]:0.0} ms, worst {took[^1]:0.0} ms";
        output.WriteLine(line);
        Console.WriteLine(line);
    }

    private async Task Told(string what, Func<Task> action)
    {
        var started = Stopwatch.GetTimestamp();
        await action();
        output.WriteLine($"{what}: {Stopwatch.GetElapsedTime(started).TotalMilliseconds:0.0} ms");
    }
}
