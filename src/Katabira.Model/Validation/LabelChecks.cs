using System.Buffers;

namespace Katabira.Model.Validation;

/// <summary>Judges labels by the grammar of Kubernetes: a key is <c>[prefix/]name</c>, a value is a name or empty.</summary>
/// <remarks>Source: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels.</remarks>
internal static class LabelChecks
{
    private const int LongestName = 63;

    /// <summary>Adds an error for every key and value that no workload can carry. Labels that are left out are never wrong.</summary>
    public static void CheckLabels(this Findings findings, string path, IReadOnlyDictionary<string, string>? labels)
    {
        foreach (var (key, value) in labels ?? s_none)
        {
            if (!IsKey(key))
            {
                findings.Invalid(path, key, "label key must be a name such as app or example.com/app");
            }
            if (!IsValue(value))
            {
                findings.Invalid($"{path}[{key}]", value, "label value must be at most 63 letters, digits, - _ . and must begin and end with a letter or digit");
            }
        }
    }

    /// <summary>Labels that workloads are compared with as they stand: no key is empty, and a star, which no label has, would be meant as a wildcard.</summary>
    /// <param name="findings">Where errors go.</param>
    /// <param name="path">Where the labels are.</param>
    /// <param name="labels">What is judged.</param>
    /// <param name="starInKey">What the author reads about a star in a key; the kinds differ.</param>
    /// <param name="starInValue">The same of a value.</param>
    public static void CheckExactLabels(
        this Findings findings, string path, IReadOnlyDictionary<string, string> labels, string starInKey, string starInValue)
    {
        foreach (var (key, value) in labels)
        {
            if (key.Length == 0)
            {
                findings.Broken(path, "key must not be empty");
            }
            if (key.Contains('*'))
            {
                findings.Broken(path, starInKey);
            }
            if (value.Contains('*'))
            {
                findings.Invalid($"{path}[{key}]", value, starInValue);
            }
        }
    }

    /// <summary>A name, with a DNS name and a slash before it or not.</summary>
    public static bool IsKey(ReadOnlySpan<char> text)
    {
        var slash = text.IndexOf('/');
        return slash < 0 ? IsName(text) : Syntax.IsHostName(text[..slash]) && text[slash - 1] != '.' && IsName(text[(slash + 1)..]);
    }

    /// <summary>A name or nothing.</summary>
    public static bool IsValue(ReadOnlySpan<char> text) => text.IsEmpty || IsName(text);

    private static readonly Dictionary<string, string> s_none = [];

    private static readonly SearchValues<char> s_name =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.");

    private static bool IsName(ReadOnlySpan<char> text) =>
        text.Length is > 0 and <= LongestName
        && char.IsAsciiLetterOrDigit(text[0])
        && char.IsAsciiLetterOrDigit(text[^1])
        && !text.ContainsAnyExcept(s_name);
}
