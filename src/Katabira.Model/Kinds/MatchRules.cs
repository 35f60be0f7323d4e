using Katabira.Model.Validation;

namespace Katabira.Model.Kinds;

/// <summary>What the schemas of a route's conditions cannot say.</summary>
internal static class MatchRules
{
    private const string ClaimPrefix = "@request.auth.claims";

    /// <summary>RFC 9113 section 8.3.</summary>
    private static readonly string[] s_pseudoHeaders = [":method", ":scheme", ":authority", ":path", ":status"];

    public static void Check(HttpMatch match, string path, RouteScope scope)
    {
        // the empty prefix of a path is the old way to take everything
        match.Uri?.Check($"{path}.uri", EmptyMatch.Prefix, scope);
        match.Scheme?.Check($"{path}.scheme", EmptyMatch.None, scope);
        match.Method?.Check($"{path}.method", EmptyMatch.None, scope);
        match.Authority?.Check($"{path}.authority", EmptyMatch.None, scope);
        CheckHeaders(match.Headers, $"{path}.headers", EmptyMatch.Present | EmptyMatch.Exact, scope);
        CheckHeaders(match.WithoutHeaders, $"{path}.withoutHeaders", EmptyMatch.Present | EmptyMatch.Exact | EmptyMatch.Star, scope);
        foreach (var (name, condition) in match.QueryParams ?? s_none)
        {
            condition.Check($"{path}.queryParams[{name}]", EmptyMatch.Present | EmptyMatch.Exact, scope);
        }
        CheckSource(match, path, scope.Findings);
    }

    /// <summary>Checks what every sort of route knows.</summary>
    public static void CheckSource(RouteMatch match, string path, Findings findings)
    {
        if (match.Port is > 0)
        {
            findings.CheckPort($"{path}.port", match.Port);
        }
        findings.CheckLabels($"{path}.sourceLabels", match.SourceLabels);
        VirtualServiceRules.CheckGateways(match.Gateways, $"{path}.gateways", findings);
        findings.CheckNamespace($"{path}.sourceNamespace", match.SourceNamespace);
    }

    private static readonly Dictionary<string, StringMatch> s_none = [];

    private static void CheckHeaders(IReadOnlyDictionary<string, StringMatch>? headers, string path, EmptyMatch allowed, RouteScope scope)
    {
        foreach (var (name, condition) in headers ?? s_none)
        {
            var at = $"{path}[{name}]";
            if (IsClaim(name))
            {
                if (!scope.AtGatewaysOnly)
                {
                    scope.Findings.Forbidden(at, "JWT claim based routing is only supported for gateways");
                }
            }
            else if (!s_pseudoHeaders.Contains(name, StringComparer.Ordinal))
            {
                scope.Findings.CheckHeaderName(at, name);
            }
            condition.Check(at, allowed, scope);
        }
    }

    /// <summary><c>@request.auth.claims.NAME</c> or <c>@request.auth.claims[NAME][NAME]…</c>.</summary>
    private static bool IsClaim(ReadOnlySpan<char> name)
    {
        if (!name.StartsWith(ClaimPrefix, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }
        var claim = name[ClaimPrefix.Length..];
        return claim switch
        {
            ['.', _, ..] => true,
            ['[', _, .., ']'] => true,
            _ => false,
        };
    }
}
