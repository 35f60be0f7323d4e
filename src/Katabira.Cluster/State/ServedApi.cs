using System.Collections.Concurrent;
using System.Collections.Frozen;
using Katabira.Cluster.Discovery;
using Katabira.Cluster.Objects;
using Katabira.Cluster.Resources;

namespace Katabira.Cluster.State;

/// <summary>
/// All that the API serves at one moment: the catalog, the form of each resource, and the documents that describe them, each written on first use.
/// Immutable but for what it remembers; safe for any number of readers. A request takes one and keeps it to its end.
/// </summary>
internal sealed class ServedApi
{
    private readonly FrozenDictionary<ServedResource, ObjectForm> _forms;
    private readonly ConcurrentDictionary<string, ApiDocument?> _documents = new(StringComparer.Ordinal);

    /// <param name="catalog">What is served.</param>
    /// <param name="forms">How objects of it come in and go out; reviews, which are answered and forgotten, have none.</param>
    /// <param name="previous">The one before, whose documents are kept where nothing changed.</param>
    public ServedApi(ResourceCatalog catalog, IEnumerable<ObjectForm> forms, ServedApi? previous)
    {
        Catalog = catalog;
        _forms = forms.ToFrozenDictionary(f => f.Resource);
        OpenApi = new(catalog, ServerVersion.Release, previous?.OpenApi);
    }

    public ResourceCatalog Catalog { get; }

    public OpenApiDocuments OpenApi { get; }

    /// <summary>The form of a resource that is stored; null for one that is not.</summary>
    public ObjectForm? FormOf(ServedResource resource) => _forms.GetValueOrDefault(resource);

    /// <summary>The forms of everything that is stored, one for each resource, in its preferred version.</summary>
    public IEnumerable<ObjectForm> Forms =>
        Catalog.Types.Where(t => t.IsStored && t.StoredAs is null && t.Versions.Length > 0).Select(t => _forms[new(t, t.Versions[0])]);

    /// <summary>The form in which a kind's objects are reached, e.g. from an owner reference; null if it is not served.</summary>
    public ObjectForm? FormOf(GroupVersionKind kind) => Catalog.FindKind(kind) is { } found ? FormOf(found) : null;

    /// <summary>A document by its path and form, kept as long as this catalog.</summary>
    public ApiDocument? Document(string key, Func<ResourceCatalog, ApiDocument?> write) => _documents.GetOrAdd(key, static (_, a) => a.write(a.catalog), (write, catalog: Catalog));
}
