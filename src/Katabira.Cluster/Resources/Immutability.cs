using System.Text.Json.Nodes;

namespace Katabira.Cluster.Resources;

/// <summary>Fields that an update may not change.</summary>
internal static class Immutability
{
    /// <summary><c>Invalid value: …: field is immutable</c> if the field differs.</summary>
    public static void Require(JsonObject? now, JsonObject? old, string field, string path, FieldIssues issues, string detail = FieldIssues.Immutable)
    {
        if (!JsonNode.DeepEquals(now?[field], old?[field]))
        {
            issues.Invalid(path, now?[field], detail);
        }
    }

    /// <summary>A selector, printed as Go prints one, because that is what people search for.</summary>
    public static void RequireSelector(JsonObject? now, JsonObject? old, FieldIssues issues)
    {
        var selector = now.Child("selector");
        if (!JsonNode.DeepEquals(selector, old.Child("selector")))
        {
            issues.InvalidText("spec.selector", $"v1.LabelSelector{{MatchLabels:{GoMap(selector, "matchLabels")}, MatchExpressions:{GoTerms(selector)}}}", FieldIssues.Immutable);
        }
    }

    /// <summary><c>map[string]string{"a":"b"}</c></summary>
    public static string GoMap(JsonObject? owner, string field) => owner.Child(field) is { Count: > 0 }
        ? $"map[string]string{{{string.Join(", ", owner.Pairs(field).OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => $"\"{p.Key}\":\"{p.Value}\""))}}}"
        : "map[string]string(nil)";

    /// <summary><c>[]string{"a", "b"}</c></summary>
    public static string GoStrings(IEnumerable<string> values) => $"[]string{{{string.Join(", ", values.Select(v => $"\"{v}\""))}}}";

    private static string GoTerms(JsonObject? selector)
    {
        const string type = "[]v1.LabelSelectorRequirement";
        var terms = selector.Items("matchExpressions")
            .Select(t => $"v1.LabelSelectorRequirement{{Key:\"{t.Text("key")}\", Operator:\"{t.Text("operator")}\", Values:{GoStrings(t.Texts("values"))}}}")
            .ToArray();
        return terms.Length == 0 ? $"{type}(nil)" : $"{type}{{{string.Join(", ", terms)}}}";
    }
}
