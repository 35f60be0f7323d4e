using System.Globalization;
using System.Text.RegularExpressions;
using Katabira.Model.Resources;
using Katabira.Model.Validation;

namespace Katabira.Model.Kinds;

/// <summary>Changes to a request before it is forwarded.</summary>
public sealed record HttpRewrite : Extensible
{
    /// <summary>What replaces the path, or, where the route matched a prefix, that prefix.</summary>
    public string? Uri { get; init; }

    /// <summary>What replaces the host.</summary>
    public string? Authority { get; init; }

    /// <summary>A change of the path by a regular expression.</summary>
    public RegexRewrite? UriRegexRewrite { get; init; }

    internal void Check(string path, RouteScope scope)
    {
        var newUri = !string.IsNullOrEmpty(Uri);
        scope.Findings.AtMostOne(path, ("uri", newUri), ("uriRegexRewrite", UriRegexRewrite is not null));
        if (!newUri && UriRegexRewrite is null && string.IsNullOrEmpty(Authority))
        {
            scope.Findings.Required(path, "one of uri, uriRegexRewrite, authority");
        }
        HeaderText.Check(Uri, $"{path}.uri", scope.Findings);
        HeaderText.Check(Authority, $"{path}.authority", scope.Findings);
        UriRegexRewrite?.Check($"{path}.uriRegexRewrite", scope);
    }
}

/// <summary>A replacement of what a regular expression matches.</summary>
public sealed record RegexRewrite : Extensible
{
    /// <summary>A regular expression, without look-around and back-references, so that matching is linear.</summary>
    public string? Match { get; init; }

    /// <summary>What replaces the match; \1 to \9 stand for its groups, \0 for all of it, \\ for a backslash.</summary>
    public string? Rewrite { get; init; }

    internal void Check(string path, RouteScope scope)
    {
        if (string.IsNullOrEmpty(Match))
        {
            scope.Findings.Required($"{path}.match");
        }
        if (string.IsNullOrEmpty(Rewrite))
        {
            scope.Findings.Required($"{path}.rewrite");
        }
        else
        {
            HeaderText.Check(Rewrite, $"{path}.rewrite", scope.Findings);
        }
        if (!string.IsNullOrEmpty(Match) && scope.Patterns.Compile($"{path}.match", Match) is { } regex && !string.IsNullOrEmpty(Rewrite))
        {
            CheckReferences(Rewrite, regex, $"{path}.rewrite", scope.Findings);
        }
    }

    private static void CheckReferences(string rewrite, Regex regex, string path, Findings findings)
    {
        var groups = regex.GetGroupNumbers().Max();
        for (var i = rewrite.IndexOf('\\'); i >= 0; i = rewrite.IndexOf('\\', i + 2))
        {
            var next = i + 1 < rewrite.Length ? rewrite[i + 1] : '\0';
            if (next != '\\' && !char.IsAsciiDigit(next))
            {
                findings.Invalid(path, rewrite, "a backslash must be followed by a digit or another backslash");
                return;
            }
            if (next != '\\' && next - '0' > groups)
            {
                findings.Invalid(path, rewrite, string.Create(CultureInfo.InvariantCulture, $"\\{next} refers to a group that match does not have: it has {groups}"));
                return;
            }
        }
    }
}
