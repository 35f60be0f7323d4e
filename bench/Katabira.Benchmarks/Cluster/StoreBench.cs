using System.Diagnostics;
using System.Text;
using Katabira.Cluster.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Katabira.Benchmarks.Cluster;

/// <summary>
/// The store by itself, without HTTP, on the disk of the given folder: what is left of the API's budgets.
/// Creates are bound by one flush of the disk for each batch (`fsync` of the write-ahead log) and by the inserts of SQLite for each
/// object; lists and watches never touch the disk. Run <see cref="MemoryAsync"/> in a process of its own: it reports
/// the resident set of the whole process.
/// </summary>
internal static class StoreBench
{
    private static readonly GroupResource ConfigMaps = new("", "configmaps");

    /// <summary>Every scenario but the memory, in a folder beside the log that is gone afterwards.</summary>
    public static async Task<IReadOnlyList<Row>> InOwnFolderAsync(string log)
    {
        var folder = Directory.CreateDirectory(Path.ChangeExtension(Path.GetFullPath(log), ".store")).FullName;
        try
        {
            return [.. (await RunAsync(folder)).Select(Limits)];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>What the API server promises; the store must leave it room.</summary>
    private static Row Limits(Row row) => row.Case.StartsWith("create 1024 B, 32", StringComparison.Ordinal) && row.Unit.EndsWith("/s", StringComparison.Ordinal)
        ? row with { Limit = 1500, IsFloor = true }
        : row;

    /// <summary>Every scenario but the memory.</summary>
    public static async Task<IReadOnlyList<Row>> RunAsync(string folder) =>
    [
        .. await CreatesAsync(folder, callers: 1, sizeBytes: 1024, count: 1_000),
        .. await CreatesAsync(folder, callers: 32, sizeBytes: 1024, count: 20_000),
        .. await CreatesAsync(folder, callers: 32, sizeBytes: 4096, count: 20_000),
        .. await UpdatesAsync(folder, callers: 32, sizeBytes: 4096, count: 20_000),
        .. await ListsAsync(folder, objects: 5_000, sizeBytes: 4096),
        .. await WatchersAsync(folder, watchers: 1_000, changes: 200),
    ];

    /// <summary>Durable creates a second from callers that each wait for the answer before the next one.</summary>
    public static async Task<IReadOnlyList<Row>> CreatesAsync(string folder, int callers, int sizeBytes, int count)
    {
        await using var store = OpenNew(folder);
        var scenario = $"create {sizeBytes} B, {callers} callers";
        return await MeasureWritesAsync(scenario, callers, count, i => store.CreateAsync(Key(i), Payload(i, 0, sizeBytes), default));
    }

    /// <summary>Durable replacements a second of 1,000 objects.</summary>
    public static async Task<IReadOnlyList<Row>> UpdatesAsync(string folder, int callers, int sizeBytes, int count)
    {
        const int Objects = 1_000;
        await using var store = OpenNew(folder);
        await FillAsync(store, Objects, sizeBytes);
        var scenario = $"update {sizeBytes} B, {callers} callers";
        return await MeasureWritesAsync(
            scenario, callers, count, i => store.UpdateAsync(Key(i % Objects), null, Payload(i % Objects, i + 1, sizeBytes), default));
    }

    /// <summary>A whole list from memory, at an older revision from the log, and the same rows from SQLite for comparison.</summary>
    public static async Task<IReadOnlyList<Row>> ListsAsync(string folder, int objects, int sizeBytes)
    {
        await using var store = OpenNew(folder);
        await FillAsync(store, objects, sizeBytes);
        var then = store.Revision;
        await MeasureWritesAsync("", 32, 1_000, i => store.UpdateAsync(Key(i), null, Payload(i, i + 1, sizeBytes), default));

        var all = new ListQuery(new StoreRange(ConfigMaps));
        var scenario = $"list {objects} × {sizeBytes} B";
        return
        [
            new(scenario, "from memory", MedianMilliseconds(() => store.List(all)), "ms"),
            new(scenario, "1,000 changes ago", MedianMilliseconds(() => store.List(all with { Exact = then })), "ms"),
            new(scenario, "the rows from SQLite", MedianMilliseconds(() => ReadRows(Path.Combine(folder, "store.db"))), "ms"),
            new("get", "from memory", MedianMilliseconds(() => GetAll(store, objects)) * 1e6 / objects, "ns"),
        ];
    }

    /// <summary>From the call that writes to each watcher's reading of the change.</summary>
    public static async Task<IReadOnlyList<Row>> WatchersAsync(string folder, int watchers, int changes)
    {
        await using var store = OpenNew(folder);
        await FillAsync(store, 1, 1024);
        var latencies = new double[watchers * changes];
        var seen = 0;
        var written = 0L;
        var all = new TaskCompletionSource();
        var readers = Enumerable.Range(0, watchers).Select(_ => Task.Run(ReadAsync)).ToArray();
        while (store.WatcherCount < watchers)
        {
            await Task.Yield();
        }

        for (var i = 1; i <= changes; i++)
        {
            all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Volatile.Write(ref written, Stopwatch.GetTimestamp());
            await store.UpdateAsync(Key(0), null, Payload(0, i, 1024), default);
            await all.Task;
        }

        await store.DisposeAsync();
        await Task.WhenAll(readers);
        Array.Sort(latencies);
        var scenario = $"{watchers} watchers, one change";
        return
        [
            new(scenario, "p50", latencies[latencies.Length / 2], "ms"),
            new(scenario, "p99", latencies[latencies.Length * 99 / 100], "ms"),
            new(scenario, "max", latencies[^1], "ms"),
        ];

        async Task ReadAsync()
        {
            await using var watch = ((WatchResult.Started)store.Watch(new StoreRange(ConfigMaps), new WatchStart.Now())).Watch;
            await foreach (var change in watch.ReadAllAsync())
            {
                if (change is Change)
                {
                    var place = Interlocked.Increment(ref seen);
                    latencies[place - 1] = Stopwatch.GetElapsedTime(Volatile.Read(ref written)).TotalMilliseconds;
                    if (place % watchers == 0)
                    {
                        all.TrySetResult();
                    }
                }
            }
        }
    }

    /// <summary>The resident set after writing many objects, and after opening them again in the same process.</summary>
    public static async Task<IReadOnlyList<Row>> MemoryAsync(string folder, int objects, int sizeBytes)
    {
        var scenario = $"{objects} × {sizeBytes} B";
        var start = ResidentMegabytes();
        double written;
        await using (var store = OpenNew(folder))
        {
            await FillAsync(store, objects, sizeBytes);
            written = ResidentMegabytes();
        }

        var clock = Stopwatch.GetTimestamp();
        await using var again = Open(folder);
        var opening = Stopwatch.GetElapsedTime(clock).TotalMilliseconds;
        return
        [
            new(scenario, "resident before", start, "MB"),
            new(scenario, "resident after writing", written, "MB"),
            new(scenario, "resident after opening again", ResidentMegabytes(), "MB"),
            new(scenario, "opening", opening, "ms"),
        ];
    }

    private static async Task<IReadOnlyList<Row>> MeasureWritesAsync(
        string scenario, int callers, int count, Func<int, Task<StoreResult>> write)
    {
        var latencies = new double[count];
        var next = -1;
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(async () =>
        {
            for (var i = Interlocked.Increment(ref next); i < count; i = Interlocked.Increment(ref next))
            {
                var begun = Stopwatch.GetTimestamp();
                if (await write(i) is not StoreResult.Written)
                {
                    throw new InvalidOperationException("not written");
                }

                latencies[i] = Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
            }
        })));
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        Array.Sort(latencies);
        return
        [
            new(scenario, "throughput", count / seconds, "1/s"),
            new(scenario, "p50", latencies[count / 2], "ms"),
            new(scenario, "p99", latencies[count * 99 / 100], "ms"),
        ];
    }

