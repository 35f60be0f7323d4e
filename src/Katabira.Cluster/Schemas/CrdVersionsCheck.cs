using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Katabira.Cluster.Resources;

namespace Katabira.Cluster.Schemas;

/// <summary>The versions of a definition: names, exactly one for storage, schemas, subresources, columns.</summary>
internal static class CrdVersionsCheck
{
    private static readonly string[] s_columnTypes = ["boolean", "date", "integer", "number", "string"];
    private static readonly string[] s_columnFormats = ["byte", "date", "date-time", "double", "float", "int32", "int64", "password"];

    /// <summary>What may stand at the root if the status is judged by itself; the rest would be lost with the root.</summary>
    private static readonly string[] s_rootKeywords =
    [
        "description", "type", "format", "title", "maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum", "maxLength", "minLength", "pattern",
        "maxItems", "minItems", "uniqueItems", "multipleOf", "required", "items", "properties", "externalDocs", "example",
        "x-kubernetes-preserve-unknown-fields", "x-kubernetes-validations",
    ];

    public static void Check(JsonObject spec, PatternCache patterns, FieldIssues issues)
    {
        var versions = spec.Items("versions").ToList();
        var shared = new Shared(versions);
        foreach (var (index, version) in versions.Index())
        {
            var path = string.Create(CultureInfo.InvariantCulture, $"spec.versions[{index}]");
            if (NameRules.Dns1035Label(version.Text("name")) is { } error)
            {
                issues.Invalid($"{path}.name", version.Text("name"), error);
            }
            CheckDeprecation(version, $"{path}.deprecationWarning", issues);
            if (version.Child("schema")?.Child("openAPIV3Schema") is null)
            {
                issues.Required($"{path}.schema.openAPIV3Schema");
            }
            else if (!shared.Schema || index == 0)
            {
                CheckSchema(version, shared.Schema ? ["spec", "validation"] : ["spec", $"versions[{index}]", "schema"], patterns, issues);
            }
            if (!shared.Subresources || index == 0)
            {
                CheckSubresources(version.Child("subresources"), shared.Subresources ? "spec.subresources" : $"{path}.subresources", issues);
            }
            if (!shared.Columns || index == 0)
            {
                CheckColumns(version, shared.Columns ? "spec.additionalPrinterColumns" : $"{path}.additionalPrinterColumns", issues);
            }
        }
        if (versions.DistinctBy(v => v.Text("name")).Count() != versions.Count)
        {
            issues.Invalid("spec.versions", spec["versions"], "must contain unique version names");
        }
        if (versions.Count(v => v.Flag("storage")) != 1)
        {
            issues.Invalid("spec.versions", spec["versions"], "must have exactly one version marked as storage version");
        }
    }

    private static void CheckDeprecation(JsonObject version, string path, FieldIssues issues)
    {
        if (!version.Has("deprecationWarning"))
        {
            return;
        }
        var warning = version.Text("deprecationWarning");
        if (!version.Flag("deprecated"))
        {
            issues.Invalid(path, warning, "can only be set for deprecated versions");
            return;
        }
        if (Encoding.UTF8.GetByteCount(warning) > 256)
        {
            issues.Invalid(path, warning, "must be <= 256 characters long");
        }
        if (warning.Length == 0)
        {
            issues.Invalid(path, warning, "must not be an empty string");
        }
        if (warning.ToList().FindIndex(char.IsControl) is >= 0 and var control)
        {
            issues.Invalid(path, warning, string.Create(CultureInfo.InvariantCulture,
                $"must only contain printable UTF-8 characters; non-printable character found at index {control}"));
        }
    }

    private static void CheckSchema(JsonObject version, string[] place, PatternCache patterns, FieldIssues issues)
    {
        var path = new FieldPath();
        foreach (var step in place)
        {
            path.Field(step);
        }
        path.Field("openAPIV3Schema");
        var schema = version.Child("schema")!.Child("openAPIV3Schema")!;
        var found = new FieldIssues();
        SchemaShape.Check(schema, path, found);
        if (found.Count > 0)
        {
            issues.AddRange(found.ToList());
            return;
        }
        CheckRoot(schema, version.Child("subresources")?.Has("status") == true, path, issues);
        StructuralCheck.Check(schema, path, patterns, found);
        issues.AddRange(found.ToList());
        if (found.Count > 0)
        {
            SchemaCheck.Check(schema, null, path, issues);
            return;
        }
        var compiled = new SchemaReader(patterns).Read(schema);
        DefaultsCheck.Check(compiled, path, found);
        issues.AddRange(found.ToList());
        SchemaCheck.Check(schema, found.Count > 0 ? null : compiled, path, issues);
    }

