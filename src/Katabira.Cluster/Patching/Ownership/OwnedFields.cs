using System.Text.Json.Nodes;

namespace Katabira.Cluster.Patching.Ownership;

/// <summary>The fields that an object sets, as the set that its applier will own.</summary>
internal sealed class OwnedFields
{
    private const int MostProblems = 10;

    private readonly List<string> _problems = [];

    /// <summary>Where the walk stands; only spelt out for a complaint.</summary>
    private readonly Stack<PathElement> _path = new();

    private OwnedFields()
    {
    }

    /// <summary>Walks an object.</summary>
    /// <param name="node">The object.</param>
    /// <param name="types">Its place; fields that nobody owns are left out.</param>
    /// <param name="problem">What makes the object ambiguous: items twice in a list, or without a key. Empty if nothing does.</param>
    public static FieldSet Of(JsonObject node, ListTypes types, out string problem)
    {
        var walk = new OwnedFields();
        var (_, fields) = walk.Visit(node, types);
        problem = walk._problems.Count switch
        {
            0 => "",
            1 => walk._problems[0],
            _ => "errors:\n  " + string.Join("\n  ", walk._problems),
        };
        return fields;
    }

    /// <summary>Whether the value is owned itself, and what is owned below it.</summary>
    private (bool IsMember, FieldSet Below) Visit(JsonNode? value, ListTypes types)
    {
        var below = new FieldSet();
        switch (value)
        {
            case JsonObject map when !types.IsAtomic:
                VisitMap(map, types, below);
                return (false, below);
            case JsonArray list when types.List != ListKind.Atomic:
                VisitList(list, types, below);
                return (false, below);
            default:
                return (true, below);
        }
    }

    private void VisitMap(JsonObject map, ListTypes types, FieldSet into)
    {
        foreach (var (name, value) in map)
        {
            var element = PathElement.Field(name);
            var next = types.At(element, out var isStructField);
            if (next.IsUntracked)
            {
                continue;
            }
            _path.Push(element);
            var (isMember, below) = Visit(value, next);
            _path.Pop();
            if (isMember || !isStructField || value is JsonObject { Count: 0 })
            {
                into.Add(element);
            }
            into.AddBelow(element, below);
        }
    }

    private void VisitList(JsonArray list, ListTypes types, FieldSet into)
    {
        for (var i = 0; i < list.Count; i++)
        {
            if (ListItems.ElementOf(list[i], types, out var problem) is not { } element)
            {
                Complain($"element {i}: {problem}");
                continue;
            }
            if (into.Has(element))
            {
                Complain($"duplicate entries for key {element}");
                continue;
            }
            into.Add(element);
            _path.Push(element);
            into.AddBelow(element, Visit(list[i], types.Item ?? ListTypes.Unknown).Below);
            _path.Pop();
        }
    }

    private void Complain(string problem)
    {
        if (_problems.Count < MostProblems)
        {
            _problems.Add($"{GoText.Shown(string.Concat(_path.Reverse()))}: {problem}");
        }
    }
}
