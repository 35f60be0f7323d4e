using System.Text.Json;
using Katabira.Model.Schema;
using Katabira.Model.Validation;

namespace Katabira.Model.Kinds;

/// <summary>Warns of routes and conditions that never decide anything, because earlier ones take all that they could.</summary>
/// <remarks>
/// Sound, not complete: what is warned of is unreachable, but some of what is unreachable is not found, so that the cost stays linear.
/// Found are: what stands after a route without conditions or after one that takes everything, repeated conditions, and paths within an earlier prefix whose other conditions are the same or none.
/// </remarks>
internal static class UnreachableRoutes
{
    public static void Warn(VirtualService spec, Findings findings)
    {
        Warn("spec.http", spec.Http, route => route.Match, new HttpCoverage(), findings);
        Warn("spec.tls", spec.Tls, route => route.Match, new Coverage<TlsMatch>(match => JsonSerializer.Serialize(match, SchemaJson.Default.TlsMatch)), findings);
        Warn("spec.tcp", spec.Tcp, route => route.Match, new Coverage<TcpMatch>(match => JsonSerializer.Serialize(match, SchemaJson.Default.TcpMatch)), findings);
    }

    private static void Warn<TRoute, TMatch>(
        string path, IReadOnlyList<TRoute>? routes, Func<TRoute, IReadOnlyList<TMatch>?> matchesOf, ICoverage<TMatch> coverage, Findings findings)
    {
        string? catchAll = null;
        for (var i = 0; i < (routes?.Count ?? 0); i++)
        {
            var (matches, at) = (matchesOf(routes![i]) ?? [], $"{path}[{i}]");
            if (catchAll is not null)
            {
                findings.Warn($"{at}: never reached, {catchAll} has no match and takes everything");
            }
            else if (matches.Count == 0)
            {
                catchAll = at;
            }
            else
            {
                WarnOfMatches(at, matches, coverage, findings);
            }
        }
    }

    private static void WarnOfMatches<TMatch>(string path, IReadOnlyList<TMatch> matches, ICoverage<TMatch> coverage, Findings findings)
    {
        var idle = 0;
        for (var i = 0; i < matches.Count; i++)
        {
            var at = $"{path}.match[{i}]";
            if (coverage.Add(matches[i], at) is { } earlier)
            {
                findings.Warn($"{at}: not used, {earlier} takes all that it could");
                idle++;
            }
        }
        if (idle == matches.Count)
        {
            findings.Warn($"{path}: never reached, all its matches are used by prior rules");
        }
    }
}