    private static void CheckRoot(JsonObject schema, bool hasStatus, FieldPath path, FieldIssues issues)
    {
        if (schema.Flag("nullable"))
        {
            issues.Forbidden(path.Bracketed("nullable"), "nullable cannot be true at the root");
        }
        if (!hasStatus)
        {
            return;
        }
        if (schema.Text("type") is { Length: > 0 } type && type != "object")
        {
            issues.Invalid(path.Bracketed("type"), type,
                "only \"object\" is allowed as the type at the root of the schema if the status subresource is enabled");
        }
        else if (schema.Any(m => m.Value is not null && SchemaKeywords.Shapes.ContainsKey(m.Key) && !s_rootKeywords.Contains(m.Key)))
        {
            issues.Invalid(path.Bracketed(), schema,
                $"only [{string.Join(' ', s_rootKeywords)}] fields are allowed at the root of the schema if the status subresource is enabled");
        }
    }

    private static void CheckSubresources(JsonObject? subresources, string path, FieldIssues issues)
    {
        if (subresources?.Child("scale") is not { } scale)
        {
            return;
        }
        foreach (var (name, root) in new[] { ("specReplicasPath", ".spec."), ("statusReplicasPath", ".status.") })
        {
            var value = scale.Text(name);
            if (value.Length == 0)
            {
                issues.Required($"{path}.scale.{name}");
            }
            else if (CheckJsonPath(value, $"{path}.scale.{name}", issues) && !value.StartsWith(root, StringComparison.Ordinal))
            {
                issues.Invalid($"{path}.scale.{name}", value, $"should be a json path under {root[..^1]}");
            }
        }
        var selector = scale.Text("labelSelectorPath");
        if (selector.Length > 0 && CheckJsonPath(selector, $"{path}.scale.labelSelectorPath", issues)
            && !selector.StartsWith(".spec.", StringComparison.Ordinal) && !selector.StartsWith(".status.", StringComparison.Ordinal))
        {
            issues.Invalid($"{path}.scale.labelSelectorPath", selector, "should be a json path under either .spec or .status");
        }
    }

    private static void CheckColumns(JsonObject version, string path, FieldIssues issues)
    {
        foreach (var (index, column) in version.Items("additionalPrinterColumns").Index())
        {
            var at = string.Create(CultureInfo.InvariantCulture, $"{path}[{index}]");
            if (column.Text("name").Length == 0)
            {
                issues.Required($"{at}.name");
            }
            if (column.Text("type").Length == 0)
            {
                issues.Required($"{at}.type", $"must be one of {string.Join(',', s_columnTypes)}");
            }
            else if (!s_columnTypes.Contains(column.Text("type")))
            {
                issues.Invalid($"{at}.type", column.Text("type"), $"must be one of {string.Join(',', s_columnTypes)}");
            }
            if (column.Text("format").Length > 0 && !s_columnFormats.Contains(column.Text("format")))
            {
                issues.Invalid($"{at}.format", column.Text("format"), $"must be one of {string.Join(',', s_columnFormats)}");
            }
            if (column.Text("jsonPath").Length == 0)
            {
                issues.Required($"{at}.JSONPath");
            }
            else
            {
                CheckJsonPath(column.Text("jsonPath"), $"{at}.JSONPath", issues);
            }
        }
    }

    private static bool CheckJsonPath(string value, string path, FieldIssues issues)
    {
        if (value[0] == '.')
        {
            return true;
        }
        issues.Invalid(path, value, "must be a simple json path starting with .");
        return false;
    }

    /// <summary>What is the same in all versions.</summary>
    private sealed class Shared(List<JsonObject> versions)
    {
        public bool Schema { get; } = Same(versions, "schema");

        public bool Subresources { get; } = Same(versions, "subresources");

        public bool Columns { get; } = Same(versions, "additionalPrinterColumns");

        private static bool Same(List<JsonObject> versions, string name) => versions.Skip(1).All(v => JsonNode.DeepEquals(v[name], versions[0][name]));
    }
}
