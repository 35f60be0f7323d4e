namespace Katabira.Model.Validation;

/// <summary>The grammar of Kubernetes' labels: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels.</summary>
internal static class LabelSyntax
{
    private const int LongestPart = 63;

    private static readonly System.Buffers.SearchValues<char> s_inner =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.");

    /// <summary>A name, with a DNS name and a slash before it or not.</summary>
    public static bool IsKey(ReadOnlySpan<char> text)
    {
        var slash = text.IndexOf('/');
        return slash < 0 ? IsName(text) : Syntax.IsHostName(text[..slash]) && IsName(text[(slash + 1)..]);
    }

    /// <summary>A name or nothing.</summary>
    public static bool IsValue(ReadOnlySpan<char> text) => text.IsEmpty || IsName(text);

    private static bool IsName(ReadOnlySpan<char> text) =>
        text.Length is > 0 and <= LongestPart
        && char.IsAsciiLetterOrDigit(text[0])
        && char.IsAsciiLetterOrDigit(text[^1])
        && !text.ContainsAnyExcept(s_inner);
}
