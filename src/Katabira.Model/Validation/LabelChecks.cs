using System.Buffers;

namespace Katabira.Model.Validation;

/// <summary>Judges labels by the grammar of Kubernetes: a key is <c>[prefix/]name</c>, a value is a name or empty.</summary>
internal static class LabelChecks
{
    private const int LongestName = 63;

    private static readonly SearchValues<char> s_name =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.");

    /// <summary>Adds an error for every key and value that no workload can carry.</summary>
    public static void CheckLabels(this Findings findings, string path, IReadOnlyDictionary<string, string>? labels)
    {
        foreach (var (key, value) in labels ?? EmptyLabels)
        {
            if (!IsKey(key))
            {
                findings.Invalid(path, key, "label key must be a name such as app or example.com/app");
            }
            if (value.Length > 0 && !IsName(value))
            {
                findings.Invalid($"{path}[{key}]", value, "label value must be letters, digits, - _ . and must begin and end with a letter or digit");
            }
        }
    }

    private static IReadOnlyDictionary<string, string> EmptyLabels { get; } = new Dictionary<string, string>();

    private static bool IsKey(ReadOnlySpan<char> key)
    {
        var slash = key.IndexOf('/');
        var name = key[(slash + 1)..];
        return (slash < 0 || (Syntax.IsHostName(key[..slash]) && key[slash - 1] != '.')) && name.Length <= LongestName && IsName(name);
    }

    private static bool IsName(ReadOnlySpan<char> text) =>
        text.Length > 0 && char.IsAsciiLetterOrDigit(text[0]) && char.IsAsciiLetterOrDigit(text[^1]) && !text.ContainsAnyExcept(s_name);
}
