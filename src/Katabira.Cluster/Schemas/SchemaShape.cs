using System.Globalization;
using System.Text.Json.Nodes;

namespace Katabira.Cluster.Schemas;

/// <summary>The first look at a schema: it is not too deep, not too large, and every keyword has a value of the right JSON type. Only then is it read any
/// further.</summary>
internal sealed class SchemaShape
{
    /// <summary>Schemas below schemas. The deepest in use (a pod template in a pod template) need about 40.</summary>
    public const int DeepestSchema = 100;

    /// <summary>Schemas in one version. The largest definitions in use have some ten thousand.</summary>
    public const int MostSchemas = 100_000;

    private readonly FieldIssues _issues;
    private readonly FieldPath _path;
    private int _count;

    private SchemaShape(FieldPath path, FieldIssues issues)
    {
        _path = path;
        _issues = issues;
    }

    public static void Check(JsonObject schema, FieldPath path, FieldIssues issues) => new SchemaShape(path, issues).Visit(schema, 1);

    private void Visit(JsonObject schema, int depth)
    {
        if (++_count > MostSchemas || depth > DeepestSchema)
        {
            // Said once, not for every schema beyond.
            if (_count == MostSchemas + 1 || depth == DeepestSchema + 1)
            {
                _issues.Forbidden(_path.Bracketed(), depth > DeepestSchema
                    ? string.Create(CultureInfo.InvariantCulture, $"schemas may be nested {DeepestSchema} levels deep at most")
                    : string.Create(CultureInfo.InvariantCulture, $"a version may have {MostSchemas} schemas at most"));
            }
            return;
        }
        foreach (var (keyword, value) in schema)
        {
            if (value is not null && SchemaKeywords.Shapes.TryGetValue(keyword, out var shape) && SchemaKeywords.Misshapen(shape, value) is { } wanted)
            {
                var got = value.GetValueKind().ToString().ToLowerInvariant();
                _issues.WrongType(_path.Bracketed(keyword), got, $"must be of type {wanted}");
            }
        }
        foreach (var (keyword, key, index, child) in SchemaKeywords.Children(schema))
        {
            Steps.Enter(_path, keyword, key, index);
            Visit(child, depth + 1);
            Steps.Leave(_path, key, index);
        }
    }

    /// <summary>The way from a schema to one inside it, e.g. <c>properties[spec]</c> or <c>oneOf[0]</c>.</summary>
    internal static class Steps
    {
        public static void Enter(FieldPath path, string keyword, string? key, int? index)
        {
            path.Field(keyword);
            if (key is not null)
            {
                path.Key(key);
            }
            if (index is { } i)
            {
                path.Index(i);
            }
        }

        public static void Leave(FieldPath path, string? key, int? index)
        {
            path.Leave();
            if (key is not null || index is not null)
            {
                path.Leave();
            }
        }
    }
}
