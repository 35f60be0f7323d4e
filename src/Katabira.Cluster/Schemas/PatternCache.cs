using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using Katabira.Cluster.Cel.Go;

namespace Katabira.Cluster.Schemas;

/// <summary>Compiled patterns by their text: definitions repeat a few patterns hundreds of times, in every version, and an automaton takes a millisecond and some kilobytes.</summary>
/// <remarks>Thread-safe. Keeps the first <see cref="MostPatterns"/> and compiles later ones each time.</remarks>
internal sealed class PatternCache
{
    public const int MostPatterns = 2_000;

    private readonly ConcurrentDictionary<string, (Regex? Regex, string Error)> _patterns = new(StringComparer.Ordinal);

    /// <summary>The pattern, or why it is none.</summary>
    public bool TryGet(string pattern, [NotNullWhen(true)] out Regex? regex, out string error)
    {
        if (!_patterns.TryGetValue(pattern, out var known))
        {
            known = Re2.TryCompile(pattern, out var compiled, out var problem) ? (compiled, "") : (null, problem);
            if (_patterns.Count < MostPatterns)
            {
                _patterns.TryAdd(pattern, known);
            }
        }
        (regex, error) = known;
        return regex is not null;
    }
}
