using System.Text.Json.Nodes;

namespace Katabira.Cluster.Selectors;

/// <summary>
/// The JSONPath of printer columns, scale paths and selectable fields: <c>.spec.hosts</c>, <c>['key']</c>, <c>[0]</c>, <c>[-1]</c>, <c>[*]</c>, <c>.*</c>,
/// <c>[?(@.type=="Ready")].status</c>. A dot inside a name stands behind a backslash: <c>.metadata.annotations.example\.com/x</c>.
/// </summary>
/// <remarks>
/// Parsed once, evaluated often; immutable and thread-safe. What it does not know it refuses by name, rather than print a wrong column. Bounded: a path has at most
/// <see cref="MaxSteps"/> steps, and a result at most <see cref="MaxResults"/> values.
/// </remarks>
internal sealed class JsonPaths
{
    /// <summary>Most steps in one path, those of filters included.</summary>
    public const int MaxSteps = 64;

    /// <summary>Most values of one step; more are cut off.</summary>
    public const int MaxResults = 1000;

    private readonly List<Step> _steps = [];

    private JsonPaths()
    {
    }

    /// <summary>Reads a path.</summary>
    /// <param name="text">E.g. <c>.status.conditions[?(@.type=="Ready")].status</c>; braces around it are allowed.</param>
    /// <param name="path">The path, or null.</param>
    /// <param name="problem">What is not understood.</param>
    public static bool TryParse(string text, out JsonPaths? path, out string problem)
    {
        path = null;
        var steps = new JsonPaths();
        problem = new JsonPathParser(text, steps._steps).Parse() ?? "";
        if (problem.Length == 0)
        {
            path = steps;
        }
        return path is not null;
    }

    /// <summary>All values at the path, in document order. Explicit nulls are not values.</summary>
    public IReadOnlyList<JsonNode> Evaluate(JsonNode? root)
    {
        var found = root is null ? new List<JsonNode>() : [root];
        foreach (var step in _steps)
        {
            found = found.SelectMany(step.Select).OfType<JsonNode>().Take(MaxResults).ToList();
        }
        return found;
    }

    /// <summary>The first value at the path, as a table's cell takes it; null if there is none.</summary>
    public JsonNode? First(JsonNode? root) => Evaluate(root) is [var first, ..] ? first : null;

    /// <summary>One step of a path.</summary>
    internal abstract record Step
    {
        /// <summary>What is one step below <paramref name="node"/>.</summary>
        public abstract IEnumerable<JsonNode?> Select(JsonNode node);
    }

    /// <summary>The member of this name.</summary>
    internal sealed record Member(string Name) : Step
    {
        public override IEnumerable<JsonNode?> Select(JsonNode node) => node is JsonObject map ? [map[Name]] : [];
    }

    /// <summary>The item at this position; a negative one counts from the end.</summary>
    internal sealed record Item(int Index) : Step
    {
        public override IEnumerable<JsonNode?> Select(JsonNode node) =>
            node is JsonArray list && (Index < 0 ? Index + list.Count : Index) is var index and >= 0 && index < list.Count ? [list[index]] : [];
    }

    /// <summary>All members or items.</summary>
    internal sealed record All : Step
    {
        public override IEnumerable<JsonNode?> Select(JsonNode node) => node switch
        {
            JsonObject map => map.Select(member => member.Value),
            JsonArray list => list,
            _ => [],
        };
    }

    /// <summary>The items whose value at a path equals a literal (or differs from it); without a literal, those that have a value there.</summary>
    internal sealed record Filter(JsonPaths Path, JsonNode? Literal, bool IsNegated) : Step
    {
        public override IEnumerable<JsonNode?> Select(JsonNode node) => node is JsonArray list ? list.Where(Passes) : [];

        private bool Passes(JsonNode? item) => Path.First(item) is { } value && (Literal is null || JsonNode.DeepEquals(value, Literal) != IsNegated);
    }

    /// <summary>Makes the path of a filter's left side.</summary>
    internal static JsonPaths Of(IEnumerable<Step> steps)
    {
        var path = new JsonPaths();
        path._steps.AddRange(steps);
        return path;
    }
}
