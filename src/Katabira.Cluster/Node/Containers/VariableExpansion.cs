using System.Text;

namespace Katabira.Cluster.Node.Containers;

/// <summary>
/// <c>$(NAME)</c> in commands, arguments and variables. <c>$$</c> stands for a dollar sign, so <c>$$(NAME)</c> stays a reference; a reference to nothing stays as it
/// is; so does what is not one, such as <c>$NAME</c>. Pure.
/// </summary>
internal static class VariableExpansion
{
    /// <param name="find">A variable's value; null if there is none of that name.</param>
    public static string Expand(string text, Func<string, string?> find)
    {
        if (!text.Contains('$', StringComparison.Ordinal))
        {
            return text;
        }
        var result = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] != '$' || at + 1 == text.Length)
            {
                result.Append(text[at]);
                continue;
            }
            var end = text[at + 1] == '(' ? text.IndexOf(')', at + 2) : -1;
            if (end >= 0)
            {
                var name = text[(at + 2)..end];
                result.Append(find(name) ?? $"$({name})");
                at = end;
                continue;
            }
            at++;
            result.Append(text[at] == '$' ? "$" : $"${text[at]}");
        }
        return result.ToString();
    }
}
