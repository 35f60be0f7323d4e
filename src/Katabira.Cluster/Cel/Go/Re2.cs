using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Katabira.Cluster.Cel.Go;

/// <summary>Regular expressions of Go (RE2's language), run by .NET's engine that takes linear time whatever the input.</summary>
/// <remarks>
/// The two languages look alike and differ where it hurts: RE2's <c>$</c> is the very end, .NET's also stands before a last line feed;
/// RE2's <c>\d</c>, <c>\w</c> and <c>\s</c> are ASCII; .NET subtracts classes, looks around and back.
/// So a pattern is translated, and what RE2 does not know is refused.
/// Known differences that remain: a character beyond U+FFFF counts as two for <c>.</c>, classes cannot hold one, <c>\b</c> looks at Unicode letters,
/// scripts such as <c>\p{Greek}</c> are refused.
/// </remarks>
internal static class Re2
{
    /// <summary>Longer patterns are refused: the automaton is built by us, from text that a stranger may have written.</summary>
    public const int LongestPattern = 8192;

    /// <summary>RE2's own bound on <c>{n,m}</c>.</summary>
    private const int MostRepeats = 1000;

    /// <summary>Compiles a pattern, or says why not.</summary>
    public static bool TryCompile(string pattern, [NotNullWhen(true)] out Regex? regex, out string error)
    {
        regex = null;
        try
        {
            regex = new Regex(new Re2Translation(pattern, LongestPattern, MostRepeats).Run(), RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
            error = "";
            return true;
        }
        catch (ArgumentException e)
        {
            error = "error parsing regexp: " + (e is RegexParseException parse ? parse.Error.ToString() : e.Message);
        }
        catch (NotSupportedException)
        {
            error = "error parsing regexp: expression nests too deeply, repeats too much or uses what RE2 does not know";
        }
        return false;
    }
}
