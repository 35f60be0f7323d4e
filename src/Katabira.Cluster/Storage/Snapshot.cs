using System.Collections.Immutable;

namespace Katabira.Cluster.Storage;

/// <summary>
/// Every object as of one revision: immutable, ordered, sharing what did not change with the snapshots before it.
/// Readers hold one and see nothing move, whatever is written meanwhile; it costs what changed since.
/// Reads come from here and not from SQLite because that is about 200 times faster (5,000 objects of 4 KiB: 0.3 ms, against 70 ms
/// for the rows), copies nothing, waits for nobody, and still works when the file does not. The price is the objects in memory:
/// 10,000 of 4 KiB make a process of about 115 MB.
/// </summary>
internal sealed class Snapshot
{
    private static readonly ImmutableSortedSet<StoredObject> NoObjects = ImmutableSortedSet.Create<StoredObject>(NameOrder.Instance);

    private readonly ImmutableDictionary<GroupResource, ImmutableSortedSet<StoredObject>> _resources;

    private Snapshot(Revision revision, ImmutableDictionary<GroupResource, ImmutableSortedSet<StoredObject>> resources) =>
        (Revision, _resources) = (revision, resources);

    /// <summary>The newest change in it.</summary>
    public Revision Revision { get; }

    /// <summary>Of all resources together.</summary>
    public int Count => _resources.Values.Sum(objects => objects.Count);

    public static Snapshot Create(Revision revision, IEnumerable<StoredObject> objects) => new(
        revision,
        objects.GroupBy(o => o.Key.Resource).ToImmutableDictionary(g => g.Key, g => g.ToImmutableSortedSet(NameOrder.Instance)));

    /// <summary>Null if nothing lies there.</summary>
    public StoredObject? Find(StoreKey key) =>
        ObjectsOf(key.Resource).TryGetValue(Probe(key.Namespace, key.Name), out var found) ? found : null;

    /// <summary>The objects of a range, in order.</summary>
    public SnapshotRange Range(StoreRange range)
    {
        var objects = ObjectsOf(range.Resource);
        return range.Namespace is { } space
            ? new SnapshotRange(objects, FirstFrom(objects, space, ""), FirstFrom(objects, JustAfter(space), ""))
            : new SnapshotRange(objects, 0, objects.Count);
    }

    /// <summary>The objects of a range that come after a name, whether or not that still exists.</summary>
    public SnapshotRange RangeAfter(StoreRange range, string lastNamespace, string lastName)
    {
        var whole = Range(range);
        var start = FirstFrom(whole.Objects, lastNamespace, JustAfter(lastName));
        return whole with { Start = Math.Clamp(start, whole.Start, whole.End) };
    }

    /// <summary>This snapshot with some objects of one resource put back to what they were.</summary>
    /// <param name="revision">The moment they are put back to.</param>
    /// <param name="resource">Whose objects.</param>
    /// <param name="earlier">Each changed object's state then; null for those that did not exist.</param>
    public Snapshot Rewind(Revision revision, GroupResource resource, IReadOnlyDictionary<StoreKey, StoredObject?> earlier)
    {
        var objects = ObjectsOf(resource).ToBuilder();
        foreach (var (key, state) in earlier)
        {
            objects.Remove(Probe(key.Namespace, key.Name));
            if (state is not null)
            {
                objects.Add(state);
            }
        }

        return new Snapshot(revision, _resources.SetItem(resource, objects.ToImmutable()));
    }

    /// <summary>
    /// Stands for the state of one resource: as long as it is the same reference, none of the resource's objects has changed. What was computed from
    /// them can be kept with it, and keeps no other resource's objects alive.
    /// </summary>
    public object StateOf(GroupResource resource) => ObjectsOf(resource);

    public Builder ToBuilder() => new(this);

    private static StoredObject Probe(string space, string name) => new(new StoreKey("", "", space, name), Revision.None, default, 0);

    /// <summary>The smallest string greater than this one, in ordinal order.</summary>
    private static string JustAfter(string text) => text + '\0';

    private static int FirstFrom(ImmutableSortedSet<StoredObject> objects, string space, string name)
    {
        var index = objects.IndexOf(Probe(space, name));
        return index < 0 ? ~index : index;
    }

    private ImmutableSortedSet<StoredObject> ObjectsOf(GroupResource resource) => _resources.GetValueOrDefault(resource, NoObjects);

    /// <summary>The next snapshot in the making. For one thread.</summary>
    internal sealed class Builder(Snapshot from)
    {
        private readonly Dictionary<GroupResource, ImmutableSortedSet<StoredObject>.Builder> _touched = [];

        public Revision Revision { get; private set; } = from.Revision;

        /// <summary>What lies there after the changes applied so far.</summary>
        public StoredObject? Find(StoreKey key)
        {
            if (!_touched.TryGetValue(key.Resource, out var objects))
            {
                return from.Find(key);
            }

            return objects.TryGetValue(Probe(key.Namespace, key.Name), out var found) ? found : null;
        }

        public void Apply(Change change)
        {
            var resource = change.Object.Key.Resource;
            if (!_touched.TryGetValue(resource, out var objects))
            {
                _touched[resource] = objects = from.ObjectsOf(resource).ToBuilder();
            }

            objects.Remove(change.Object);
            if (change.Type != ChangeType.Deleted)
            {
                objects.Add(change.Object);
            }

            Revision = change.Revision;
        }

        public Snapshot ToSnapshot()
        {
            var resources = from._resources.ToBuilder();
            foreach (var (resource, objects) in _touched)
            {
                if (objects.Count == 0)
                {
                    resources.Remove(resource);
                }
                else
                {
                    resources[resource] = objects.ToImmutable();
                }
            }

            return new Snapshot(Revision, resources.ToImmutable());
        }
    }

    private sealed class NameOrder : IComparer<StoredObject>
    {
        public static readonly NameOrder Instance = new();

        public int Compare(StoredObject? left, StoredObject? right)
        {
            var order = string.CompareOrdinal(left!.Key.Namespace, right!.Key.Namespace);
            return order != 0 ? order : string.CompareOrdinal(left.Key.Name, right.Key.Name);
        }
    }
}

/// <summary>Some objects of a snapshot, in order, without a copy of them.</summary>
/// <param name="Objects">Those of the whole resource.</param>
/// <param name="Start">Index of the first one meant.</param>
/// <param name="End">Index after the last one meant.</param>
internal readonly record struct SnapshotRange(ImmutableSortedSet<StoredObject> Objects, int Start, int End)
{
    public int Count => End - Start;

    public StoredObject this[int index] => Objects[Start + index];
}
