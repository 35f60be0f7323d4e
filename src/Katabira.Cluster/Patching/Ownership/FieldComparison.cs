using System.Text.Json.Nodes;

namespace Katabira.Cluster.Patching.Ownership;

/// <summary>What differs between two states of an object, as sets of paths: the basis of every conflict and of every change of ownership.</summary>
/// <param name="Removed">Fields that were there and are not any more.</param>
/// <param name="Modified">Fields that are there in both with different values.</param>
/// <param name="Added">Fields that are new.</param>
internal sealed record FieldComparison(FieldSet Removed, FieldSet Modified, FieldSet Added)
{
    /// <summary>Everything that has another value now.</summary>
    public FieldSet Changed => Modified.Union(Added);

    /// <summary>Compares an object with its successor; both may be empty.</summary>
    public static FieldComparison Of(JsonObject before, JsonObject after, ListTypes types)
    {
        var root = new FieldComparison(new FieldSet(), new FieldSet(), new FieldSet());
        root.CompareMaps(new Side(true, before), new Side(true, after), types, isRoot: true);
        return root;
    }

    private enum Form
    {
        /// <summary>Absent or null: takes the form of the other side.</summary>
        None,
        Leaf,
        Map,
        List,
    }

    private void Compare(PathElement element, Side before, Side after, ListTypes types)
    {
        if (types.IsUntracked || (!before.Exists && !after.Exists))
        {
            return;
        }
        // a struct that is always there is the same whether the JSON spells it out as {} or not
        if (types.IsAlwaysThere && before is { Exists: true, IsEmpty: true } && after is { Exists: true, IsEmpty: true })
        {
            return;
        }
        var (was, now) = (before.FormIn(types), after.FormIn(types));
        if (was is not Form.None && now is not Form.None && was != now)
        {
            Modified.Add(element);
            Descend(element, was, before, default, types);
            Descend(element, now, default, after, types);
            return;
        }
        var form = was is Form.None ? now : was;
        if (form is not (Form.Map or Form.List) || (before.IsEmpty && after.IsEmpty))
        {
            CompareLeaf(element, before, after);
            return;
        }
        Descend(element, form, before, after, types);
        if (!before.Exists)
        {
            Added.Add(element);
        }
        else if (!after.Exists)
        {
            Removed.Add(element);
        }
    }

    private void CompareLeaf(PathElement element, Side before, Side after)
    {
        if (!before.Exists)
        {
            Added.Add(element);
        }
        else if (!after.Exists)
        {
            Removed.Add(element);
        }
        else if (!JsonNode.DeepEquals(before.Value, after.Value))
        {
            Modified.Add(element);
        }
    }

    private void Descend(PathElement element, Form form, Side before, Side after, ListTypes types)
    {
        if (form is not (Form.Map or Form.List))
        {
            return;
        }
        var below = new FieldComparison(new FieldSet(), new FieldSet(), new FieldSet());
        if (form is Form.Map)
        {
            below.CompareMaps(before, after, types, isRoot: false);
        }
        else
        {
            below.CompareLists(before, after, types);
        }
        Removed.AddBelow(element, below.Removed);
        Modified.AddBelow(element, below.Modified);
        Added.AddBelow(element, below.Added);
    }

    private void CompareMaps(Side before, Side after, ListTypes types, bool isRoot)
    {
        var old = before.Value as JsonObject;
        var young = after.Value as JsonObject;
        foreach (var (name, value) in old ?? [])
        {
            // most writes leave most of an object alone: its big parts are compared once before they are taken apart
            if (isRoot && young?.TryGetPropertyValue(name, out var same) == true && JsonNode.DeepEquals(value, same))
            {
                continue;
            }
            CompareMember(PathElement.Field(name), before, after, types);
        }
        foreach (var (name, _) in young ?? [])
        {
            if (old?.ContainsKey(name) != true)
            {
                CompareMember(PathElement.Field(name), before, after, types);
            }
        }
    }

    private void CompareMember(PathElement element, Side before, Side after, ListTypes types)
    {
        var next = types.At(element, out _);
        Compare(element, before.Member(element.Text, next), after.Member(element.Text, next), next);
    }

    private void CompareLists(Side before, Side after, ListTypes types)
    {
        var item = types.Item ?? ListTypes.Unknown;
        var old = ItemsOf(before.Value as JsonArray, types);
        var young = ItemsOf(after.Value as JsonArray, types);
        foreach (var element in old.Keys.Concat(young.Keys.Where(key => !old.ContainsKey(key))))
        {
            var was = old.GetValueOrDefault(element) ?? [];
            var now = young.GetValueOrDefault(element) ?? [];
            if (was.Count <= 1 && now.Count <= 1)
            {
                Compare(element, Side.Of(was), Side.Of(now), item);
                continue;
            }
            // items that share a name are owned together, as if they were one value
            if (was.Count > 1 && now.Count > 1)
            {
                if (was.Count != now.Count || !was.Zip(now).All(pair => JsonNode.DeepEquals(pair.First, pair.Second)))
                {
                    Modified.Add(element);
                }
                continue;
            }
            Compare(element, was.Count > 1 ? default : Side.Of(was), now.Count > 1 ? default : Side.Of(now), item);
            (was.Count > 1 ? Removed : Added).Add(element);
        }
    }

    private static Dictionary<PathElement, List<JsonNode?>> ItemsOf(JsonArray? list, ListTypes types)
    {
        var items = new Dictionary<PathElement, List<JsonNode?>>();
        foreach (var item in list ?? [])
        {
            if (ListItems.ElementOf(item, types, out _) is { } element)
            {
                if (!items.TryGetValue(element, out var same))
                {
                    items[element] = same = [];
                }
                same.Add(item);
            }
        }
        return items;
    }

    /// <summary>One of the two values of a place. The default is a value that is absent.</summary>
    private readonly record struct Side(bool Exists, JsonNode? Value)
    {
        public bool IsEmpty => Value is null or JsonObject { Count: 0 } or JsonArray { Count: 0 };

        public static Side Of(List<JsonNode?> values) => values.Count == 0 ? default : new Side(true, values[0]);

        /// <summary>The member of an object; a struct that is always there exists wherever its parent does.</summary>
        public Side Member(string name, ListTypes types) =>
            Value is JsonObject map && map.TryGetPropertyValue(name, out var value) ? new Side(true, value) : new Side(Exists && types.IsAlwaysThere, null);

        public Form FormIn(ListTypes types) => Value switch
        {
            null => Form.None,
            JsonObject => types.IsAtomic ? Form.Leaf : Form.Map,
            JsonArray => types.List == ListKind.Atomic ? Form.Leaf : Form.List,
            _ => Form.Leaf,
        };
    }
}
