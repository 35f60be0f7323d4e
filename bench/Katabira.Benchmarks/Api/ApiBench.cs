using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Katabira.Benchmarks.Api;

/// <summary>
/// The API server over HTTPS, in a process of its own, on the disk of the working folder: what <c>kubectl</c> and controllers will feel. The clients are
/// this process, on the same processors.
/// </summary>
internal static class ApiBench
{
    private const int Clients = 32;
    private const int Objects = 10_000;
    private const int ObjectBytes = 4096;
    private const int Pods = 5_000;
    private const int Watches = 1_000;
    private const int WatchConnections = 10;
    private const string ConfigMaps = "api/v1/namespaces/default/configmaps";
    private const string PodsPath = "api/v1/namespaces/default/pods";

    /// <summary>One run of everything.</summary>
    public static async Task<IReadOnlyList<Row>> RunAsync(string log)
    {
        var folder = Path.ChangeExtension(Path.GetFullPath(log), ".homes");
        if (Directory.Exists(folder))
        {
            // of a run that was killed
            Directory.Delete(folder, recursive: true);
        }
        Directory.CreateDirectory(folder);
        try
        {
            return [await ReadyAsync("first start", Path.Combine(folder, "new")), .. await CreatesAsync(folder), .. await FullHomeAsync(Path.Combine(folder, "full"))];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<Row> ReadyAsync(string scenario, string home) =>
        new(scenario, "ready", (await CommandLine.ServeAsync(home)).TotalMilliseconds, "ms") { Limit = 1000 };

    /// <summary>Small objects, as fast as clients with a connection each can create them; the same of etcd.</summary>
    private static async Task<IReadOnlyList<Row>> CreatesAsync(string folder)
    {
        const int Count = 10_000;
        const int Warm = 5_000;
        Load ours;
        double processor;
        double allocated;
        await using (var server = await ServerProcess.StartAsync(Path.Combine(folder, "empty")))
        {
            await CreateAsync(server, "warm", Warm, 1024);
            var (processorBefore, allocatedBefore) = (server.ProcessorTime(), await server.AllocatedBytesAsync());
            ours = await CreateAsync(server, "small", Count, 1024);
            processor = (server.ProcessorTime() - processorBefore).TotalMicroseconds / Count;
            allocated = (double)(await server.AllocatedBytesAsync() - allocatedBefore) / Count;
        }
        var scenario = $"create 1 KiB, {Clients} clients and connections";
        List<Row> rows =
        [
            .. RowsOf(scenario, ours, limit: 1500), new(scenario, "server's processor time each", processor, "µs"), new(scenario, "allocated each", allocated, "B"),
        ];
        if (!File.Exists(Etcd.Program))
        {
            await Console.Error.WriteLineAsync($"bench: {Etcd.Program} is not there: no figures of the peer");
            return rows;
        }
        await using var etcd = await Etcd.StartAsync(Path.Combine(folder, "etcd"));
        var value = Samples.ConfigMap("peer", 1024);
        var clients = Enumerable.Range(0, Clients).Select(_ => etcd.Connect()).ToList();
        await Load.RunAsync(Clients, Warm, (client, i) => Etcd.PutAsync(clients[client], $"/warm/{i}", value));
        var theirs = await Load.RunAsync(Clients, Count, (client, i) => Etcd.PutAsync(clients[client], $"/registry/configmaps/default/small-{i}", value));
        clients.ForEach(c => c.Dispose());
        return [.. rows, .. RowsOf($"{scenario}: etcd, plain gRPC", theirs, null), new(scenario, "rate, of etcd's", ours.PerSecond / theirs.PerSecond, "")];
    }

    /// <summary>A home with many objects: what they take, how fast it starts again, and what reading from it costs.</summary>
    /// <param name="parent">What <c>$KATABIRA_HOME</c> is to the command line.</param>
    private static async Task<IReadOnlyList<Row>> FullHomeAsync(string parent)
    {
        var home = Path.Combine(parent, "cluster");
        var scenario = $"{Objects} × {ObjectBytes} B";
        var rows = new List<Row>();
        await using (var server = await ServerProcess.StartAsync(home))
        {
            rows.AddRange(RowsOf($"create 4 KiB, {Clients} clients and connections", await CreateAsync(server, "large", Objects, ObjectBytes), null));
            rows.Add(new(scenario, "resident after writing", server.ResidentMegabytes(), "MB") { Limit = 300 });
        }
        rows.Add(await ReadyAsync($"start with {scenario}", parent));
        await using var again = await ServerProcess.StartAsync(home);
        rows.Add(new(scenario, "resident after starting again", again.ResidentMegabytes(), "MB") { Limit = 300 });
        rows.AddRange(await GetAsync(again));
        rows.Add(new(scenario, "resident after 20,000 reads", again.ResidentMegabytes(), "MB") { Limit = 300 });
        rows.AddRange(await ListAsync(again));
        rows.AddRange(await WatchAsync(again));
        rows.Add(new($"{scenario} and {Pods} pods", "resident in the end", again.ResidentMegabytes(), "MB"));
        return rows;
    }

    /// <summary>One object again and again by one client: how long it takes, and what the server allocates for it.</summary>
    private static async Task<IReadOnlyList<Row>> GetAsync(ServerProcess server)
    {
        const int Count = 10_000;
        const string Path = ConfigMaps + "/large-0";
        using var client = server.Connect();
        var size = (await client.GetAsync(Path)).Length;
        await Load.RunAsync(1, Count, (_, _) => client.GetAsync(Path));
        var before = await server.AllocatedBytesAsync();
        var load = await Load.RunAsync(1, Count, (_, _) => client.GetAsync(Path));
        var each = (double)(await server.AllocatedBytesAsync() - before) / Count;
        var scenario = $"get one of {size} B";
        return [new(scenario, "p50", load.P50, "ms"), new(scenario, "allocated", each, "B"), new(scenario, "allocated, of its size", each / size, "×") { Limit = 3 }];
    }

    /// <summary>All pods in one answer, read to its end.</summary>
    private static async Task<IReadOnlyList<Row>> ListAsync(ServerProcess server)
    {
        var clients = Connect(server);
        var made = await Load.RunAsync(Clients, Pods, async (client, i) =>
        {
            var pod = await clients[client].SendAsync(HttpMethod.Post, PodsPath, Samples.Pod(i));
            await clients[client].SendAsync(HttpMethod.Put, $"{PodsPath}/{Samples.PodName(i)}/status", Samples.Running(pod, i));
        });
        var size = (await clients[0].GetAsync($"{PodsPath}/{Samples.PodName(0)}")).Length;
        var scenario = $"list {Pods} pods of {size} B";
        var (firstTable, table) = await ListTimesAsync(clients[0], ApiClient.Table);
        var (firstJson, json) = await ListTimesAsync(clients[0], ApiClient.Json);
        clients.ForEach(c => c.Dispose());
        return
        [
            new($"create a pod and its status, {Clients} clients", "rate", made.PerSecond, "pods/s"),
            new(scenario, "as a Table", table, "ms") { Limit = 300 },
            new(scenario, "as a Table, the first time", firstTable, "ms"),
            new(scenario, "as JSON", json, "ms"),
            new(scenario, "as JSON, the first time", firstJson, "ms"),
        ];
    }

    /// <summary>One object changes, and everybody watches.</summary>
    private static async Task<IReadOnlyList<Row>> WatchAsync(ServerProcess server)
    {
        const int Warm = 5;
        const int Changes = 25;
        using var writer = server.Connect();
        await writer.SendAsync(HttpMethod.Post, "api/v1/namespaces", """{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"watched"}}"""u8.ToArray());
        const string Collection = "api/v1/namespaces/watched/configmaps";
        var watched = JsonNode.Parse(await writer.SendAsync(HttpMethod.Post, Collection, Samples.ConfigMap("watched", 1024)))!;
        // a watch from "now" begins a moment after its answer does, and might miss the first change
        var path = $"{Collection}?watch=true&resourceVersion={watched["metadata"]!["resourceVersion"]}";
        await using var watchers = await Watchers.OpenAsync(server, path, WatchConnections, Watches);
        var latencies = new List<double>();
        for (var i = 0; i < Warm + Changes; i++)
        {
            var seen = await watchers.SeeAsync(() => writer.SendAsync(HttpMethod.Put, $"{Collection}/watched", Samples.ConfigMap("watched", 1025 + i)));
            latencies.AddRange(i < Warm ? [] : seen);
        }
        latencies.Sort();
        var scenario = $"{Watches} watches of {WatchConnections} connections, one change";
        return
        [
            new(scenario, "p50", latencies[latencies.Count / 2], "ms"),
            new(scenario, "p99", latencies[latencies.Count * 99 / 100], "ms") { Limit = 100 },
            new(scenario, "max", latencies[^1], "ms"),
        ];
    }

    private static async Task<Load> CreateAsync(ServerProcess server, string prefix, int count, int sizeBytes)
    {
        var clients = Connect(server);
        var load = await Load.RunAsync(Clients, count, (client, i) => clients[client].SendAsync(HttpMethod.Post, ConfigMaps, Samples.ConfigMap($"{prefix}-{i}", sizeBytes)));
        clients.ForEach(c => c.Dispose());
        return load;
    }

    /// <summary>A connection for each client.</summary>
    private static List<ApiClient> Connect(ServerProcess server) => [.. Enumerable.Range(0, Clients).Select(_ => server.Connect())];

    /// <summary>The first time, and the median of those after it.</summary>
    private static async Task<(double First, double Median)> ListTimesAsync(ApiClient client, string accept)
    {
        var times = new List<double>();
        var buffer = new byte[64 * 1024];
        for (var i = 0; i < 6; i++)
        {
            var start = Stopwatch.GetTimestamp();
            using var answer = await client.OpenAsync(PodsPath, accept);
            await using var stream = await answer.Content.ReadAsStreamAsync();
            while (await stream.ReadAsync(buffer) > 0)
            {
            }
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
        return (times[0], times.Skip(1).Order().ElementAt(times.Count / 2 - 1));
    }

    private static IReadOnlyList<Row> RowsOf(string scenario, Load load, double? limit) =>
    [
        new(scenario, "rate", load.PerSecond, "/s") { Limit = limit, IsFloor = true },
        new(scenario, "p50", load.P50, "ms"),
        new(scenario, "p99", load.P99, "ms"),
    ];
}
