using System.Text;
using System.Text.Json;
using Katabira.Cluster.Storage;
using Xunit;

namespace Katabira.Tests.Cluster.Storage;

/// <summary>Small objects, and short ways to write and to read them.</summary>
internal static class Samples
{
    public static GroupResource Widgets { get; } = new("example.io", "widgets");

    public static StoreRange AllWidgets { get; } = new(Widgets);

    public static StoreKey Key(string name, string space = "default") => new(Widgets.Group, Widgets.Plural, space, name);

    /// <summary>An object that says <paramref name="text"/>, with fields on both sides of its resourceVersion.</summary>
    public static StorePayload Payload(string text) => StorePayload.Find(Encoding.UTF8.GetBytes(
        """{"kind":"Widget","metadata":{"labels":{"resourceVersion":"not this"},"resourceVersion":"","uid":"u"},"text":"""
        + JsonSerializer.Serialize(text) + "}"))!; // it has one

    /// <summary>What an object says. Also checks that it carries its own revision.</summary>
    public static string TextOf(StoredObject state)
    {
        using var json = JsonDocument.Parse(state.Json);
        Assert.Equal(state.Revision.ToString(), json.RootElement.GetProperty("metadata").GetProperty("resourceVersion").GetString());
        return json.RootElement.GetProperty("text").GetString()!;
    }

    public static string JsonOf(StoredObject state) => Encoding.UTF8.GetString(state.Json.Span);

    /// <summary>A list as "namespace/name=text" in its order.</summary>
    public static string[] Lines(IEnumerable<StoredObject> objects) =>
        [.. objects.Select(o => $"{o.Key.Namespace}/{o.Key.Name}={TextOf(o)}")];

    public static async Task<StoredObject> PutAsync(this Store store, string name, string text, string space = "default")
    {
        var result = await store.UpdateAsync(Key(name, space), null, Payload(text), CancellationToken.None);
        if (result is StoreResult.NotFound)
        {
            result = await store.CreateAsync(Key(name, space), Payload(text), CancellationToken.None);
        }

        return Assert.IsType<StoreResult.Written>(result).Object;
    }

    public static async Task<StoredObject> RemoveAsync(this Store store, string name, string space = "default") =>
        Assert.IsType<StoreResult.Written>(await store.DeleteAsync(Key(name, space), null, CancellationToken.None)).Object;

    public static ListResult.Page Page(this Store store, ListQuery query) => Assert.IsType<ListResult.Page>(store.List(query));

    public static string[] ListAll(this Store store, Revision? at = null) =>
        Lines(store.Page(new ListQuery(AllWidgets) { Exact = at }).Items);

    public static Watch StartWatch(this Store store, WatchStart start, StoreRange? range = null) =>
        Assert.IsType<WatchResult.Started>(store.Watch(range ?? AllWidgets, start)).Watch;
}
