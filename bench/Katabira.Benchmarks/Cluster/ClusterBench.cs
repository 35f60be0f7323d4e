using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Katabira.Benchmarks.Api;
using Katabira.Net.Linux;

namespace Katabira.Benchmarks.Cluster;

/// <summary>The embedded cluster as users have it, from <c>katabira cluster create</c> to <c>delete</c>. As root, on the disk of the folder for temporary files.</summary>
internal static class ClusterBench
{
    private const int Pods = 10;
    private const int Services = 1_000;
    private const int Changes = 100;
    private const int Clients = 16;
    private const string Deployments = "apis/apps/v1/namespaces/default/deployments";
    private const string PodsPath = "api/v1/namespaces/default/pods";
    private const string ServicesPath = "api/v1/namespaces/default/services";
    private const string Slices = "apis/discovery.k8s.io/v1/namespaces/default/endpointslices";

    private static readonly TimeSpan s_idle = TimeSpan.FromSeconds(10);

    /// <summary>After which something does not come any more.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    /// <summary>One life of a cluster.</summary>
    public static async Task<IReadOnlyList<Row>> RunAsync()
    {
        var cluster = new ClusterCommands(Directory.CreateTempSubdirectory("ktb").FullName);
        var began = Stopwatch.GetTimestamp();
        await cluster.RunAsync("create");
        try
        {
            var status = await cluster.StatusAsync();
            using var client = new ApiClient(new(status["address"]!.GetValue<string>()), cluster.Credentials());
            await UntilAsync(async () => Ready(await ListAsync(client, "api/v1/nodes")) == 1, "the node is not Ready");
            List<Row> rows = [new("create", "until the node is Ready", Stopwatch.GetElapsedTime(began).TotalMilliseconds, "ms") { Limit = 3_000 }];
            rows.AddRange(await IdleAsync(status["pid"]!.GetValue<int>()));
            rows.Add(await PodsAsync(client));
            rows.AddRange(await ServicesAsync(client, cluster));
            rows.Add(new("with all that", "resident", Megabytes(status["pid"]!.GetValue<int>()), "MB"));
            return [.. rows, await DeleteAsync(cluster)];
        }
        catch
        {
            await cluster.RunAsync("delete", "--quiet");
            throw;
        }
    }

    /// <summary>Nothing is asked of it. It has no pods, so its process is all there is.</summary>
    private static async Task<IReadOnlyList<Row>> IdleAsync(int pid)
    {
        using var server = Process.GetProcessById(pid);
        // what a start leaves to be done is not idleness
        await Task.Delay(TimeSpan.FromSeconds(2));
        server.Refresh();
        var (before, began) = (server.TotalProcessorTime, Stopwatch.GetTimestamp());
        await Task.Delay(s_idle);
        server.Refresh();
        var share = (server.TotalProcessorTime - before) / Stopwatch.GetElapsedTime(began);
        return [new("idle, no pods", "resident", Megabytes(pid), "MB") { Limit = 200 }, new("idle, no pods", "of a core", share * 100, "%") { Limit = 1 }];
    }

    private static async Task<Row> PodsAsync(ApiClient client)
    {
        var began = Stopwatch.GetTimestamp();
        await client.SendAsync(HttpMethod.Post, Deployments, Json($$$$"""
            {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"small"},"spec":{"replicas":{{{{Pods}}}},"selector":{"matchLabels":{"app":"small"}},
            "template":{"metadata":{"labels":{"app":"small"}},"spec":{"terminationGracePeriodSeconds":0,
            "containers":[{"name":"c","image":"host","command":["sleep","1000000"]}]}}} }
            """));
        await UntilAsync(async () => Ready(await ListAsync(client, PodsPath)) == Pods, $"{Pods} pods are not Ready");
        return new($"Deployment of {Pods} pods", "until all are Ready", Stopwatch.GetElapsedTime(began).TotalMilliseconds, "ms") { Limit = 3_000 };
    }

