using Katabira.Model.Validation;

namespace Katabira.Model.Kinds;

/// <summary>What a schema cannot say about <see cref="LoadBalancerSettings"/>.</summary>
internal static class LoadBalancerRules
{
    /// <summary>First size that Maglev's table may not have.</summary>
    private const long MaglevLimit = 5_000_011;

    /// <param name="settings">What is judged.</param>
    /// <param name="path">Where it is.</param>
    /// <param name="detects">True if outlier detection stands beside it: without it nothing ever counts as failed over.</param>
    /// <param name="findings">Where errors go.</param>
    public static void Check(LoadBalancerSettings settings, string path, bool detects, Findings findings)
    {
        if (settings.Simple == SimpleLoadBalancer.LeastConn)
        {
            findings.Warn($"{path}.simple: LEAST_CONN is deprecated: use LEAST_REQUEST");
        }
        if (settings.ConsistentHash is { } hash)
        {
            CheckHash(hash, $"{path}.consistentHash", findings);
        }
        findings.AtMostOne(path,
            ("localityLbSetting", settings.LocalityLbSetting is not null),
            ("zoneAwareLbSetting", settings.ZoneAwareLbSetting is not null));
        if (settings.LocalityLbSetting is { } locality)
        {
            LocalityRules.Check(locality, $"{path}.localityLbSetting", detects, findings);
        }
        if (settings.ZoneAwareLbSetting is { } zones)
        {
            LocalityRules.Check(zones, $"{path}.zoneAwareLbSetting", detects, findings);
        }
        CheckWarmup(settings, path, findings);
    }

    private static void CheckHash(ConsistentHash hash, string path, Findings findings)
    {
        if (hash.HttpCookie is { } cookie)
        {
            CheckCookie(cookie, $"{path}.httpCookie", findings);
        }
        if (hash.MinimumRingSize is > 0)
        {
            findings.Warn($"{path}.minimumRingSize is deprecated: use ringHash.minimumRingSize");
            findings.AtMostOne(path, ("minimumRingSize", true), ("ringHash", hash.RingHash is not null), ("maglev", hash.Maglev is not null));
        }
        if (hash.Maglev is { } maglev)
        {
            CheckTable(maglev.TableSize, $"{path}.maglev.tableSize", findings);
        }
    }

    private static void CheckTable(long? size, string path, Findings findings)
    {
        if (size is null or 0)
        {
            findings.Required(path, "tableSize must be set for maglev");
        }
        else if (size >= MaglevLimit)
        {
            findings.Invalid(path, size.Value, "tableSize must be less than 5000011 for maglev");
        }
        else if (!IsPrime(size.Value))
        {
            findings.Invalid(path, size.Value, "tableSize must be a prime number for maglev");
        }
    }

    /// <summary>Trial division; its input is below <see cref="MaglevLimit"/>, so about a thousand steps at most.</summary>
    private static bool IsPrime(long number)
    {
        if (number < 2 || (number > 2 && number % 2 == 0))
        {
            return false;
        }
        for (var factor = 3L; factor * factor <= number; factor += 2)
        {
            if (number % factor == 0)
            {
                return false;
            }
        }
        return true;
    }

    private static void CheckCookie(HttpCookie cookie, string path, Findings findings)
    {
        if (string.IsNullOrEmpty(cookie.Name))
        {
            findings.Required($"{path}.name");
        }
        if (cookie.Ttl is { } ttl && (!Syntax.TryParseDuration(ttl, out var lifetime) || lifetime < TimeSpan.Zero))
        {
            findings.Invalid($"{path}.ttl", ttl, "must be a valid duration");
        }
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < cookie.Attributes?.Count; i++)
        {
            var name = cookie.Attributes[i].Name;
            if (string.IsNullOrEmpty(name))
            {
                findings.Required($"{path}.attributes[{i}].name");
            }
            else if (!names.Add(name))
            {
                findings.Duplicate($"{path}.attributes[{i}].name", name);
            }
        }
    }

    private static void CheckWarmup(LoadBalancerSettings settings, string path, Findings findings)
    {
        findings.CheckDuration($"{path}.warmup.duration", settings.Warmup?.Duration);
        if (settings.Warmup?.Aggression is <= 0)
        {
            findings.Invalid($"{path}.warmup.aggression", 0, "must be greater than 0");
        }
        findings.CheckDuration($"{path}.warmupDurationSecs", settings.WarmupDurationSecs);
        if (settings.WarmupDurationSecs is not null)
        {
            findings.Warn($"{path}.warmupDurationSecs is deprecated: use warmup.duration{(settings.Warmup is null ? "" : ", which wins")}");
        }
    }
}
