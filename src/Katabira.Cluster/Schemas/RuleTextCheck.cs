using System.Text.Json.Nodes;
using Katabira.Cluster.Resources;

namespace Katabira.Cluster.Schemas;

/// <summary>A rule as text: what must be there, what may not hold line breaks, which reasons there are. Whether it compiles is asked elsewhere.</summary>
internal static class RuleTextCheck
{
    private static readonly string[] s_reasons = ["FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired"];

    /// <param name="rule">The rule as JSON.</param>
    /// <param name="schema">The schema that it stands in; null where rules are forbidden anyway.</param>
    /// <param name="path">Where the rule stands.</param>
    /// <param name="issues">Takes what is wrong.</param>
    public static void Check(JsonObject rule, StructuralSchema? schema, string path, FieldIssues issues)
    {
        var (text, message) = (rule.Text("rule").Trim(), rule.Text("message").Trim());
        if (text.Length == 0)
        {
            issues.Required($"{path}.rule", "rule is not specified");
        }
        else if (rule.Text("message").Length > 0 && message.Length == 0)
        {
            issues.Invalid($"{path}.message", rule.Text("message"), "must be non-empty if specified");
        }
        else if (HasLineBreak(message))
        {
            issues.Invalid($"{path}.message", rule.Text("message"), "must not contain line breaks");
        }
        else if (HasLineBreak(text) && message.Length == 0)
        {
            issues.Required($"{path}.message", "message must be specified if rule contains line breaks");
        }
        if (rule.Text("messageExpression") is { Length: > 0 } expression && expression.Trim().Length == 0)
        {
            issues.Required($"{path}.messageExpression", "messageExpression must be non-empty if specified");
        }
        if (rule.Has("reason") && !s_reasons.Contains(rule.Text("reason")))
        {
            issues.NotSupported($"{path}.reason", rule.Text("reason"), s_reasons);
        }
        CheckFieldPath(rule.Text("fieldPath"), schema, $"{path}.fieldPath", issues);
    }

    private static void CheckFieldPath(string field, StructuralSchema? schema, string path, FieldIssues issues)
    {
        if (field.Length == 0)
        {
            return;
        }
        if (field.Trim().Length == 0)
        {
            issues.Invalid(path, field, "must be non-empty if specified");
        }
        if (HasLineBreak(field))
        {
            issues.Invalid(path, field, "must not contain line breaks");
        }
        if (schema is not null && !RuleFieldPath.TryNormalize(field, schema, out _))
        {
            issues.Invalid(path, field, "must be a valid path");
        }
    }

    private static bool HasLineBreak(string text) => text.AsSpan().IndexOfAny('\n', '\r') >= 0;
}
