using System.Globalization;

namespace Katabira.Model.Authorization;

/// <summary>Whether a connection may pass, and why. The default value is a refusal.</summary>
/// <param name="Cause">What decided.</param>
/// <param name="Policy">The policy that decided; null if none did by itself.</param>
/// <param name="Rule">Its rule, counted from zero in <c>spec.rules</c>; null without a policy.</param>
public readonly record struct AuthorizationDecision(AuthorizationCause Cause, AuthorizationPolicyModel? Policy = null, int? Rule = null)
{
    /// <summary>True if the connection may pass.</summary>
    public bool Allowed => Cause is AuthorizationCause.NobodyRefuses or AuthorizationCause.Admitted;

    /// <summary>The decision in a sentence. Composed when asked for.</summary>
    public string Words => Cause switch
    {
        AuthorizationCause.NobodyRefuses => "allowed: no policy refuses it, and no ALLOW policy holds here",
        AuthorizationCause.Admitted => $"allowed: {Place} admits it",
        AuthorizationCause.Denied => $"denied: {Place} denies it",
        AuthorizationCause.CannotAsk =>
            $"denied: {Place} wants {(Policy?.Provider is { Length: > 0 } provider ? $"the provider {provider}" : "a provider")} to be asked, who can be asked only about requests (HTTP), not about this connection",
        _ => "denied: ALLOW policies hold here, and none of them admits it",
    };

    private string Place => string.Create(CultureInfo.InvariantCulture, $"{Policy} rules[{Rule}]");
}

/// <summary>What decided about a connection.</summary>
public enum AuthorizationCause
{
    /// <summary>Denied: ALLOW policies hold for the workload, and none admits the connection.</summary>
    NotAdmitted,

    /// <summary>Denied by a rule of a DENY policy.</summary>
    Denied,

    /// <summary>Denied because a rule of a CUSTOM policy wants somebody to be asked who cannot be.</summary>
    CannotAsk,

    /// <summary>Allowed by a rule of an ALLOW policy.</summary>
    Admitted,

    /// <summary>Allowed because nothing refuses it and no ALLOW policy holds for the workload.</summary>
    NobodyRefuses,
}
