using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Katabira.Model.Destinations;

/// <summary>The DestinationRules of one namespace, merged and sorted for lookup. Immutable.</summary>
internal sealed class NamespaceRules
{
    private readonly FrozenDictionary<string, ImmutableArray<MergedRule>> _byName;
    private readonly ImmutableArray<(HostPattern Host, ImmutableArray<MergedRule> Rules)> _wildcards;

    private NamespaceRules(ImmutableArray<DestinationRuleModel> all, ImmutableArray<(HostPattern Host, ImmutableArray<MergedRule> Rules)> byHost)
    {
        All = all;
        _byName = byHost.Where(h => !h.Host.IsWildcard).ToFrozenDictionary(h => h.Host.Text, h => h.Rules, StringComparer.Ordinal);
        _wildcards = [.. byHost.Where(h => h.Host.IsWildcard).OrderBy(h => h.Host, Comparer<HostPattern>.Create(HostPattern.BySpecificity))];
    }

    /// <summary>Every rule, in the order they are heard.</summary>
    public ImmutableArray<DestinationRuleModel> All { get; }

    public static NamespaceRules Compile(IEnumerable<DestinationRuleModel> rules)
    {
        var all = rules.ToImmutableArray().Sort(DestinationRuleModel.ByPrecedence);
        return new(all, [.. all.GroupBy(r => r.Host).Select(g => (g.Key, Merge(g)))]);
    }

    /// <summary>The rules of the most specific host that has one <paramref name="counts"/> accepts.</summary>
    public MergedRule? Find(string host, Func<MergedRule, bool> counts)
    {
        if (_byName.TryGetValue(host, out var named) && named.FirstOrDefault(counts) is { } exact)
        {
            return exact;
        }
        foreach (var (pattern, rules) in _wildcards)
        {
            if (pattern.Matches(host) && rules.FirstOrDefault(counts) is { } wide)
            {
                return wide;
            }
        }
        return null;
    }

    /// <summary>
    /// Rules of one host speak together if they are for the same clients and seen from the same places. A rule that is seen from more places
    /// than an older one joins it and stands alone as well, for the places that do not see the older one.
    /// </summary>
    private static ImmutableArray<MergedRule> Merge(IEnumerable<DestinationRuleModel> rules)
    {
        var merged = ImmutableArray.CreateBuilder<MergedRule>();
        foreach (var rule in rules)
        {
            var alone = true;
            for (var i = 0; i < merged.Count; i++)
            {
                var first = merged[i].First;
                if (!first.SelectsSameAs(rule) || !rule.Visibility.Covers(first.Visibility))
                {
                    continue;
                }
                merged[i] = merged[i].With(rule);
                alone &= !rule.Visibility.SameAs(first.Visibility);
            }
            if (alone)
            {
                merged.Add(MergedRule.Of(rule));
            }
        }
        return merged.DrainToImmutable();
    }
}
