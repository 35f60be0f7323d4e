using System.Text;

namespace Katabira.Cluster.Schemas;

/// <summary>The field that a rule blames, e.g. <c>.spec.ports['http']</c>, relative to the place of the rule.</summary>
internal static class RuleFieldPath
{
    /// <summary>Checks a path against the schema and writes it as messages do. False if it names nothing.</summary>
    public static bool TryNormalize(string path, StructuralSchema schema, out string normalized)
    {
        var text = new StringBuilder();
        normalized = "";
        for (var at = 0; at < path.Length;)
        {
            string name;
            if (path[at] == '.')
            {
                var end = path.AsSpan(at + 1).IndexOfAny(".[]");
                name = end < 0 ? path[(at + 1)..] : path.Substring(at + 1, end);
                at += 1 + name.Length;
            }
            else if (!TryQuoted(path, ref at, out name))
            {
                return false;
            }
            if (name.Length == 0 || Next(schema, name) is not { } next)
            {
                return false;
            }
            var isField = !schema.Properties.IsEmpty;
            text.Append(isField ? text.Length > 0 ? "." : "" : "[").Append(name).Append(isField ? "" : "]");
            schema = next;
        }
        normalized = text.ToString();
        return normalized.Length > 0;
    }

    private static StructuralSchema? Next(StructuralSchema schema, string name) =>
        !schema.Properties.IsEmpty ? schema.ByName.GetValueOrDefault(name) : schema.Additional;

    /// <summary><c>['name']</c>, with the escapes of CEL's single quotes.</summary>
    private static bool TryQuoted(string path, ref int at, out string name)
    {
        var result = new StringBuilder();
        name = "";
        if (string.CompareOrdinal(path, at, "['", 0, 2) != 0)
        {
            return false;
        }
        for (at += 2; at < path.Length && path[at] != '\''; at++)
        {
            if (path[at] != '\\')
            {
                result.Append(path[at]);
                continue;
            }
            var escape = ++at < path.Length ? "abfnrtv'\\".IndexOf(path[at], StringComparison.Ordinal) : -1;
            if (escape < 0)
            {
                return false;
            }
            result.Append("\a\b\f\n\r\t\v'\\"[escape]);
        }
        name = result.ToString();
        if (string.CompareOrdinal(path, at, "']", 0, 2) != 0)
        {
            return false;
        }
        at += 2;
        return true;
    }
}