    private static Task<IReadOnlyList<Row>> FillAsync(Store store, int objects, int sizeBytes) =>
        MeasureWritesAsync("", 32, objects, i => store.CreateAsync(Key(i), Payload(i, 0, sizeBytes), default));

    private static double MedianMilliseconds(Action action)
    {
        var times = new double[21];
        for (var i = 0; i < times.Length; i++)
        {
            var start = Stopwatch.GetTimestamp();
            action();
            times[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }

        Array.Sort(times);
        return times[times.Length / 2];
    }

    private static void GetAll(Store store, int objects)
    {
        for (var i = 0; i < objects; i++)
        {
            _ = store.Get(Key(i));
        }
    }

    private static void ReadRows(string file)
    {
        using var connection = SqliteSchema.OpenReader(file);
        using var statement = new SqliteStatement(connection, Sql.ReadCurrent);
        using SqliteDataReader rows = statement.Query();
        while (rows.Read())
        {
            _ = SqliteRow.ReadCurrent(rows);
        }
    }

    private static double ResidentMegabytes() => Environment.WorkingSet / 1e6;

    private static Store OpenNew(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        Directory.CreateDirectory(folder);
        return Open(folder);
    }

    private static Store Open(string folder) => Store.Open(
        new StoreOptions { File = Path.Combine(folder, "store.db") }, TimeProvider.System, NullLogger.Instance);

    private static StoreKey Key(int number) => new(ConfigMaps.Group, ConfigMaps.Plural, $"space-{number % 10}", $"object-{number:D6}");

    private static StorePayload Payload(int number, int version, int sizeBytes)
    {
        var metadata = $$"""{"name":"object-{{number:D6}}","resourceVersion":""}""";
        var head = $$$"""{"kind":"ConfigMap","apiVersion":"v1","metadata":{{{metadata}}},"data":{"v":"{{{version:D8}}}""";
        var json = Encoding.UTF8.GetBytes(head + new string('x', Math.Max(0, sizeBytes - head.Length - 3)) + "\"}}");
        return StorePayload.Find(json)!; // it has one
    }
}
