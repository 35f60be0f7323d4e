using System.Collections.Immutable;
using Katabira.Model.Kinds;
using Katabira.Model.Mesh;
using Katabira.Model.Resources;

namespace Katabira.Model.Destinations;

/// <summary>A DestinationRule as lookups read it. Immutable; compiled once per version of the object.</summary>
internal sealed class DestinationRuleModel
{
    private DestinationRuleModel(Resource<DestinationRule> resource, MeshSettings settings)
    {
        Key = resource.Key;
        Metadata = resource.Metadata;
        Spec = resource.Spec;
        Host = HostPattern.Resolve(resource.Spec.Host ?? "", Key.Namespace, settings.ClusterDomain);
        Selector = resource.Spec.WorkloadSelector is { Selects: true } selector ? selector : null;
        Visibility = Selector is null
            ? Visibility.Of(resource.Spec.ExportTo, settings.DefaultDestinationRuleExportTo, Key.Namespace)
            : Visibility.Private(Key.Namespace);
    }

    public ObjectKey Key { get; }

    public ObjectMeta Metadata { get; }

    public DestinationRule Spec { get; }

    public HostPattern Host { get; }

    /// <summary>The clients it is for; null for every client that sees it.</summary>
    public WorkloadSelector? Selector { get; }

    /// <summary>Who sees it; a rule with a selector never leaves its namespace.</summary>
    public Visibility Visibility { get; }

    public static DestinationRuleModel Compile(Resource<DestinationRule> resource, MeshSettings settings) => new(resource, settings);

    /// <summary>The order in which rules of one host are heard: those for chosen clients first, then the oldest.</summary>
    public static int ByPrecedence(DestinationRuleModel left, DestinationRuleModel right)
    {
        var bySelector = (left.Selector is null).CompareTo(right.Selector is null);
        return bySelector != 0 ? bySelector : ResourceAge.Compare(left.Metadata, right.Metadata);
    }

    public bool SelectsSameAs(DestinationRuleModel other) =>
        Selector is null ? other.Selector is null
        : other.Selector is not null && Selector.MatchLabels!.Count == other.Selector.MatchLabels!.Count && Selector.Matches(other.Selector.MatchLabels);
}

/// <summary>The rules of one namespace that speak together for one host: the oldest gives the traffic policy, all give subsets. Immutable.</summary>
/// <param name="First">The rule that gives host, visibility and selector.</param>
/// <param name="Policy">The rule that gives the traffic policy: the oldest that has one.</param>
/// <param name="Subsets">Subsets by name with the rules that define them; of two with one name the older counts.</param>
/// <param name="Members">Every rule in it, in the order they are heard.</param>
internal sealed record MergedRule(
    DestinationRuleModel First,
    DestinationRuleModel? Policy,
    ImmutableDictionary<string, (Subset Subset, int Index, DestinationRuleModel Rule)> Subsets,
    ImmutableArray<DestinationRuleModel> Members)
{
    public static MergedRule Of(DestinationRuleModel rule) =>
        new MergedRule(rule, null, ImmutableDictionary<string, (Subset, int, DestinationRuleModel)>.Empty, []).With(rule);

    public MergedRule With(DestinationRuleModel rule)
    {
        var subsets = Subsets;
        foreach (var (index, subset) in (rule.Spec.Subsets ?? []).Index())
        {
            if (subset.Name is { } name && !subsets.ContainsKey(name))
            {
                subsets = subsets.Add(name, (subset, index, rule));
            }
        }
        return this with { Policy = Policy ?? (rule.Spec.TrafficPolicy is null ? null : rule), Subsets = subsets, Members = Members.Add(rule) };
    }
}
