using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Katabira.Model.Authorization;

/// <summary>Texts that match if one of a list of patterns does. Immutable; matching allocates nothing.</summary>
/// <remarks>A pattern is <c>abc</c>, <c>abc*</c>, <c>*abc</c> or <c>*</c>; where stars are free, any of its stars is a wildcard.</remarks>
internal sealed class TextPatterns
{
    private readonly FrozenSet<string> _exact;
    private readonly ImmutableArray<ImmutableArray<string>> _wild;
    private readonly StringComparison _comparison;

    /// <param name="patterns">The patterns, none empty.</param>
    /// <param name="freeStars">A star may stand anywhere, not only first or last.</param>
    /// <param name="comparison">Ordinal, with or without regard to case.</param>
    public TextPatterns(IEnumerable<string> patterns, bool freeStars = false, StringComparison comparison = StringComparison.Ordinal)
    {
        var all = patterns.Select(p => Split(p, freeStars)).ToArray();
        _comparison = comparison;
        _exact = all.Where(p => p.Length == 1).Select(p => p[0]).ToFrozenSet(StringComparer.FromComparison(comparison));
        _wild = [.. all.Where(p => p.Length > 1)];
    }

    /// <summary>True if a pattern matches.</summary>
    public bool Match(string text)
    {
        if (_exact.Contains(text))
        {
            return true;
        }
        foreach (var pieces in _wild)
        {
            if (Match(text, pieces))
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>The text between wildcards: one piece for an exact pattern.</summary>
    private static ImmutableArray<string> Split(string pattern, bool freeStars) =>
        freeStars ? [.. pattern.Split('*')]
        : pattern == "*" ? ["", ""]
        : pattern[0] == '*' ? ["", pattern[1..]]
        : pattern[^1] == '*' ? [pattern[..^1], ""]
        : [pattern];

    /// <summary>The first piece begins the text, the last one ends it, the others stand between them in order; taking the leftmost is always right.</summary>
    private bool Match(ReadOnlySpan<char> text, ImmutableArray<string> pieces)
    {
        if (!text.StartsWith(pieces[0], _comparison))
        {
            return false;
        }
        text = text[pieces[0].Length..];
        foreach (var piece in pieces.AsSpan(1, pieces.Length - 2))
        {
            var at = text.IndexOf(piece, _comparison);
            if (at < 0)
            {
                return false;
            }
            text = text[(at + piece.Length)..];
        }
        return text.EndsWith(pieces[^1], _comparison);
    }
}
