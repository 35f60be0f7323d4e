using System.Security.Cryptography.X509Certificates;

namespace Katabira.Cluster.Access;

/// <summary>Tells who sent a request: a client certificate first, then a bearer token; with neither, the caller is anonymous. Thread-safe.</summary>
internal sealed class Authenticator(ClientCertificates certificates, ServiceAccountTokens tokens)
{
    private const string Scheme = "Bearer";

    /// <param name="certificate">What the TLS handshake proved possession of; null if the client showed none.</param>
    /// <param name="authorization">The values of all <c>Authorization</c> headers.</param>
    public Authentication Authenticate(X509Certificate2? certificate, IReadOnlyList<string?> authorization)
    {
        var why = "";
        if (certificate is not null)
        {
            var verdict = certificates.Identify(certificate);
            if (verdict.User is not null)
            {
                return new(verdict.User, "");
            }
            why = verdict.Why;
        }
        var (token, malformed) = Bearer(authorization);
        if (malformed.Length > 0)
        {
            return new(null, malformed);
        }
        if (token.Length > 0)
        {
            var verdict = tokens.Verify(token, ServiceAccountTokens.DefaultAudiences);
            return new(verdict.User, verdict.Error);
        }
        // a certificate of somebody else is a bad credential, not none
        return why.Length > 0 ? new(null, why) : new(UserInfo.Anonymous, "");
    }

    /// <summary>The token; empty if the header speaks of none. Other schemes count as none, as they do upstream.</summary>
    private static (string Token, string Malformed) Bearer(IReadOnlyList<string?> authorization)
    {
        if (authorization.Count == 0)
        {
            return ("", "");
        }
        if (authorization.Count > 1)
        {
            // a proxy on the way may have looked at the other one
            return ("", "more than one Authorization header");
        }
        var value = authorization[0] ?? "";
        if (value.Length > JsonWebToken.LimitChars + Scheme.Length + 1)
        {
            return ("", "the Authorization header is too long");
        }
        var parts = value.Trim(' ').Split(' ', 3);
        if (!parts[0].Equals(Scheme, StringComparison.OrdinalIgnoreCase) || parts.Length == 1)
        {
            return ("", "");
        }
        return parts.Length == 2 ? (parts[1], "") : ("", "the bearer token has spaces in it");
    }
}

/// <summary>The outcome: a user (perhaps the anonymous one), or bad credentials, which is a 401.</summary>
/// <param name="User">Who asks; null for bad credentials.</param>
/// <param name="Why">For the server's log only: a caller learns no more than <c>Unauthorized</c>. Never a part of a credential.</param>
internal readonly record struct Authentication(UserInfo? User, string Why);