    /// <summary>An endpoint comes to one Service and goes again, while there are a thousand; a connection from the node tells when it is there.</summary>
    private static async Task<IReadOnlyList<Row>> ServicesAsync(ApiClient client, ClusterCommands cluster)
    {
        await Load.RunAsync(Clients, Services, (_, i) => client.SendAsync(HttpMethod.Post, ServicesPath, Json($$$$"""
            {"apiVersion":"v1","kind":"Service","metadata":{"name":"s{{{{i}}}}"},"spec":{"ports":[{"port":80,"targetPort":8080}]}}
            """)));
        await Load.RunAsync(Clients, Services, (_, i) => client.SendAsync(HttpMethod.Post, Slices, Slice(i, "10.244.255.254", 8080)));
        var address = IPAddress.Parse(JsonNode.Parse(await client.GetAsync($"{ServicesPath}/s0"))!["spec"]!["clusterIP"]!.GetValue<string>());
        using var node = await NetworkNamespace.EnterAsync(cluster.NodeNamespace());
        using var listener = await node.CreateSocketAsync(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Parse("10.244.0.1"), 0));
        listener.Listen();
        var port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        var times = new List<double>();
        for (var change = 0; change < Changes; change++)
        {
            await client.SendAsync(HttpMethod.Put, $"{Slices}/s0", Slice(0, "10.244.255.254", 1));
            await UntilAsync(async () => !await ConnectsAsync(node, address), "the Service still answers");
            var began = Stopwatch.GetTimestamp();
            await client.SendAsync(HttpMethod.Put, $"{Slices}/s0", Slice(0, "10.244.0.1", port));
            await UntilAsync(() => ConnectsAsync(node, address), "the Service does not answer");
            times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }
        times.Sort();
        var scenario = $"an endpoint of one of {Services} Services, PUT to connection";
        return [new(scenario, "p50", times[Changes / 2], "ms"), new(scenario, "p99", times[Changes * 99 / 100], "ms") { Limit = 100 }];
    }

    private static async Task<Row> DeleteAsync(ClusterCommands cluster)
    {
        var began = Stopwatch.GetTimestamp();
        await cluster.RunAsync("delete", "--quiet");
        var took = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        var left = cluster.Leftovers();
        return left.Count == 0
            ? new("delete", "until it is gone", took, "ms") { Limit = 5_000 }
            : throw new InvalidOperationException($"delete left behind: {string.Join(", ", left)}");
    }

    private static async Task<bool> ConnectsAsync(NetworkNamespace node, IPAddress address)
    {
        using var socket = await node.CreateSocketAsync(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1));
            await socket.ConnectAsync(new IPEndPoint(address, 80), patience.Token);
            return true;
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Asks again and again, as fast as answers come.</summary>
    private static async Task UntilAsync(Func<Task<bool>> condition, string otherwise)
    {
        var began = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(began) > s_patience)
            {
                throw new InvalidOperationException($"{otherwise} after {s_patience.TotalSeconds} s");
            }
            await Task.Delay(1);
        }
    }

    private static async Task<JsonArray> ListAsync(ApiClient client, string path) => JsonNode.Parse(await client.GetAsync(path))!["items"]!.AsArray();

    private static int Ready(JsonArray items) => items.Count(item =>
        item?["status"]?["conditions"] is JsonArray conditions
        && conditions.Any(c => c?["type"]?.GetValue<string>() == "Ready" && c["status"]?.GetValue<string>() == "True"));

    private static byte[] Slice(int service, string address, int port) => Json($$$$"""
        {"apiVersion":"discovery.k8s.io/v1","kind":"EndpointSlice","metadata":{"name":"s{{{{service}}}}","labels":{"kubernetes.io/service-name":"s{{{{service}}}}"}},
        "addressType":"IPv4","ports":[{"name":"","port":{{{{port}}}},"protocol":"TCP"}],"endpoints":[{"addresses":["{{{{address}}}}"],"conditions":{"ready":true}}]}
        """);

    private static byte[] Json(string text) => Encoding.UTF8.GetBytes(JsonSerializer.Serialize(JsonNode.Parse(text)));

    private static double Megabytes(int pid)
    {
        using var process = Process.GetProcessById(pid);
        return process.WorkingSet64 / 1e6;
    }
}
