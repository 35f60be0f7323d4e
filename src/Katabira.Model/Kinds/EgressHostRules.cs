using Katabira.Model.Validation;

namespace Katabira.Model.Kinds;

/// <summary>What a schema cannot say about the hosts that an <see cref="EgressListener"/> imports.</summary>
internal static class EgressHostRules
{
    public static void Check(IReadOnlyList<string> hosts, string path, string ownNamespace, Findings findings)
    {
        if (hosts.Count == 0)
        {
            findings.Required(path, "egress listener must contain at least one host");
        }
        for (var i = 0; i < hosts.Count; i++)
        {
            findings.CheckSidecarHost($"{path}[{i}]", hosts[i]);
        }
        WarnOfOverlaps(hosts, path, ownNamespace, findings);
    }

    /// <summary>Imports that another one includes. Exclusions only make sense beside a wider import, so they are left alone.</summary>
    private static void WarnOfOverlaps(IReadOnlyList<string> hosts, string path, string ownNamespace, Findings findings)
    {
        var seen = new HashSet<(string Space, string Host)>();
        var spaces = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < hosts.Count; i++)
        {
            var slash = hosts[i].IndexOf('/', StringComparison.Ordinal);
            if (slash < 0 || hosts[i][0] == '~')
            {
                continue;
            }
            var (space, host) = (hosts[i][..slash], hosts[i][(slash + 1)..]);
            space = space == ExportToChecks.Own ? ownNamespace : space;
            // the wildcard may come before or after what it includes
            var known = !seen.Add((space, host)) || (host == "*" ? spaces.Contains(space) : seen.Contains((space, "*")));
            spaces.Add(space);
            if (known)
            {
                findings.Warn($"{path}[{i}]: duplicated egress host");
            }
        }
        if (seen.Contains(("*", "*")) && spaces.Count > 1)
        {
            findings.Warn($"{path}: */* imports every service, so the other hosts add nothing");
        }
    }
}
