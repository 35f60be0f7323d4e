using System.Text.Json;

namespace Katabira.Cluster.Tables;

/// <summary>Label selectors and label sets as one line, sorted by key.</summary>
internal static class SelectorText
{
    /// <summary><c>a=b,c in (d,e),!f</c>; <c>&lt;none&gt;</c> if it selects by nothing, <c>&lt;error&gt;</c> if an operator is unknown.</summary>
    public static string Of(JsonElement selector)
    {
        var terms = new List<(string Key, string Text)>();
        foreach (var (key, value) in selector.Pairs("matchLabels"))
        {
            terms.Add((key, $"{key}={value}"));
        }
        foreach (var expression in selector.Items("matchExpressions"))
        {
            var key = expression.Text("key");
            if (Term(key, expression) is not { } text)
            {
                return "<error>";
            }
            terms.Add((key, text));
        }
        return terms.Count == 0 ? RowWriter.None : string.Join(',', terms.OrderBy(t => t.Key, StringComparer.Ordinal).Select(t => t.Text));
    }

    /// <summary><c>a=b,c=d</c>; <c>&lt;none&gt;</c> if there are none.</summary>
    public static string OfLabels(JsonElement owner, string field)
    {
        var text = string.Join(',', owner.Pairs(field).OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => $"{p.Key}={p.Value}"));
        return text.Length == 0 ? RowWriter.None : text;
    }

    private static string? Term(string key, JsonElement expression) => expression.Text("operator") switch
    {
        "In" => $"{key} in ({Values(expression)})",
        "NotIn" => $"{key} notin ({Values(expression)})",
        "Exists" => key,
        "DoesNotExist" => $"!{key}",
        _ => null,
    };

    private static string Values(JsonElement expression) => string.Join(',', expression.Texts("values").Order(StringComparer.Ordinal));
}
