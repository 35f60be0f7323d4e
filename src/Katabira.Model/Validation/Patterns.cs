using System.Text.Json;
using System.Text.RegularExpressions;

namespace Katabira.Model.Validation;

/// <summary>Compiles the regular expressions of one object, and only those that match in linear time.</summary>
/// <remarks>
/// Owned by one check; not thread-safe. Bounded: a pattern has at most <see cref="Longest"/> characters and .NET's automaton at most 10,000 states;
/// all different patterns of the object share a budget, for compiling is the dearest thing a check does (measured: a second for a budget of the worst).
/// </remarks>
internal sealed class Patterns(Findings findings)
{
    /// <summary>Longest pattern; Istio's limit too.</summary>
    public const int Longest = 1024;

    /// <summary>Characters that the different patterns of one object may have together, each counted with <see cref="Overhead"/> more.</summary>
    public const int Budget = 64 * 1024;

    private const int Overhead = 64;

    private readonly Dictionary<string, Regex?> _compiled = new(StringComparer.Ordinal);
    private int _spent;

    /// <summary>Compiles a pattern; null, with an error at <paramref name="path"/>, if that is not possible.</summary>
    public Regex? Compile(string path, string pattern)
    {
        if (pattern.Length > Longest)
        {
            findings.TooLong(path, Longest);
            return null;
        }
        if (_compiled.TryGetValue(pattern, out var known) && known is not null)
        {
            return known;
        }
        var before = _spent;
        _spent = Math.Min(_spent + pattern.Length + Overhead, Budget + 1);
        if (_spent > Budget)
        {
            if (before <= Budget)
            {
                findings.Forbidden(path, $"the regular expressions of one object may have at most {Budget} characters together, each counted with {Overhead} more");
            }
            return null;
        }
        var (regex, refusal) = TryCompile(pattern);
        if (refusal is not null)
        {
            findings.Invalid(path, pattern, refusal);
        }
        return _compiled[pattern] = regex;
    }

    private static (Regex? Regex, string? Refusal) TryCompile(string pattern)
    {
        if (HasPosixClass(pattern))
        {
            return (null, "classes like [:alpha:] are not supported, write [a-zA-Z]");
        }
        try
        {
            return (new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant), null);
        }
        catch (RegexParseException e)
        {
            return (null, $"not a regular expression: {Words(e.Error)} at offset {e.Offset}");
        }
        catch (NotSupportedException)
        {
            return (null, "not matched in linear time: look-around, back-references, atomic groups, conditions and repetitions that need more than 10000 states are not supported");
        }
    }

    /// <summary>.NET would silently read <c>[[:alpha:]]</c> as a class of punctuation and letters, followed by a bracket.</summary>
    private static bool HasPosixClass(ReadOnlySpan<char> pattern)
    {
        for (var start = pattern.IndexOf("[:"); start >= 0; start = pattern.IndexOf("[:"))
        {
            pattern = pattern[(start + 2)..];
            var name = pattern.StartsWith("^") ? pattern[1..] : pattern;
            var length = name.IndexOfAnyExceptInRange('a', 'z');
            if (length > 0 && name[length..].StartsWith(":]"))
            {
                return true;
            }
        }
        return false;
    }

    /// <summary><c>UnterminatedBracket</c> as <c>unterminated bracket</c>. The exception's own text is not used: a trimmed executable has none.</summary>
    private static string Words(RegexParseError error) => JsonNamingPolicy.KebabCaseLower.ConvertName(error.ToString()).Replace('-', ' ');
}
