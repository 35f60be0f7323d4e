namespace Katabira.Model.Kinds;

/// <summary>What a clause of a rule is about, whichever field or condition it was written in.</summary>
internal enum AuthorizationAttribute
{
    /// <summary>A condition's key that nobody knows.</summary>
    Unknown,

    // known of a connection
    SourcePrincipal,
    SourceNamespace,
    SourceServiceAccount,
    SourceTrustDomain,
    SourceIp,
    RemoteIp,
    DestinationIp,
    DestinationPort,
    ConnectionSni,

    // known of a request only
    RequestHost,
    RequestMethod,
    RequestPath,
    RequestHeader,
    RequestPrincipal,
    RequestAudience,
    RequestPresenter,
    RequestClaim,

    /// <summary>Metadata of an Envoy filter; only Envoy knows it.</summary>
    EnvoyMetadata,
}

/// <summary>The attributes by the names that conditions use.</summary>
internal static class AuthorizationAttributes
{
    /// <summary>The attribute a condition's key names.</summary>
    public static AuthorizationAttribute Parse(string? key) => key switch
    {
        "source.principal" => AuthorizationAttribute.SourcePrincipal,
        "source.namespace" => AuthorizationAttribute.SourceNamespace,
        "source.serviceAccount" => AuthorizationAttribute.SourceServiceAccount,
        "source.trustDomain" => AuthorizationAttribute.SourceTrustDomain,
        "source.ip" => AuthorizationAttribute.SourceIp,
        "remote.ip" => AuthorizationAttribute.RemoteIp,
        "destination.ip" => AuthorizationAttribute.DestinationIp,
        "destination.port" => AuthorizationAttribute.DestinationPort,
        "connection.sni" => AuthorizationAttribute.ConnectionSni,
        "request.auth.principal" => AuthorizationAttribute.RequestPrincipal,
        "request.auth.audiences" => AuthorizationAttribute.RequestAudience,
        "request.auth.presenter" => AuthorizationAttribute.RequestPresenter,
        _ when IsIndexed(key, "request.auth.claims") => AuthorizationAttribute.RequestClaim,
        _ when IsIndexed(key, "request.headers") => AuthorizationAttribute.RequestHeader,
        _ when IsMetadata(key) => AuthorizationAttribute.EnvoyMetadata,
        _ => AuthorizationAttribute.Unknown,
    };

    /// <summary>What to tell the author of a key that <see cref="Parse"/> does not know.</summary>
    public static string WhyUnknown(string key) => key switch
    {
        "request.headers" or "request.auth.claims" => $"must name one in brackets: {key}[name]",
        "destination.namespace" => "unknown attribute: the policy's own namespace decides",
        "destination.name" or "destination.user" => "unknown attribute: the policy's selector decides",
        _ when key.StartsWith("destination.labels", StringComparison.Ordinal) => "unknown attribute: the policy's selector decides",
        _ => "unknown attribute",
    };

    /// <summary>True if only somebody who reads requests can know it; the rest is known of every connection.</summary>
    public static bool NeedsHttp(this AuthorizationAttribute attribute) => attribute >= AuthorizationAttribute.RequestHost;

    /// <summary><c>name[x]</c>, or <c>name[x][y]</c> for what lies deeper.</summary>
    private static bool IsIndexed(string? key, string name) =>
        key is not null
        && key.Length > name.Length + 2
        && key.StartsWith(name, StringComparison.Ordinal)
        && key[name.Length] == '['
        && key[^1] == ']'
        && !key.Contains("[]", StringComparison.Ordinal);

    private static bool IsMetadata(string? key) =>
        key?.IndexOf('[', StringComparison.Ordinal) is { } bracket and > 0
        && key.StartsWith("experimental.envoy.filters.", StringComparison.Ordinal)
        && IsIndexed(key, key[..bracket]);
}
