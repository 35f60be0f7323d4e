using System.Diagnostics;
using System.Text.Json.Nodes;
using Katabira.Cluster.Network.Dns;
using Katabira.Cluster.Network.Rules;
using Katabira.Cluster.Network.Services;
using Katabira.Network.Support;
using Katabira.Tests.Cluster.Network;
using Katabira.Tests.Support;
using Xunit;

namespace Katabira.Network;

/// <summary>What a change costs when there are many Services. Numbers are told, not judged: other programs share the machine.</summary>
public sealed class SpeedTests(ITestOutputHelper output)
{
    private const int Services = 1000;
    private const string Slices = "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices";

    [Fact]
    public async Task Change_AmongAThousandServices_IsOneSmallTransaction()
    {
        await using var cluster = await TestCluster.StartAsync();
        await Told($"{Services} Services made", () => Parallel.ForAsync(0, Services, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, _) =>
        {
            await cluster.AddServiceAsync($"s{i}", """{"ports":[{"name":"http","port":80}]}""");
            (await cluster.Admin.PostAsync(Slices, TestCluster.SliceOf($"s{i}", "10.244.3.1", "10.244.3.2"))).Expect(201);
        }));
        List<double> answered = [], applied = [];
        for (var round = 0; round < Iterations.Of(2000); round++)
        {
            var name = $"s{round * 7 % Services}";
            var started = Stopwatch.GetTimestamp();
            var written = (await cluster.Admin.PutAsync($"{Slices}/{name}", TestCluster.SliceOf(name, "10.244.3.1", $"10.244.{4 + (round / 250)}.{round % 250}"))).Expect(200);
            answered.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            await cluster.AppliedAsync(written);
            applied.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }
        Tell("request to answer", answered);
        Tell("request to kernel and names", applied);

        var listed = await Run.InAsync(cluster.NodePath, "nft", "list", "map", "ip", "katabira", "services");
        // the type has one colon, too; the API's own Service is the last one
        Assert.Equal((Services + 1) * ServiceTable.SlotCount, listed.Output.Split(" : ").Length - 2);
    }

    [Fact]
    public async Task Change_StepByStep_IsMeasured()
    {
        await using var node = await TestNode.StartAsync();
        var services = Enumerable.Range(0, Services).Select(i => ServiceObjects.Service($"s{i}", $"10.96.{1 + (i / 250)}.{1 + (i % 250)}", ServiceObjects.Port(80, "http"))).ToArray();
        var slices = Enumerable.Range(0, Services).Select(i => SliceOf(i, $"10.244.{3 + (i / 250)}.{1 + (i % 250)}")).ToArray();
        var parts = new ServiceParts();
        await Told("first table", () => node.Network.ApplyAsync(parts.Of(services, slices, ["shop"]).Table, CancellationToken.None));
        List<double> decided = [], applied = [];
        for (var round = 0; round < Iterations.Of(1000); round++)
        {
            slices[round * 7 % Services] = SliceOf(round * 7 % Services, $"10.244.8.{1 + round}");
            var started = Stopwatch.GetTimestamp();
            var (table, zone) = parts.Of(services, slices, ["shop"]);
            decided.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            started = Stopwatch.GetTimestamp();
            await node.Network.ApplyAsync(table, CancellationToken.None);
            applied.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            Assert.NotNull(zone.Resolve(DnsName.Parse("s1.shop.svc.cluster.local")!.Value, DnsType.A));
        }
        Tell("deciding what is forwarded and named", decided);
        Tell("telling the kernel", applied);
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

    private static JsonObject SliceOf(int service, string address) =>
        ServiceObjects.Slice($"s{service}", [ServiceObjects.Port(8080, "http")], ServiceObjects.Endpoint(address));

    private void Tell(string what, List<double> took)
    {
        took.Sort();
        Tell($"{what}, {took.Count} changes among {Services} Services: median {took[took.Count / 2]:0.0} ms, p99 {took[(int)(took.Count * 0.99)]:0.0} ms, worst {took[^1]:0.0} ms");
    }

    private async Task Told(string what, Func<Task> action)
    {
        var started = Stopwatch.GetTimestamp();
        await action();
        Tell($"{what}: {Stopwatch.GetElapsedTime(started).TotalMilliseconds:0.0} ms");
    }

    private void Tell(string line)
    {
        output.WriteLine(line);
        Console.WriteLine(line);
    }
}
