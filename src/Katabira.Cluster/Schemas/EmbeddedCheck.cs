using System.Text.Json.Nodes;
using Katabira.Cluster.Cel;

namespace Katabira.Cluster.Schemas;

/// <summary>Objects inside objects say what they are: apiVersion and kind. Their metadata is judged by whoever judges metadata.</summary>
internal static class EmbeddedCheck
{
    public static void Check(JsonNode? node, StructuralSchema schema, FieldIssues issues) => Check(node, schema, new FieldPath(), issues);

    private static void Check(JsonNode? node, StructuralSchema schema, FieldPath path, FieldIssues issues)
    {
        if (!schema.HasEmbedded)
        {
            return;
        }
        switch (node)
        {
            case JsonObject fields:
                if (schema.Embedded)
                {
                    CheckHeader(fields, path, issues);
                }
                foreach (var (name, value) in fields)
                {
                    var known = schema.ByName.TryGetValue(name, out var declared);
                    if (known)
                    {
                        path.Field(name);
                    }
                    else
                    {
                        path.Key(name);
                    }
                    Check(value, declared ?? schema.Additional ?? StructuralSchema.Empty, path, issues);
                    path.Leave();
                }
                break;
            case JsonArray array when schema.Items is { } items:
                for (var i = 0; i < array.Count; i++)
                {
                    path.Index(i);
                    Check(array[i], items, path, issues);
                    path.Leave();
                }
                break;
        }
    }

    private static void CheckHeader(JsonObject fields, FieldPath path, FieldIssues issues)
    {
        if (!fields.TryGetPropertyValue("apiVersion", out var version))
        {
            issues.Required(path.Bracketed("apiVersion"));
        }
        else if (!JsonScalar.TryGetString(version, out var text))
        {
            issues.Invalid(path.Bracketed("apiVersion"), version, "must be a string");
        }
        else if (text.Length == 0)
        {
            issues.Invalid(path.Bracketed("apiVersion"), text, "must not be empty");
        }
        else if (text.Count(c => c == '/') > 1)
        {
            issues.Invalid(path.Bracketed("apiVersion"), text, $"unexpected GroupVersion string: {text}");
        }
        if (!fields.TryGetPropertyValue("kind", out var kind))
        {
            issues.Required(path.Bracketed("kind"));
        }
        else if (!JsonScalar.TryGetString(kind, out var name))
        {
            issues.Invalid(path.Bracketed("kind"), kind, "must be a string");
        }
        else if (name.Length == 0)
        {
            issues.Invalid(path.Bracketed("kind"), name, "must not be empty");
        }
        else if (NameRules.Dns1035Label(name.ToLowerInvariant()) is { } error)
        {
            issues.Invalid(path.Bracketed("kind"), name, $"may have mixed case, but should otherwise match: {error}");
        }
    }
}
