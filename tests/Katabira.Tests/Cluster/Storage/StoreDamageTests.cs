using System.Diagnostics;
using Katabira.Cluster.Storage;
using Xunit;

namespace Katabira.Tests.Cluster.Storage;

public sealed class StoreDamageTests
{
    [Fact]
    public async Task Write_NoRoomInTheFile_IsRefusedUntilThereIsSome()
    {
        await using var house = new StoreHouse();
        var store = house.Open(o => o with { MaxFileBytes = 600_000, Retention = new Retention { MaxEntries = 1 } });
        var text = new string('x', 20_000);
        var written = 0;
        StoreResult result;
        while ((result = await CreateAsync(store, $"o{written}", text)) is StoreResult.Written)
        {
            written++;
        }

        var reason = Assert.IsType<StoreResult.ReadOnly>(result).Reason;
        Assert.Equal((StoreFaultKind.DiskFull, reason), (reason.Kind, store.Fault));
        Assert.InRange(written, 5, 30);
        Assert.Equal(written, store.ListAll().Length);
        Assert.Equal(new Revision(written), store.Revision);
        Assert.Null(store.Get(Samples.Key($"o{written}")));
        Assert.IsType<StoreResult.AlreadyExists>(await CreateAsync(store, "o0", text)); // what writes nothing is still answered
        Assert.Equal(0, await store.CompactAsync(TestContext.Current.CancellationToken)); // too soon to try anything

        house.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.IsType<StoreResult.ReadOnly>(await CreateAsync(store, "tried", text));
        house.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(written - 1, await store.CompactAsync(TestContext.Current.CancellationToken));

        Assert.Equal(new Revision(written + 1), Assert.IsType<StoreResult.Written>(await CreateAsync(store, "room", text)).Object.Revision);
        Assert.Null(store.Fault);
        Assert.Single(house.Log.TextsOf(4001));
        Assert.Single(house.Log.TextsOf(4002));
    }

    [Fact]
    public async Task Write_NoRoomInTheFile_EveryWriteOfTheBatchIsRefused()
    {
        await using var house = new StoreHouse();
        var store = house.Open(o => o with { MaxFileBytes = 300_000 });
        var text = new string('x', 20_000);

        var results = await Task.WhenAll(Enumerable.Range(0, 60).Select(i => CreateAsync(store, $"o{i}", text)));

        Assert.Contains(results, r => r is StoreResult.ReadOnly);
        await store.DisposeAsync();
        await using var again = house.Open();
        for (var i = 0; i < results.Length; i++)
        {
            Assert.Equal(results[i] is StoreResult.Written, again.Get(Samples.Key($"o{i}")) is not null);
        }
    }

    [Fact]
    public async Task Write_FileDamagedMeanwhile_TurnsReadOnlyAndServesEverything()
    {
        await using var house = new StoreHouse();
        await using (var filling = house.Open())
        {
            await Task.WhenAll(Enumerable.Range(0, 1_500).Select(i => filling.PutAsync($"o{i}", $"{i} {new string('x', 4_000)}")));
        }

        var store = house.Open();
        await OverwriteAllButTheFirstPagesAsync(house.File);
        for (var i = 0; i < 1_500 && store.Fault is null; i++)
        {
            // Sooner or later a page is not in SQLite's cache.
            await store.UpdateAsync(Samples.Key($"o{i}"), null, Samples.Payload("changed"), TestContext.Current.CancellationToken);
        }

        Assert.Equal(StoreFaultKind.Corrupt, store.Fault?.Kind);
        Assert.Contains(house.File, store.Fault!.Message, StringComparison.Ordinal);
        house.Time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(store.Fault, Assert.IsType<StoreResult.ReadOnly>(await CreateAsync(store, "new", "x")).Reason);
        Assert.Equal(1_500, store.ListAll().Length);
        Assert.Equal("1499", Samples.TextOf(store.Get(Samples.Key("o1499"))!).Split(' ')[0]);
        var past = store.List(new ListQuery(Samples.AllWidgets) { Exact = new Revision(1) });
        Assert.Equal(store.Fault, Assert.IsType<ListResult.Unreadable>(past).Reason);
        await using var reader = new WatchReader(store, new WatchStart.After(new Revision(1)));
        Assert.Equal("WatchEnded 1 Unreadable", await reader.NextAsync());
        Assert.Single(house.Log.TextsOf(4001));
    }

