using System.Text.Json.Nodes;
using Katabira.Cluster.Resources;

namespace Katabira.Cluster.Schemas;

/// <summary>Keywords in the schemas of a definition that Kubernetes does not know. Schemas hold schemas, so no table of fields can list them.</summary>
internal static class CrdFields
{
    /// <summary>Takes unknown keywords out of every version's schema, in place; what is not a schema is left to others.</summary>
    /// <param name="crd">The definition.</param>
    /// <param name="unknown">Takes the path of each, e.g. <c>spec.versions[0].schema.openAPIV3Schema.properties.spec.typ</c>; null if nobody asks.</param>
    public static void PruneSchemas(JsonObject crd, ICollection<string>? unknown = null)
    {
        foreach (var (index, version) in (crd.Child("spec")?.Items("versions") ?? []).Index())
        {
            if (version.Child("schema")?.Child("openAPIV3Schema") is { } schema)
            {
                var path = new FieldPath();
                path.Field("spec");
                path.Field("versions");
                path.Index(index);
                path.Field("schema");
                path.Field("openAPIV3Schema");
                Prune(schema, path, unknown);
            }
        }
    }

    private static void Prune(JsonObject schema, FieldPath path, ICollection<string>? unknown)
    {
        // Deeper schemas are refused anyway, and the stack is finite.
        if (path.Depth > 3 * SchemaShape.DeepestSchema)
        {
            return;
        }
        // backwards: few entries stay behind a removed one, and have to move up
        foreach (var keyword in schema.Select(m => m.Key).Where(k => !SchemaKeywords.Shapes.ContainsKey(k)).Reverse().ToList())
        {
            if (unknown?.Count < Pruning.MostNamed)
            {
                unknown.Add(path.Dotted(keyword));
            }
            schema.Remove(keyword);
        }
        foreach (var (keyword, key, index, child) in SchemaKeywords.Children(schema))
        {
            SchemaShape.Steps.Enter(path, keyword, key, index);
            Prune(child, path, unknown);
            SchemaShape.Steps.Leave(path, key, index);
        }
    }
}
