using System.Collections.Frozen;
using System.Text;

namespace Katabira.Cluster.Cel;

/// <summary>Names of properties as expressions write them: what CEL reserves or cannot spell is escaped, e.g. <c>namespace</c> is
/// <c>__namespace__</c>.</summary>
/// <remarks>The escapes are Kubernetes' own, described in its documentation of validation rules.</remarks>
internal static class CelName
{
    /// <summary>Words that cannot be identifiers.</summary>
    public static readonly FrozenSet<string> Reserved = FrozenSet.Create(StringComparer.Ordinal,
        "true", "false", "null", "in", "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop", "package", "namespace",
        "return", "var", "void", "while");

    /// <summary>False if the property cannot be named in an expression at all.</summary>
    public static bool TryEscape(string property, out string name)
    {
        name = property;
        if (property.Length == 0 || char.IsAsciiDigit(property[0]))
        {
            return false;
        }
        if (Reserved.Contains(property))
        {
            name = $"__{property}__";
            return true;
        }
        var plain = true;
        for (var i = 0; i < property.Length; i++)
        {
            var c = property[i];
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('_' or '-' or '.' or '/'))
            {
                return false;
            }
            plain &= c is not ('-' or '.' or '/') && (c != '_' || i == 0 || property[i - 1] != '_');
        }
        name = plain ? property : Escape(property);
        return true;
    }

    private static string Escape(string property)
    {
        var result = new StringBuilder(property.Length + 16);
        for (var i = 0; i < property.Length; i++)
        {
            switch (property[i])
            {
                case '-':
                    result.Append("__dash__");
                    break;
                case '.':
                    result.Append("__dot__");
                    break;
                case '/':
                    result.Append("__slash__");
                    break;
                case '_' when i + 1 < property.Length && property[i + 1] == '_':
                    result.Append("__underscores__");
                    i++;
                    break;
                default:
                    result.Append(property[i]);
                    break;
            }
        }
        return result.ToString();
    }
}
