using System.Text.Json.Nodes;
using Katabira.Cluster.Resources;

namespace Katabira.Cluster.Schemas;

/// <summary>A default must itself be what its schema allows, or it would break objects that are fine.</summary>
internal static class DefaultsCheck
{
    /// <summary>Reports every default that its own schema refuses.</summary>
    public static void Check(StructuralSchema schema, FieldPath path, FieldIssues issues)
    {
        if (!schema.HasDefaults)
        {
            return;
        }
        if (schema.Default is { } value)
        {
            CheckOne(schema, value, path.Bracketed("default"), issues);
        }
        if (schema.Items is { } items)
        {
            path.Field("items");
            Check(items, path, issues);
            path.Leave();
        }
        foreach (var (name, property) in schema.Properties)
        {
            path.Field("properties");
            path.Key(name);
            Check(property, path, issues);
            path.Leave();
            path.Leave();
        }
    }

    private static void CheckOne(StructuralSchema schema, JsonNode value, string path, FieldIssues issues)
    {
        var pruned = value.DeepClone();
        Pruning.Prune(pruned, schema, isResource: false);
        if (!JsonNode.DeepEquals(pruned, value))
        {
            issues.Invalid(path, value, "must not have unknown fields");
        }
        var found = new FieldIssues();
        EmbeddedCheck.Check(value, schema, found);
        if (found.Count == 0)
        {
            ValueCheck.Check(value, schema, found, path);
        }
        if (found.Count == 0)
        {
            // Once as if it had always been there, once as if it were new.
            var rules = RuleTree.Compile(schema, isResource: schema.Embedded);
            RuleCheck.Check(rules, value, value, found);
            RuleCheck.Check(rules, value, null, found);
            issues.AddRange(found.ToList().Select(i => i with { Path = i.Path == FieldIssue.NoPath ? path : $"{path}.{i.Path}" }));
            return;
        }
        issues.AddRange(found.ToList());
    }
}
