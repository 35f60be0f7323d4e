using System.Globalization;
using System.Text.Json.Nodes;
using Katabira.Cluster.Cel;
using Katabira.Cluster.Cel.Go;

namespace Katabira.Cluster.Schemas;

/// <summary>Sets hold no value twice, map lists no key twice.</summary>
internal static class ListChecks
{
    public static void Check(JsonNode? node, StructuralSchema schema, FieldIssues issues) => Check(node, schema, new FieldPath(), issues);

    private static void Check(JsonNode? node, StructuralSchema schema, FieldPath path, FieldIssues issues)
    {
        if (!schema.HasListTypes)
        {
            return;
        }
        switch (node)
        {
            case JsonObject fields:
                foreach (var (name, value) in fields)
                {
                    if (schema.ByName.TryGetValue(name, out var declared))
                    {
                        path.Field(name);
                        Check(value, declared, path, issues);
                        path.Leave();
                    }
                    else if (schema.Additional is { } additional)
                    {
                        path.Key(name);
                        Check(value, additional, path, issues);
                        path.Leave();
                    }
                }
                break;
            case JsonArray array:
                CheckList(array, schema, path, issues);
                for (var i = 0; schema.Items is { HasListTypes: true } items && i < array.Count; i++)
                {
                    path.Index(i);
                    Check(array[i], items, path, issues);
                    path.Leave();
                }
                break;
        }
    }

    private static void CheckList(JsonArray array, StructuralSchema schema, FieldPath path, FieldIssues issues)
    {
        if (schema.ListType == ListType.Atomic)
        {
            return;
        }
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < array.Count; i++)
        {
            var key = array[i];
            if (schema.ListType == ListType.Map)
            {
                if (array[i] is not (null or JsonObject))
                {
                    path.Index(i);
                    issues.Invalid(path.Bracketed(), array[i], "must be an object for an array of list-type map");
                    path.Leave();
                    return;
                }
                key = KeyOf(array[i] as JsonObject, schema);
            }
            var text = Canonical(key);
            seen[text] = seen.GetValueOrDefault(text) + 1;
            // A value that is there ten times is one mistake, reported where it first repeats.
            if (seen[text] == 2)
            {
                path.Index(i);
                issues.Duplicate(path.Bracketed(), key);
                path.Leave();
            }
        }
    }

    private static JsonObject KeyOf(JsonObject? item, StructuralSchema schema)
    {
        var key = new JsonObject();
        foreach (var name in schema.ListMapKeys)
        {
            if (item is not null && item.TryGetPropertyValue(name, out var value))
            {
                key[name] = value?.DeepClone();
            }
        }
        return key;
    }

    /// <summary>Text that is equal for equal values: members sorted, numbers by value.</summary>
    private static string Canonical(JsonNode? node) => node switch
    {
        JsonObject fields => '{' + string.Join(',', fields.OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => $"{f.Key.Length}:{f.Key}={Canonical(f.Value)}")) + '}',
        JsonArray array => '[' + string.Join(',', array.Select(Canonical)) + ']',
        // 1 and 1.0 are different values, as they are to the reader of the reference.
        _ when JsonScalar.TryGetNumber(node, out var number) => number.IsInteger ? string.Create(CultureInfo.InvariantCulture, $"i{number.Integer}") : "f" + GoFloat.Format(number.Double),
        _ when JsonScalar.TryGetString(node, out var text) => $"s{text.Length}:{text}",
        _ => node?.GetValueKind().ToString() ?? "null",
    };
}
