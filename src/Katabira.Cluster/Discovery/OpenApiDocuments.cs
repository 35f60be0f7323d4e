using System.Collections.Frozen;
using Katabira.Cluster.Resources;

namespace Katabira.Cluster.Discovery;

/// <summary>
/// The OpenAPI v3 documents of one catalog: one per group and version, written on first use and kept. Safe for any number of readers.
/// When the catalog changes, make the next one from this one: what did not change is not written again.
/// </summary>
internal sealed class OpenApiDocuments
{
    private readonly FrozenDictionary<string, Entry> _byPath;
    private readonly Lazy<ApiDocument> _index;

    /// <param name="serverVersion">What the documents call their version: the server's <c>gitVersion</c>.</param>
    public OpenApiDocuments(ResourceCatalog catalog, string serverVersion, OpenApiDocuments? previous = null)
    {
        _byPath = catalog.Groups.SelectMany(g => g.Versions).ToFrozenDictionary(v => v.Path, v => previous?.Unchanged(v) ?? new Entry(v, serverVersion));
        _index = new(WriteIndex);
    }

    /// <summary><c>/openapi/v3</c>: where each document is, with its hash, so that clients can keep it for ever.</summary>
    public ApiDocument Index => _index.Value;

    /// <summary><c>/openapi/v3/{path}</c>; null if there is none.</summary>
    /// <param name="path"><c>api/v1</c>, <c>apis/apps/v1</c>.</param>
    public ApiDocument? Find(string path) => _byPath.TryGetValue(path, out var entry) ? entry.Document.Value : null;

    private Entry? Unchanged(ApiGroupVersion version) =>
        _byPath.TryGetValue(version.Path, out var entry) && entry.Version.Resources.SequenceEqual(version.Resources) ? entry : null;

    private ApiDocument WriteIndex() => ApiDocument.Of(json =>
    {
        json.WriteStartObject();
        json.WriteStartObject("paths"u8);
        foreach (var (path, entry) in _byPath.OrderBy(p => p.Key, StringComparer.Ordinal))
        {
            json.WriteStartObject(path);
            json.WriteString("serverRelativeURL"u8, $"/openapi/v3/{path}?hash={entry.Document.Value.Hash}");
            json.WriteEndObject();
        }
        json.WriteEndObject();
        json.WriteEndObject();
    });

    private sealed class Entry(ApiGroupVersion version, string serverVersion)
    {
        public ApiGroupVersion Version => version;

        public Lazy<ApiDocument> Document { get; } = new(() => OpenApiWriter.Write(version, serverVersion));
    }
}
