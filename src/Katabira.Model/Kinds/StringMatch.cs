using Katabira.Model.Resources;
using Katabira.Model.Schema;

namespace Katabira.Model.Kinds;

/// <summary>A condition on a text; upper and lower case differ.</summary>
[AtMostOne("exact", "prefix", "regex")]
public sealed record StringMatch : Extensible
{
    /// <summary>The whole text.</summary>
    public string? Exact { get; init; }

    /// <summary>The beginning of the text.</summary>
    public string? Prefix { get; init; }

    /// <summary>A regular expression that the whole text must match; without look-around and back-references, so that matching is linear.</summary>
    public string? Regex { get; init; }

    internal void Check(string path, EmptyMatch allowed, RouteScope scope)
    {
        if (Exact is null && Prefix is null && Regex is null && !allowed.HasFlag(EmptyMatch.Present))
        {
            scope.Findings.Required(path, "one of exact, prefix, regex");
        }
        if (Exact is "" && !allowed.HasFlag(EmptyMatch.Exact))
        {
            scope.Findings.Required($"{path}.exact", "must not be empty");
        }
        if (Prefix is "" && !allowed.HasFlag(EmptyMatch.Prefix))
        {
            scope.Findings.Required($"{path}.prefix", "must not be empty");
        }
        if (Regex is "")
        {
            scope.Findings.Required($"{path}.regex", "must not be empty");
        }
        else if (Regex is not null && !(Regex is "*" && allowed.HasFlag(EmptyMatch.Star)))
        {
            scope.Patterns.Compile($"{path}.regex", Regex);
        }
    }
}

/// <summary>Forms of a <see cref="StringMatch"/> without a text to compare that still mean something in some places.</summary>
[Flags]
internal enum EmptyMatch
{
    None = 0,

    /// <summary>Neither exact, prefix nor regex: whatever the text, if there is one.</summary>
    Present = 1,

    /// <summary>An empty exact: there is a text, and it is empty.</summary>
    Exact = 2,

    /// <summary>An empty prefix: whatever the text.</summary>
    Prefix = 4,

    /// <summary>The regex <c>*</c>, which is none, but an old way to write <see cref="Present"/>.</summary>
    Star = 8,
}
