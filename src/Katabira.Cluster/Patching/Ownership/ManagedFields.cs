using System.Text.Json.Nodes;

namespace Katabira.Cluster.Patching.Ownership;

/// <summary>Who owns which fields of an object: the list <c>metadata.managedFields</c>, and how writes change it.</summary>
/// <remarks>
/// Behaviour: k8s.io/apimachinery util/managedfields. Pure: time comes in with the <see cref="FieldWrite"/>. Paths mean the same in every version of a kind, because
/// this server converts between versions by changing nothing but <c>apiVersion</c>.
/// </remarks>
internal sealed class ManagedFields
{
    /// <summary>Most managers by update; beyond that the oldest are thrown together.</summary>
    public const int MaxUpdateManagers = 10;

    private const string AncientChanges = "ancient-changes";

    private readonly Dictionary<(string, bool, string, string), ManagedEntry> _entries;

    private ManagedFields(IEnumerable<ManagedEntry> entries)
    {
        _entries = [];
        foreach (var entry in entries)
        {
            _entries[entry.Id] = entry;
        }
    }

    /// <summary>True if nobody owns anything.</summary>
    public bool IsEmpty => _entries.Count == 0;

    /// <summary>All entries, in no order.</summary>
    public IReadOnlyCollection<ManagedEntry> Entries => _entries.Values;

    /// <summary>
    /// The owners after an ordinary write: create, update, or a patch that is no apply. What the write changed belongs to its manager alone, what it removed
    /// to nobody; what it did not touch stays with its owners.
    /// </summary>
    /// <param name="before">The stored object; null for a create.</param>
    /// <param name="after">The object to store, defaults included. Its own <c>managedFields</c> count as the client's wish: a valid list replaces the stored
    /// one, an empty list (or one empty entry) resets it, anything else is ignored.</param>
    /// <param name="write">The request.</param>
    /// <returns>The new <c>metadata.managedFields</c>, or null for none: an object whose owners were reset is not tracked until it is applied to.</returns>
    public static JsonArray? OnUpdate(JsonObject? before, JsonObject after, FieldWrite write)
    {
        var managed = Of(after, before, write.Subresource.Length > 0);
        if (managed.IsEmpty && before is not null)
        {
            return null;
        }
        managed.Update(before ?? [], after, write);
        return managed.Write();
    }

    /// <summary>Puts a list of owners into an object, or takes it out.</summary>
    public static void Set(JsonObject obj, JsonArray? managedFields)
    {
        if (obj["metadata"] is not JsonObject metadata)
        {
            return;
        }
        if (managedFields is null)
        {
            metadata.Remove("managedFields");
        }
        else
        {
            metadata["managedFields"] = managedFields;
        }
    }

    /// <summary>The stored owners of an object; none if there is no list, or no valid one.</summary>
    public static ManagedFields Of(JsonObject? obj) => new(Read(ListOf(obj)) ?? []);

    /// <summary>The owners as JSON, null if there are none: applies before updates, then by time and name.</summary>
    public JsonArray? Write() => IsEmpty ? null : [.. _entries.Values
        .OrderBy(entry => entry.IsApply ? 0 : 1)
        .ThenBy(SecondsOf)
        .ThenBy(entry => entry.Manager, StringComparer.Ordinal)
        .ThenBy(entry => entry.ApiVersion, StringComparer.Ordinal)
        .ThenBy(entry => entry.Subresource, StringComparer.Ordinal)
        .Select(entry => entry.Write())];

    /// <summary>What any of them owns.</summary>
    public FieldSet Union() => _entries.Values.Aggregate(new FieldSet(), (all, entry) => all.Union(entry.Fields));

    /// <summary>The entry of this identity, or null.</summary>
    public ManagedEntry? Find(ManagedEntry like) => _entries.GetValueOrDefault(like.Id);

    /// <summary>Puts an entry in the place of the one with the same identity; one that owns nothing is dropped.</summary>
    public void Put(ManagedEntry entry)
    {
        if (entry.Fields.IsEmpty)
        {
            _entries.Remove(entry.Id);
        }
        else
        {
            _entries[entry.Id] = entry;
        }
    }

    /// <summary>Takes paths away from everybody but one.</summary>
    public void Strip(FieldSet fields, ManagedEntry? except = null)
    {
        foreach (var entry in _entries.Values.ToList())
        {
            if (entry.Id != except?.Id)
            {
                Put(entry with { Fields = entry.Fields.Except(fields) });
            }
        }
    }

    /// <summary>Records that <paramref name="write"/> made <paramref name="after"/> of <paramref name="before"/> by an ordinary write.</summary>
    public void Update(JsonObject before, JsonObject after, FieldWrite write)
    {
        var difference = FieldComparison.Of(before, after, write.Types);
        var changed = difference.Changed;
        Strip(changed.Union(difference.Removed));
        if (!changed.IsEmpty)
        {
            var entry = new ManagedEntry(write.Manager, IsApply: false, write.ApiVersion, write.Now, write.Subresource, changed);
            Put(entry with { Fields = changed.Union(Find(entry)?.Fields ?? new FieldSet()) });
        }
        Cap();
    }

    private static ManagedFields Of(JsonObject after, JsonObject? before, bool isSubresource)
    {
        var wished = isSubresource ? null : ListOf(after);
        if (wished is { Count: 0 } or [JsonObject { Count: 0 }])
        {
            return new ManagedFields([]);
        }
        return Read(wished) is { Count: > 0 } valid ? new ManagedFields(valid) : Of(before);
    }

    /// <summary>Throws the oldest updates together, version by version, until there are few enough.</summary>
    private void Cap()
    {
        var updates = _entries.Values.Where(entry => !entry.IsApply).OrderBy(SecondsOf).ThenBy(entry => entry.Manager, StringComparer.Ordinal).ToList();
        var left = updates.Count;
        var oldest = new Dictionary<string, ManagedEntry>();
        foreach (var entry in updates)
        {
            if (left <= MaxUpdateManagers)
            {
                return;
            }
            if (!oldest.TryGetValue(entry.ApiVersion, out var older))
            {
                oldest[entry.ApiVersion] = entry;
                continue;
            }
            _entries.Remove(older.Id);
            _entries.Remove(entry.Id);
            var ancient = new ManagedEntry(AncientChanges, IsApply: false, entry.ApiVersion, entry.Time, "", older.Fields.Union(entry.Fields));
            Put(ancient with { Fields = ancient.Fields.Union(Find(ancient)?.Fields ?? new FieldSet()) });
            oldest[entry.ApiVersion] = ancient;
            left--;
        }
    }

    private static JsonArray? ListOf(JsonObject? obj) => (obj?["metadata"] as JsonObject)?["managedFields"] as JsonArray;

    private static List<ManagedEntry>? Read(JsonArray? list)
    {
        var entries = list?.Select(ManagedEntry.Read).ToList();
        return entries?.Contains(null) == false ? [.. entries.OfType<ManagedEntry>()] : null;
    }

    private static long SecondsOf(ManagedEntry entry) => entry.Time?.ToUnixTimeSeconds() ?? 0;
}
