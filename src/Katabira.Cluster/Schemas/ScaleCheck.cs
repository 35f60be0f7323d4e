using System.Text.Json.Nodes;
using Katabira.Cluster.Cel;

namespace Katabira.Cluster.Schemas;

/// <summary>The numbers that the scale subresource shows must be numbers of replicas.</summary>
internal static class ScaleCheck
{
    /// <param name="obj">The object.</param>
    /// <param name="scale">Where the numbers are; an empty path is not looked at. Null if there is no such subresource.</param>
    /// <param name="issues">Takes what is wrong.</param>
    public static void Check(JsonObject obj, ScalePaths? scale, FieldIssues issues)
    {
        if (scale is null)
        {
            return;
        }
        CheckReplicas(obj, scale.SpecReplicas, issues);
        CheckReplicas(obj, scale.StatusReplicas, issues);
        if (Find(obj, scale.LabelSelector) is { } selector && !JsonScalar.TryGetString(selector, out _))
        {
            issues.Invalid(scale.LabelSelector, "", $"{scale.LabelSelector} accessor error: {FieldIssues.Text(selector)} is not a string");
        }
    }

    private static void CheckReplicas(JsonObject obj, string path, FieldIssues issues)
    {
        if (Find(obj, path) is not { } value)
        {
            return;
        }
        if (!JsonScalar.TryGetNumber(value, out var number) || !number.IsInteger)
        {
            issues.Invalid(path, 0, $"{path} accessor error: {FieldIssues.Text(value)} is not an integer");
        }
        else if (number.Integer < 0)
        {
            issues.Invalid(path, value, "should be a non-negative integer");
        }
        else if (number.Integer > int.MaxValue)
        {
            issues.Invalid(path, value, "should be less than or equal to 2147483647");
        }
    }

    private static JsonNode? Find(JsonObject obj, string path)
    {
        JsonNode? at = path.Length == 0 ? null : obj;
        foreach (var name in path.TrimStart('.').Split('.'))
        {
            at = (at as JsonObject)?[name];
        }
        return at;
    }
}
