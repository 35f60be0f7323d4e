using System.Text.Json.Nodes;

namespace Katabira.Cluster.Resources;

/// <summary>Label selectors inside objects. Pure: changes nothing.</summary>
internal static class SelectorRules
{
    public static void Validate(JsonObject? selector, string path, FieldIssues issues)
    {
        MetadataRules.Labels(selector, "matchLabels", $"{path}.matchLabels", issues);
        foreach (var (index, term) in selector.Items("matchExpressions").Index())
        {
            Term(term, $"{path}.matchExpressions[{index}]", issues);
        }
    }

    public static bool IsEmpty(JsonObject? selector) => selector.Child("matchLabels") is not { Count: > 0 } && selector.List("matchExpressions") is not { Count: > 0 };

    /// <summary>True if labels satisfy every term. A term with an unknown operator is satisfied by nothing.</summary>
    public static bool Matches(JsonObject? selector, JsonObject? labels) =>
        selector.Pairs("matchLabels").All(p => labels?[p.Key].AsText() == p.Value)
        && selector.Items("matchExpressions").All(t => Matches(t, labels?[t.Text("key")].AsText()));

    private static bool Matches(JsonObject term, string? value) => term.Text("operator") switch
    {
        "In" => value is not null && term.Texts("values").Contains(value),
        "NotIn" => value is null || !term.Texts("values").Contains(value),
        "Exists" => value is not null,
        "DoesNotExist" => value is null,
        _ => false,
    };

    private static void Term(JsonObject term, string path, FieldIssues issues)
    {
        var hasValues = term.List("values") is { Count: > 0 };
        switch (term.Text("operator"))
        {
            case "In" or "NotIn" when !hasValues:
                issues.Required($"{path}.values", "must be specified when `operator` is 'In' or 'NotIn'");
                break;
            case "Exists" or "DoesNotExist" when hasValues:
                issues.Forbidden($"{path}.values", "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
                break;
            case "In" or "NotIn" or "Exists" or "DoesNotExist":
                break;
            case var unknown:
                issues.Invalid($"{path}.operator", unknown, "not a valid selector operator");
                break;
        }
        issues.Invalid($"{path}.key", term.Text("key"), NameRules.QualifiedName(term.Text("key")));
        foreach (var (index, value) in term.Texts("values").Index())
        {
            issues.Invalid($"{path}.values[{index}]", value, NameRules.LabelValue(value));
        }
    }
}
