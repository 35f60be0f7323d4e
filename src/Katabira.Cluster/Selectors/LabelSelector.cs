using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Katabira.Cluster.Patching;

namespace Katabira.Cluster.Selectors;

/// <summary>A condition on labels, from the query parameter <c>labelSelector</c> or from the object form in webhooks and workloads. Immutable and thread-safe.</summary>
internal sealed class LabelSelector
{
    private readonly bool _matchesNothing;

    private LabelSelector(ImmutableArray<LabelRequirement> requirements, bool matchesNothing = false) => (Requirements, _matchesNothing) = (requirements, matchesNothing);

    /// <summary>Matches whatever labels there are.</summary>
    public static LabelSelector Everything { get; } = new([]);

    /// <summary>Matches nothing: what an absent selector object means.</summary>
    public static LabelSelector Nothing { get; } = new([], matchesNothing: true);

    /// <summary>All of these must be met.</summary>
    public ImmutableArray<LabelRequirement> Requirements { get; }

    /// <summary>True if nothing is asked of the labels.</summary>
    public bool IsEverything => Requirements.IsEmpty && !_matchesNothing;

    /// <summary>Reads the text form; the empty text matches everything.</summary>
    /// <param name="text">E.g. <c>app=web,tier notin (a,b)</c>.</param>
    /// <param name="selector">The selector; <see cref="Nothing"/> if the text is none.</param>
    /// <param name="problem">The message of the 400, e.g. <c>unable to parse requirement: …</c>.</param>
    public static bool TryParse(string text, out LabelSelector selector, out string problem)
    {
        (var requirements, problem) = new LabelSelectorParser(text).Parse();
        selector = problem.Length > 0 ? Nothing : new LabelSelector(requirements);
        return problem.Length == 0;
    }

    /// <summary>Reads the object form, <c>matchLabels</c> and <c>matchExpressions</c>; both empty matches everything, null matches nothing.</summary>
    /// <param name="node">The object.</param>
    /// <param name="selector">The selector; <see cref="Nothing"/> if the object is none.</param>
    /// <param name="problem">What is wrong, without the path that leads to the selector.</param>
    public static bool TryRead(JsonNode? node, out LabelSelector selector, out string problem)
    {
        selector = Nothing;
        problem = "";
        if (node is null)
        {
            return true;
        }
        if (node is not JsonObject map || map["matchLabels"] is not (null or JsonObject) || map["matchExpressions"] is not (null or JsonArray))
        {
            problem = "a label selector is an object with the map matchLabels and the list matchExpressions";
            return false;
        }
        var labels = map["matchLabels"]?.AsObject() ?? [];
        var expressions = map["matchExpressions"]?.AsArray() ?? [];
        if (labels.Count + expressions.Count > LabelSelectorParser.MaxRequirements)
        {
            problem = $"too many requirements: must have at most {LabelSelectorParser.MaxRequirements}";
            return false;
        }
        var requirements = ImmutableArray.CreateBuilder<LabelRequirement>(labels.Count + expressions.Count);
        foreach (var (requirement, wrong) in labels.Select(FromLabel).Concat(expressions.Select(FromExpression)))
        {
            if (requirement is null)
            {
                problem = wrong;
                return false;
            }
            requirements.Add(requirement);
        }
        selector = new LabelSelector(requirements.ToImmutable());
        return true;
    }

    /// <summary>True if <paramref name="labels"/>, the map <c>metadata.labels</c> or null, meet every requirement.</summary>
    public bool Matches(JsonObject? labels)
    {
        foreach (var requirement in Requirements)
        {
            if (!requirement.Matches(TextOf(labels?[requirement.Key])))
            {
                return false;
            }
        }
        return !_matchesNothing;
    }

    /// <inheritdoc cref="Matches(JsonObject?)"/>
    public bool Matches(IReadOnlyDictionary<string, string> labels)
    {
        foreach (var requirement in Requirements)
        {
            if (!requirement.Matches(labels.GetValueOrDefault(requirement.Key)))
            {
                return false;
            }
        }
        return !_matchesNothing;
    }

    /// <summary>In the form of a query.</summary>
    public override string ToString() => string.Join(',', Requirements);

    private static (LabelRequirement? Requirement, string Problem) FromLabel(KeyValuePair<string, JsonNode?> label) =>
        TextOf(label.Value) is { } value
            ? LabelRequirement.Create(label.Key, LabelOperator.In, [value])
            : (null, $"matchLabels[{GoText.Shown(label.Key)}]: the value is not a text");

    private static (LabelRequirement? Requirement, string Problem) FromExpression(JsonNode? node)
    {
        if (node is not JsonObject expression || expression["values"] is not (null or JsonArray) || TextOf(expression["key"]) is not { } key)
        {
            return (null, "an entry of matchExpressions is an object with the texts key and operator and the list values");
        }
        LabelOperator? meant = TextOf(expression["operator"]) switch
        {
            "In" => LabelOperator.In,
            "NotIn" => LabelOperator.NotIn,
            "Exists" => LabelOperator.Exists,
            "DoesNotExist" => LabelOperator.DoesNotExist,
            _ => null,
        };
        if (meant is not { } found)
        {
            return (null, $"{GoText.Quoted(TextOf(expression["operator"]) ?? "")} is not a valid label selector operator");
        }
        var values = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in expression["values"]?.AsArray() ?? [])
        {
            if (TextOf(item) is not { } value)
            {
                return (null, "an entry of matchExpressions is an object with the texts key and operator and the list values");
            }
            values.Add(value);
        }
        return LabelRequirement.Create(key, found, values);
    }

    private static string? TextOf(JsonNode? node) => node?.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : null;
}
