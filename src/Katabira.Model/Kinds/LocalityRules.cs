using Katabira.Model.Validation;

namespace Katabira.Model.Kinds;

/// <summary>What a schema cannot say about preferences between places.</summary>
internal static class LocalityRules
{
    private const string NeedsDetection = "has no effect without outlierDetection, which finds out who failed";

    /// <summary>Labels that stand for the levels of a place.</summary>
    private static readonly string[] s_levels = ["topology.kubernetes.io/region", "topology.kubernetes.io/zone", "topology.istio.io/subzone"];

    public static void Check(LocalityLbSetting setting, string path, bool detects, Findings findings)
    {
        var fails = setting.Failover is { Count: > 0 };
        findings.AtMostOne(path, ("distribute", setting.Distribute is { Count: > 0 }), ("failover", fails));
        if (fails)
        {
            ForbidLevels(setting.FailoverPriority, path, "may not be set beside failover", findings);
        }
        CheckShares(setting.Distribute ?? [], $"{path}.distribute", findings);
        CheckFailover(setting.Failover ?? [], path, findings);
        WarnOfNoDetection(fails || setting.FailoverPriority is { Count: > 0 }, path, detects, findings);
    }

    public static void Check(ZoneAwareLbSetting setting, string path, bool detects, Findings findings)
    {
        ForbidLevels(setting.FailoverPriority, path, "regions, zones and subzones are ranked already", findings);
        CheckFailover(setting.Failover ?? [], path, findings);
        WarnOfNoDetection(setting.Failover is { Count: > 0 } || setting.FailoverPriority is { Count: > 0 }, path, detects, findings);
    }

    private static void WarnOfNoDetection(bool fails, string path, bool detects, Findings findings)
    {
        if (fails && !detects)
        {
            findings.Warn($"{path}: failover {NeedsDetection}");
        }
    }

    private static void ForbidLevels(IReadOnlyList<string>? priority, string path, string why, Findings findings)
    {
        for (var i = 0; i < priority?.Count; i++)
        {
            if (s_levels.Contains(priority[i], StringComparer.Ordinal))
            {
                findings.Forbidden($"{path}.failoverPriority[{i}]", $"{priority[i]}: {why}");
            }
        }
    }

    private static void CheckFailover(IReadOnlyList<RegionFailover> failover, string path, Findings findings)
    {
        for (var i = 0; i < failover.Count; i++)
        {
            var (from, to) = (failover[i].From ?? "", failover[i].To ?? "");
            if (from == to)
            {
                findings.Broken($"{path}.failover[{i}]", "must specify different regions");
            }
            CheckRegion(from, $"{path}.failover[{i}].from", findings);
            CheckRegion(to, $"{path}.failover[{i}].to", findings);
        }
    }

    private static void CheckRegion(string region, string path, Findings findings)
    {
        if (region.AsSpan().ContainsAny('/', '*'))
        {
            findings.Invalid(path, region, "must be a region, without zone or wildcard");
        }
    }

    private static void CheckShares(IReadOnlyList<LocalityDistribute> distribute, string path, Findings findings)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < distribute.Count; i++)
        {
            var from = distribute[i].From ?? "";
            var fromPath = $"{path}[{i}].from";
            if (PlaceOf(from, fromPath, findings) is { } place)
            {
                // the first entry that covers a place decides, so a wider one may only come later
                if (IsCovered(place, seen) || !seen.Add(place))
                {
                    findings.Invalid(fromPath, from, "overlaps with a place above");
                }
            }
            CheckWeights(distribute[i].To ?? new Dictionary<string, uint>(), $"{path}[{i}].to", findings);
        }
    }

    private static void CheckWeights(IReadOnlyDictionary<string, uint> to, string path, Findings findings)
    {
        var places = new List<(string Text, string Place)>();
        var known = new HashSet<string>(StringComparer.Ordinal);
        var total = 0L;
        foreach (var (text, weight) in to)
        {
            total += weight;
            if (weight is 0 or > 100)
            {
                findings.Invalid($"{path}[{text}]", weight, "locality weight must be in range [1, 100]");
            }
            if (PlaceOf(text, $"{path}[{text}]", findings) is not { } place)
            {
                continue;
            }
            if (known.Add(place))
            {
                places.Add((text, place));
            }
            else
            {
                findings.Invalid($"{path}[{text}]", text, "overlaps with another place");
            }
        }
        foreach (var (text, place) in places)
        {
            if (IsCovered(place, known))
            {
                findings.Invalid($"{path}[{text}]", text, "overlaps with another place");
            }
        }
        if (total != 100)
        {
            findings.Invalid(path, total, "total locality weight must be 100");
        }
    }

    /// <summary>A place without the star at its end, "" for everywhere; null, with an error, if it is not well formed.</summary>
    private static string? PlaceOf(string text, string path, Findings findings)
    {
        var place = text == "*" ? "" : text.EndsWith("/*", StringComparison.Ordinal) ? text[..^2] : text;
        if (place.Contains('*', StringComparison.Ordinal))
        {
            findings.Invalid(path, text, "the only wildcard is a * that ends the place");
            return null;
        }
        if (text.Length == 0 || text.StartsWith('/') || text.EndsWith('/') || text.Contains("//", StringComparison.Ordinal))
        {
            findings.Invalid(path, text, "must not contain empty region/zone/subzone info");
            return null;
        }
        return place;
    }

    /// <summary>True if a wider place than this one is known.</summary>
    private static bool IsCovered(string place, HashSet<string> known)
    {
        for (var end = place.LastIndexOf('/'); end >= 0; end = place.AsSpan(0, end).LastIndexOf('/'))
        {
            if (known.Contains(place[..end]))
            {
                return true;
            }
        }
        return place.Length > 0 && known.Contains("");
    }
}