    [Fact]
    public async Task Write_DiskFull_IsRefusedUntilThereIsRoom()
    {
        Assert.SkipUnless(await CanMountAsync(), "this machine lets us mount nothing");
        await using var house = new StoreHouse();
        using var process = CrashProcess.StartWithOwnMounts(
            $"""
            mount -t tmpfs -o size=4m tmpfs '{house.Folder}'
            head -c 1500000 /dev/zero > '{house.Folder}/ballast'
            ( read -r _; rm '{house.Folder}/ballast'; echo ) | "$@"
            """,
            "fill",
            house.File);

        Assert.StartsWith("refused DiskFull no room to write", await process.ReadLineAsync(), StringComparison.Ordinal);
        Assert.Matches("^readable ([0-9]+) of \\1$", await process.ReadLineAsync());
        process.SendLine(); // there is room again
        Assert.Equal("written", await process.ReadLineAsync());
    }

    [Fact]
    public async Task Write_DiskFails_IsReadOnlyForGoodAndLosesNothing()
    {
        await using var house = new StoreHouse();

        // A limit on the size of files makes write(2) fail with an error SQLite has no special name for.
        using var process = CrashProcess.StartInShell(
            "trap '' XFSZ; ulimit -f 3000; export DOTNET_EnableWriteXorExecute=0; exec \"$@\"", "fill", house.File);
        Assert.StartsWith("refused InputOutput the disk failed", await process.ReadLineAsync(), StringComparison.Ordinal);
        var readable = await process.ReadLineAsync();
        Assert.Matches("^readable ([0-9]+) of \\1$", readable);
        process.SendLine();
        Assert.StartsWith("refused InputOutput the disk failed", await process.ReadLineAsync(), StringComparison.Ordinal);
        Assert.Null(await process.ReadLineAsync());

        await using var store = house.Open();
        Assert.Equal(readable!.Split(' ')[^1], $"{store.Revision}");
        Assert.Equal(store.Revision.Value, store.Count);
    }

    [Fact]
    public async Task Open_FileSystemWriteProtected_SaysSo()
    {
        Assert.SkipUnless(await CanMountAsync(), "this machine lets us mount nothing");
        await using var house = new StoreHouse();
        using var process = CrashProcess.StartWithOwnMounts(
            $"""
            mount --bind '{house.Folder}' '{house.Folder}'
            mount -o remount,ro,bind '{house.Folder}'
            exec "$@"
            """,
            "fill",
            house.File);

        Assert.Matches("^cannot open Inaccessible .*Read-only file system", await process.ReadLineAsync());
    }

    private static Task<StoreResult> CreateAsync(Store store, string name, string text) =>
        store.CreateAsync(Samples.Key(name), Samples.Payload(text), TestContext.Current.CancellationToken);

    private static async Task OverwriteAllButTheFirstPagesAsync(string path)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        file.Position = 4 * 4096;
        var noise = new byte[file.Length - file.Position];
        new Random(7).NextBytes(noise);
        await file.WriteAsync(noise);
    }

    private static async Task<bool> CanMountAsync()
    {
        using var attempt = Process.Start(new ProcessStartInfo("unshare", ["--map-root-user", "--mount", "mount", "-t", "tmpfs", "tmpfs", "/mnt"])
        {
            RedirectStandardError = true,
        })!; // started without a shell, so there is a process
        await attempt.WaitForExitAsync();
        return attempt.ExitCode == 0;
    }
}
