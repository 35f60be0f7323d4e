using System.Text.Json;
using Katabira.Model.Schema;

namespace Katabira.Model.Kinds;

/// <summary>The conditions met so far, asked whether one of them takes all that another could.</summary>
internal interface ICoverage<in TMatch>
{
    /// <summary>The path of an earlier condition that takes all that <paramref name="match"/> could; null, and the condition is remembered, if there is none.</summary>
    string? Add(TMatch match, string path);
}

/// <summary>Conditions that cover what is written the same, or everything if nothing is written.</summary>
internal sealed class Coverage<TMatch>(Func<TMatch, string> write) : ICoverage<TMatch>
{
    private readonly Dictionary<string, string> _paths = new(StringComparer.Ordinal);

    public string? Add(TMatch match, string path)
    {
        var text = write(match);
        var earlier = _paths.GetValueOrDefault("{}") ?? _paths.GetValueOrDefault(text);
        if (earlier is null)
        {
            _paths.Add(text, path);
        }
        return earlier;
    }
}

/// <summary>Conditions on requests: a prefix covers the paths within it, if the other conditions are the same or it has none.</summary>
internal sealed class HttpCoverage : ICoverage<HttpMatch>
{
    /// <summary>Longer beginnings of a path are not looked up, so that the cost of a path is bounded.</summary>
    private const int LongestPrefix = 256;

    private const string NoOtherCondition = "{}";

    private readonly Dictionary<string, Group> _groups = new(StringComparer.Ordinal) { [NoOtherCondition] = new() };

    public string? Add(HttpMatch match, string path)
    {
        // names and statistics decide nothing, a false flag is as good as none, and every path begins with a slash
        var others = match with { Name = null, StatPrefix = null, Uri = null, IgnoreUriCase = match.IgnoreUriCase == true ? true : null };
        var key = JsonSerializer.Serialize(others, SchemaJson.Default.HttpMatch);
        if (!_groups.TryGetValue(key, out var group))
        {
            _groups[key] = group = new Group();
        }
        var uri = match.Uri ?? new StringMatch();
        // a condition that minds the case covers one that does not only if it takes every path
        var earlier = _groups[NoOtherCondition].Find(uri, match.IgnoreUriCase == true ? 0 : LongestPrefix) ?? group.Find(uri, LongestPrefix);
        if (earlier is null)
        {
            group.Remember(uri, path);
        }
        return earlier;
    }

    /// <summary>The paths met with the same other conditions.</summary>
    private sealed class Group
    {
        private readonly Dictionary<string, string> _prefixes = new(StringComparer.Ordinal);
        private readonly Dictionary<StringMatch, string> _others = [];

        /// <summary>Looks for the path itself, and for beginnings of it of at most <paramref name="longestPrefix"/> characters.</summary>
        public string? Find(StringMatch uri, int longestPrefix)
        {
            if (longestPrefix > 0 && _others.TryGetValue(uri, out var same))
            {
                return same;
            }
            var begin = uri.Exact ?? Normal(uri.Prefix) ?? "";
            var lookup = _prefixes.GetAlternateLookup<ReadOnlySpan<char>>();
            for (var length = 0; length <= Math.Min(begin.Length, longestPrefix); length++)
            {
                if (lookup.TryGetValue(begin.AsSpan(0, length), out var earlier))
                {
                    return earlier;
                }
            }
            return null;
        }

        public void Remember(StringMatch uri, string path)
        {
            if (uri.Exact is null && uri.Regex is null)
            {
                _prefixes.TryAdd(Normal(uri.Prefix) ?? "", path);
            }
            else
            {
                _others.TryAdd(uri, path);
            }
        }

        private static string? Normal(string? prefix) => prefix is "/" ? "" : prefix;
    }
}
