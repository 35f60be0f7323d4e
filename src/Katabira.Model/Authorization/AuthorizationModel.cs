using System.Collections.Immutable;
using Katabira.Model.Kinds;
using Katabira.Model.Mesh;

namespace Katabira.Model.Authorization;

/// <summary>Who may connect to one workload: the one function that the proxy, the command line and the console ask. Immutable and thread-safe.</summary>
/// <remarks>
/// About connections only; nobody has read a request. CUSTOM is asked first, then DENY, then ALLOW; AUDIT and dry runs only speak.
/// The order of the policies never matters. Source: istio/istio pilot/pkg/security/authz.
/// </remarks>
public sealed class AuthorizationModel
{
    private readonly ImmutableArray<AuthorizationPolicyModel> _asking;
    private readonly ImmutableArray<AuthorizationPolicyModel> _denying;
    private readonly ImmutableArray<AuthorizationPolicyModel> _admitting;
    private readonly ImmutableArray<AuthorizationPolicyModel> _holding;
    private readonly ImmutableArray<AuthorizationPolicyModel> _passedOver;
    private readonly Workload _workload;

    private AuthorizationModel(AuthorizationPolicyModel[] reaching, Workload workload)
    {
        _workload = workload;
        _holding = [.. reaching.Where(p => !p.Attached && p.Selects(workload)).OrderBy(p => Stage(p.Action))];
        _passedOver = [.. reaching.Except(_holding)];
        _asking = Deciding(AuthorizationAction.Custom);
        _denying = Deciding(AuthorizationAction.Deny);
        _admitting = Deciding(AuthorizationAction.Allow);
        Speaks = _holding.Any(p => p.DryRun || p.Action == AuthorizationAction.Audit);
    }

    /// <summary>True if there are AUDIT policies or dry runs: only then has <see cref="Explain"/> anything to say of a connection that passes.</summary>
    public bool Speaks { get; }

    /// <summary>Gathers the policies that hold for a workload.</summary>
    /// <param name="policies">All policies; those of other namespaces are passed over without a word, those with other selectors with one.</param>
    /// <param name="workload">The workload that accepts connections.</param>
    public static AuthorizationModel For(IEnumerable<AuthorizationPolicyModel> policies, Workload workload) =>
        new([.. policies.Where(p => p.Reaches(workload))
            .OrderBy(p => p.Key.Namespace, StringComparer.Ordinal).ThenBy(p => p.Key.Name, StringComparer.Ordinal)], workload);

    /// <summary>Decides about a connection. Allocates nothing.</summary>
    public AuthorizationDecision Decide(in AuthorizationRequest request) => Evaluate(new ConnectionFacts(request));

    /// <summary>Decides about a connection and says what every policy has to do with it.</summary>
    public AuthorizationExplanation Explain(in AuthorizationRequest request)
    {
        var facts = new ConnectionFacts(request);
        var decision = Evaluate(facts);
        var findings = ImmutableArray.CreateBuilder<AuthorizationFinding>(_holding.Length + _passedOver.Length);
        foreach (var policy in _holding)
        {
            findings.Add(FindingWriter.Write(policy, policy.Find(facts), decision, request));
        }
        foreach (var policy in _passedOver)
        {
            findings.Add(FindingWriter.WritePassedOver(policy, _workload));
        }
        return new(decision, findings.MoveToImmutable());
    }

    private AuthorizationDecision Evaluate(in ConnectionFacts facts)
    {
        foreach (var policy in _asking)
        {
            if (policy.Find(facts) is { } rule)
            {
                return new(AuthorizationCause.CannotAsk, policy, rule.Index);
            }
        }
        foreach (var policy in _denying)
        {
            if (policy.Find(facts) is { } rule)
            {
                return new(AuthorizationCause.Denied, policy, rule.Index);
            }
        }
        if (_admitting.IsEmpty)
        {
            return new(AuthorizationCause.NobodyRefuses);
        }
        foreach (var policy in _admitting)
        {
            if (policy.Find(facts) is { } rule)
            {
                return new(AuthorizationCause.Admitted, policy, rule.Index);
            }
        }
        return new(AuthorizationCause.NotAdmitted);
    }

    private ImmutableArray<AuthorizationPolicyModel> Deciding(AuthorizationAction action) => [.. _holding.Where(p => p.Action == action && !p.DryRun)];

    private static int Stage(AuthorizationAction action) => action switch
    {
        AuthorizationAction.Custom => 0,
        AuthorizationAction.Audit => 1,
        AuthorizationAction.Deny => 2,
        _ => 3,
    };
}
