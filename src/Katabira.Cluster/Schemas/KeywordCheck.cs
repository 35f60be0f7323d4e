using System.Text.Json.Nodes;
using Katabira.Cluster.Resources;

namespace Katabira.Cluster.Schemas;

/// <summary>Keywords that Kubernetes does not support, or not with that value.</summary>
internal static class KeywordCheck
{
    private static readonly string[] s_types = ["array", "boolean", "integer", "number", "object", "string"];

    /// <summary>Looks at one schema, not at those inside.</summary>
    /// <param name="schema">The schema.</param>
    /// <param name="path">Where it stands.</param>
    /// <param name="defaultsForbidden">Why it may have no default; null if it may.</param>
    /// <param name="inMetadata">It belongs to an object's metadata or header.</param>
    /// <param name="issues">Takes what is wrong.</param>
    public static void Check(JsonObject schema, FieldPath path, string? defaultsForbidden, bool inMetadata, FieldIssues issues)
    {
        var type = schema.Text("type");
        if (type.Length > 0 && !s_types.Contains(type))
        {
            issues.NotSupported(path.Bracketed("type"), type, s_types);
        }
        if (schema.Has("default") && defaultsForbidden is not null)
        {
            issues.Forbidden(path.Bracketed("default"), $"must not be set {defaultsForbidden}");
        }
        if (schema.Text("id").Length > 0)
        {
            issues.Forbidden(path.Bracketed("id"), "id is not supported");
        }
        foreach (var keyword in new[] { "additionalItems", "patternProperties", "definitions", "dependencies", "$ref" })
        {
            var isSet = schema[keyword] is { } value && (value is not JsonObject { Count: 0 } || keyword is "dependencies" or "additionalItems");
            if (isSet)
            {
                issues.Forbidden(path.Bracketed(keyword), $"{keyword} is not supported");
            }
        }
        if (type == "null")
        {
            issues.Forbidden(path.Bracketed("type"), "type cannot be set to null, use nullable as an alternative");
        }
        if (schema["items"] is JsonArray { Count: > 0 })
        {
            issues.Forbidden(path.Bracketed("items"), "items must be a schema object and not an array");
        }
        if (inMetadata && schema.Flag("x-kubernetes-embedded-resource"))
        {
            issues.Forbidden(path.Bracketed("x-kubernetes-embedded-resource"), "must not be used inside of resource meta");
        }
        if (schema.Flag("uniqueItems"))
        {
            issues.Forbidden(path.Bracketed("uniqueItems"), "uniqueItems cannot be set to true since the runtime complexity becomes quadratic");
        }
        if (schema.Child("properties") is { Count: > 0 }
            && (schema.Child("additionalProperties") is not null || schema.FlagOrNull("additionalProperties") == false))
        {
            issues.Forbidden(path.Bracketed("additionalProperties"), "additionalProperties and properties are mutual exclusive");
        }
        if (schema.FlagOrNull("x-kubernetes-preserve-unknown-fields") == false)
        {
            issues.Add(new(path.Bracketed("x-kubernetes-preserve-unknown-fields"), FieldIssueReason.FieldValueInvalid,
                "Invalid value: false: must be true or undefined"));
        }
    }
}
