using System.Collections.Immutable;

namespace Katabira.Cluster.Node.ControlGroups;

/// <summary>A tree of control groups: version 2 has one for all controllers, version 1 one for each, and machines with both exist.</summary>
/// <param name="Mount">Where it is mounted.</param>
/// <param name="IsUnified">Whether it is version 2.</param>
/// <param name="Controllers">Those of it that are used.</param>
internal sealed record ControlHierarchy(string Mount, bool IsUnified, ImmutableArray<string> Controllers)
{
    private static readonly string[] s_used = ["cpu", "memory", "pids"];

    /// <summary>Finds each controller once, in version 2 first. Pure, but for the reading.</summary>
    /// <param name="mounts">The text of /proc/self/mountinfo.</param>
    /// <param name="controllersOf">What version 2, mounted there, has: words between spaces.</param>
    public static ImmutableArray<ControlHierarchy> Find(string mounts, Func<string, string> controllersOf)
    {
        var found = ImmutableArray.CreateBuilder<ControlHierarchy>();
        var missing = s_used.ToHashSet(StringComparer.Ordinal);
        foreach (var (type, point, options) in Parse(mounts).OrderByDescending(m => m.Type == "cgroup2"))
        {
            var has = type == "cgroup2" ? controllersOf(point).Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries) : options.Split(',');
            ImmutableArray<string> controllers = [.. has.Where(missing.Remove)];
            if (!controllers.IsEmpty)
            {
                found.Add(new(point, type == "cgroup2", controllers));
            }
        }
        return found.ToImmutable();
    }

    /// <summary>36 35 98:0 /root /point options … - type source options.</summary>
    private static IEnumerable<(string Type, string Point, string Options)> Parse(string mounts)
    {
        foreach (var line in mounts.Split('\n'))
        {
            var words = line.Split(' ');
            var dash = Array.IndexOf(words, "-");
            if (dash > 5 && words.Length > dash + 3 && words[dash + 1] is ("cgroup" or "cgroup2"))
            {
                yield return (words[dash + 1], words[4], words[dash + 3]);
            }
        }
    }
}
