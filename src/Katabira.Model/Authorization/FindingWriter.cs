using System.Collections.Frozen;
using System.Globalization;
using Katabira.Model.Kinds;
using Katabira.Model.Mesh;

namespace Katabira.Model.Authorization;

/// <summary>Puts into words what policies have to do with a connection. Decides nothing: what matches, and what decided, is given.</summary>
internal static class FindingWriter
{
    /// <summary>The most gaps that a sentence repeats.</summary>
    private const int MostGaps = 3;

    public static AuthorizationFinding Write(
        AuthorizationPolicyModel policy, RuleModel? match, in AuthorizationDecision decision, in AuthorizationRequest request)
    {
        var gaps = policy.Gaps.IsEmpty ? "" : $" ({string.Join("; ", policy.Gaps.Take(MostGaps))})";
        if (match is null)
        {
            return new(policy, AuthorizationFate.DoesNotMatch, null, (policy.DryRun ? "dry run: " : "") + NearestMiss.Describe(policy, request) + gaps);
        }
        var fate = policy.DryRun ? AuthorizationFate.WouldApply
            : policy.Action == AuthorizationAction.Audit ? AuthorizationFate.Notes
            : ReferenceEquals(policy, decision.Policy) ? AuthorizationFate.Decides
            : AuthorizationFate.Matches;
        var rule = string.Create(CultureInfo.InvariantCulture, $"rules[{match.Index}]");
        return new(policy, fate, match.Index, fate switch
        {
            AuthorizationFate.Decides => decision.Words,
            AuthorizationFate.WouldApply => $"dry run: {rule} would {Verb(policy.Action)} it",
            AuthorizationFate.Notes => $"{rule} notes it",
            _ => $"{rule} would {Verb(policy.Action)} it too, but {decision.Policy} has decided",
        } + gaps);
    }

    public static AuthorizationFinding WritePassedOver(AuthorizationPolicyModel policy, Workload workload) => policy.Attached
        ? new(policy, AuthorizationFate.LeftOut, null,
            "left out: it is attached to objects by targetRefs, and connections to the workload itself do not come by them; a selector would make it hold here")
        : new(policy, AuthorizationFate.SelectsOthers, null, $"selects other workloads: {FirstMismatch(policy.Selector, workload)}");

    private static string FirstMismatch(WorkloadSelector? selector, Workload workload)
    {
        foreach (var (key, value) in selector?.MatchLabels ?? FrozenDictionary<string, string>.Empty)
        {
            if (!workload.Labels.TryGetValue(key, out var actual) || actual != value)
            {
                return $"it wants {key}={value}, this one has {(actual is null ? $"no label {key}" : $"{key}={actual}")}";
            }
        }
        return "";
    }

    private static string Verb(AuthorizationAction action) => action switch
    {
        AuthorizationAction.Allow => "admit",
        AuthorizationAction.Deny => "deny",
        AuthorizationAction.Audit => "note",
        _ => "have somebody asked about",
    };
}
