using Katabira.Model.Validation;

namespace Katabira.Model.Kinds;

/// <summary>What the schema of an HTTP route cannot say.</summary>
/// <remarks>Source of the rules: istio pkg/config/validation/virtualservice.go.</remarks>
internal static class HttpRouteRules
{
    public static void Check(HttpRoute route, string path, RouteScope scope)
    {
        var findings = scope.Findings;
        CheckAction(route, path, scope);
        for (var i = 0; i < (route.Match?.Count ?? 0); i++)
        {
            MatchRules.Check(route.Match![i], $"{path}.match[{i}]", scope);
        }
        RouteDestination.CheckAll(route.Route, $"{path}.route", findings);
        for (var i = 0; i < (route.Route?.Count ?? 0); i++)
        {
            route.Route![i].Headers?.Check($"{path}.route[{i}].headers", findings);
        }
        route.Redirect?.Check($"{path}.redirect", route.Match, findings);
        route.DirectResponse?.Check($"{path}.directResponse", findings);
        route.Delegate?.Check($"{path}.delegate", findings);
        route.Rewrite?.Check($"{path}.rewrite", scope);
        findings.CheckDuration($"{path}.timeout", route.Timeout);
        route.Retries?.Check($"{path}.retries", findings);
        route.Fault?.Check($"{path}.fault", findings);
        CheckMirrors(route, path, findings);
        route.CorsPolicy?.Check($"{path}.corsPolicy", scope);
        route.Headers?.Check($"{path}.headers", findings);
        if ((string.IsNullOrEmpty(route.Rewrite?.Authority) ? 0 : 1) + (route.Headers?.AuthorityChanges ?? 0) > 1)
        {
            findings.Broken(path, "authority header cannot be set multiple times");
        }
    }

    /// <summary>A route does one thing, and what is answered at once is neither changed nor failed on purpose.</summary>
    private static void CheckAction(HttpRoute route, string path, RouteScope scope)
    {
        var hasDestinations = route.Route is { Count: > 0 };
        var answer = route.Redirect is not null ? "redirect" : route.DirectResponse is not null ? "directResponse" : null;
        scope.Findings.AtMostOne(
            path, ("route", hasDestinations), ("redirect", route.Redirect is not null), ("directResponse", route.DirectResponse is not null), ("delegate", route.Delegate is not null));
        if (!hasDestinations && answer is null && route.Delegate is null)
        {
            scope.Findings.Required(path, "one of route, redirect, directResponse, delegate");
        }
        if (scope.IsDelegate && route.Delegate is not null)
        {
            scope.Findings.Forbidden($"{path}.delegate", "delegate HTTP route cannot contain delegate");
        }
        if (answer is not null && route.Fault is not null)
        {
            scope.Findings.Forbidden($"{path}.fault", $"cannot be combined with {answer}");
        }
        if (answer is not null && route.Rewrite is not null)
        {
            scope.Findings.Forbidden($"{path}.rewrite", $"cannot be combined with {answer}");
        }
    }

    private static void CheckMirrors(HttpRoute route, string path, Findings findings)
    {
        findings.AtMostOne(path, ("mirror", route.Mirror is not null), ("mirrors", route.Mirrors is { Count: > 0 }));
        route.Mirror?.Check($"{path}.mirror", findings);
        for (var i = 0; i < (route.Mirrors?.Count ?? 0); i++)
        {
            route.Mirrors![i].Destination?.Check($"{path}.mirrors[{i}].destination", findings);
            route.Mirrors[i].Percentage?.Check($"{path}.mirrors[{i}].percentage", findings);
        }
        route.MirrorPercentage?.Check($"{path}.mirrorPercentage", findings);
        CheckMirrorPercent(route.MirrorPercent, $"{path}.mirrorPercent", findings);
        CheckMirrorPercent(route.MirrorPercentSnake, $"{path}.mirror_percent", findings);
    }

    private static void CheckMirrorPercent(uint? percent, string path, Findings findings)
    {
        if (percent is not null)
        {
            findings.Warn($"{path}: deprecated, use mirrorPercentage");
        }
        findings.CheckPercent(path, percent);
    }
}
