using System.Collections.Immutable;
using System.Globalization;
using Katabira.Model.Kinds;

namespace Katabira.Model.Authorization;

/// <summary>Says what would have to be different for a policy to match: the rule that lacks least, and what it lacks.</summary>
internal static class NearestMiss
{
    /// <summary>The most values of a list that a sentence repeats.</summary>
    private const int MostValues = 3;

    /// <summary>Describes a policy none of whose rules matches.</summary>
    public static string Describe(AuthorizationPolicyModel policy, in AuthorizationRequest request)
    {
        var facts = new ConnectionFacts(request);
        RuleModel? nearest = null;
        List<ClauseModel> missed = [];
        foreach (var rule in policy.Rules)
        {
            var lacks = Missed(rule, facts);
            if (nearest is null || lacks.Count < missed.Count)
            {
                (nearest, missed) = (rule, lacks);
            }
        }
        if (nearest is null)
        {
            return "matches nothing: it has no rule that holds for connections";
        }
        var text = new List<string>();
        foreach (var clause in missed)
        {
            text.Add(Describe(clause.Head, request));
        }
        return string.Create(CultureInfo.InvariantCulture, $"no rule matches; the nearest is rules[{nearest.Index}]: {string.Join("; ", text)}");
    }

    /// <summary>The clauses that fail; of alternatives, those of the one where fewest do.</summary>
    private static List<ClauseModel> Missed(RuleModel rule, in ConnectionFacts facts) =>
        [.. Fewest(rule.From, facts), .. Fewest(rule.To, facts), .. Missed(rule.When, facts)];

    private static List<ClauseModel> Fewest(ImmutableArray<ImmutableArray<ClauseModel>> alternatives, in ConnectionFacts facts)
    {
        List<ClauseModel>? fewest = null;
        foreach (var clauses in alternatives.IsDefault ? [] : alternatives)
        {
            var missed = Missed(clauses, facts);
            fewest = fewest is null || missed.Count < fewest.Count ? missed : fewest;
        }
        return fewest ?? [];
    }

    private static List<ClauseModel> Missed(ImmutableArray<ClauseModel> clauses, in ConnectionFacts facts)
    {
        var missed = new List<ClauseModel>();
        foreach (var clause in clauses)
        {
            if (!clause.Matches(facts))
            {
                missed.Add(clause);
            }
        }
        return missed;
    }

    private static string Describe(ClauseHead head, in AuthorizationRequest request)
    {
        var more = head.Values.Count > MostValues ? string.Create(CultureInfo.InvariantCulture, $" and {head.Values.Count - MostValues} more") : "";
        return $"{head.Path} wants {(head.Negated ? "none" : "one")} of {string.Join(", ", head.Values.Take(MostValues))}{more}, and {Seen(head.Attribute, request)}";
    }

    private static string Seen(AuthorizationAttribute attribute, in AuthorizationRequest request) => attribute switch
    {
        AuthorizationAttribute.SourceIp => $"it comes from {request.Source}",
        AuthorizationAttribute.RemoteIp => $"its client is {request.Remote ?? request.Source}",
        AuthorizationAttribute.DestinationIp => $"it goes to {request.Destination}",
        AuthorizationAttribute.DestinationPort => string.Create(CultureInfo.InvariantCulture, $"it goes to port {request.DestinationPort}"),
        AuthorizationAttribute.ConnectionSni => string.IsNullOrEmpty(request.Sni) ? "it names no server" : $"it names the server {request.Sni}",
        _ => request.Peer is { } peer ? $"the peer is {peer.Principal}" : "the peer has shown no identity (plaintext)",
    };
}
