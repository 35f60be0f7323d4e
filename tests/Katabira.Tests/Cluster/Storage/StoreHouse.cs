using Katabira.Cluster.Storage;
using Xunit;

namespace Katabira.Tests.Cluster.Storage;

/// <summary>A folder of its own on the real disk, in which a test opens stores one after the other. Gone afterwards.</summary>
internal sealed class StoreHouse : IAsyncDisposable
{
    private readonly List<Store> _opened = [];

    public StoreHouse() => Directory.CreateDirectory(Folder);

    public string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "store-tests", Guid.NewGuid().ToString("N"));

    public string File => Path.Combine(Folder, "store.db");

    public ManualTime Time { get; } = new();

    public RecordedLog Log { get; } = new();

    public Store Open(Func<StoreOptions, StoreOptions>? configure = null)
    {
        // Compaction runs when a test says so: clocks move by minutes here.
        var options = new StoreOptions { File = File, CompactionInterval = TimeSpan.FromDays(30) };
        var store = Store.Open(configure?.Invoke(options) ?? options, Time, Log);
        _opened.Add(store);
        return store;
    }

    /// <summary>Opens and expects a refusal, whose message must name the file.</summary>
    public StoreOpenException OpenRefused()
    {
        var refusal = Assert.Throws<StoreOpenException>(() => Open());
        Assert.Contains(File, refusal.Message, StringComparison.Ordinal);
        return refusal;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var store in _opened)
        {
            await store.DisposeAsync();
        }

        Directory.Delete(Folder, recursive: true);
    }
}
