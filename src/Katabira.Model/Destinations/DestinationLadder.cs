using Katabira.Model.Mesh;
using Katabira.Model.Resources;

namespace Katabira.Model.Destinations;

/// <summary>One DestinationRule that was considered and what became of it.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Host">Its host, completed.</param>
/// <param name="Fate">What became of it.</param>
/// <param name="Words">The fate in a sentence.</param>
public sealed record DestinationRung(ObjectKey Rule, string Host, DestinationFate Fate, string Words);

/// <summary>What became of a DestinationRule that was considered.</summary>
public enum DestinationFate
{
    /// <summary>It gives the traffic policy, or is the only rule there is.</summary>
    Applied,

    /// <summary>An older rule of the same host gives the traffic policy; its subsets count.</summary>
    SubsetsOnly,

    /// <summary>It is for other clients.</summary>
    SelectsOthers,

    /// <summary>The client's namespace does not see it.</summary>
    NotVisible,

    /// <summary>A rule with a more specific host, or for this very client, applies.</summary>
    LessSpecific,

    /// <summary>A namespace that is asked earlier has a rule.</summary>
    LaterNamespace,

    /// <summary>Its host is the most specific of a namespace abroad, but its better match is not visible from here.</summary>
    HiddenBehindInvisible,
}

/// <summary>Puts a lookup into words; decides nothing.</summary>
internal static class DestinationLadder
{
    public static DestinationRung Rung(MeshSettings settings, DestinationRuleModel rule, MergedRule? found, DestinationClient client, DialledService destination)
    {
        var (fate, words) = FateOf(settings, rule, found, client);
        return new(rule.Key, rule.Host.Text, fate, words);
    }

    private static (DestinationFate Fate, string Words) FateOf(MeshSettings settings, DestinationRuleModel rule, MergedRule? found, DestinationClient client) => rule switch
    {
        _ when found is not null && found.Members.Contains(rule) => OfMember(rule, found),
        { Selector: not null } when rule.Key.Namespace != client.Namespace =>
            (DestinationFate.NotVisible, $"has a workloadSelector, so it is only for clients of {rule.Key.Namespace}"),
        { Selector: { } selector } when !selector.Matches(client.Labels) => (DestinationFate.SelectsOthers, "its workloadSelector selects other clients"),
        _ when !rule.Visibility.Includes(client.Namespace) => (DestinationFate.NotVisible, $"exported to {rule.Visibility} only, not to {client.Namespace}"),
        _ when found is null => (DestinationFate.HiddenBehindInvisible, $"a more specific rule of {rule.Key.Namespace} hides it, although that one is not visible from {client.Namespace}"),
        _ when rule.Key.Namespace == found.First.Key.Namespace => (DestinationFate.LessSpecific, $"{found.First.Key} is more specific"),
        _ => (DestinationFate.LaterNamespace, $"{found.First.Key} is found first: the client's namespace is asked first, then the service's, then {settings.RootNamespace}"),
    };

    private static (DestinationFate Fate, string Words) OfMember(DestinationRuleModel rule, MergedRule found) =>
        rule == found.Policy ? (DestinationFate.Applied, "applied: it gives the traffic policy")
        : found.Policy is { } older && rule.Spec.TrafficPolicy is not null ? (DestinationFate.SubsetsOnly, $"only its subsets count: {older.Key} is older and gives the traffic policy")
        : rule.Spec.Subsets is { Count: > 0 } ? (DestinationFate.SubsetsOnly, "its subsets count; it has no traffic policy")
        : (DestinationFate.Applied, "applied, but it says nothing");
}
