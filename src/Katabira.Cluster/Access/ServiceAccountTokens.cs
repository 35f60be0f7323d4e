using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Katabira.Cluster.Resources;

namespace Katabira.Cluster.Access;

/// <summary>
/// Issues and verifies the tokens by which pods speak: a token names its service account, its audiences and perhaps a pod, and is worth nothing
/// after its hour or after any of those objects is gone. Thread-safe.
/// </summary>
internal sealed class ServiceAccountTokens(SigningKeys keys, TimeProvider time, FindUid findUid)
{
    /// <summary>Who issues the tokens, and the audience of a token that asks for none.</summary>
    public const string Issuer = "https://kubernetes.default.svc.cluster.local";

    private const string Own = "kubernetes.io";
    private const string ExtraPrefix = "authentication.kubernetes.io/";

    /// <summary>Two clocks of one machine are one; this is for machines that join.</summary>
    private static readonly TimeSpan s_leeway = TimeSpan.FromSeconds(10);

    /// <summary>The audiences of the API server itself.</summary>
    public static ImmutableArray<string> DefaultAudiences { get; } = [Issuer];

    /// <summary>A new token. Its claims are facts at this moment: the caller has looked the objects up.</summary>
    /// <param name="ns">The service account's namespace.</param>
    /// <param name="name">Its name.</param>
    /// <param name="uid">Its uid.</param>
    /// <param name="audiences">Who may accept the token; not empty.</param>
    /// <param name="lifetime">How long it holds.</param>
    /// <param name="bound">The object whose end is the token's end; null for none.</param>
    public (string Token, DateTimeOffset Expires) Issue(
        string ns, string name, string uid, ImmutableArray<string> audiences, TimeSpan lifetime, BoundObject? bound)
    {
        var now = DateTimeOffset.FromUnixTimeSeconds(time.GetUtcNow().ToUnixTimeSeconds());
        var expires = now + lifetime;
        var own = new JsonObject { ["namespace"] = ns, ["serviceaccount"] = Reference(name, uid) };
        if (bound is not null)
        {
            own[bound.Claim] = Reference(bound.Name, bound.Uid);
        }
        var claims = new JsonObject
        {
            ["aud"] = audiences.ToJson(),
            ["exp"] = expires.ToUnixTimeSeconds(),
            ["iat"] = now.ToUnixTimeSeconds(),
            ["iss"] = Issuer,
            ["jti"] = Guid.NewGuid().ToString(),
            [Own] = own,
            ["nbf"] = now.ToUnixTimeSeconds(),
            ["sub"] = UserInfo.ServiceAccountName(ns, name),
        };
        return (JsonWebToken.Sign(claims, keys.Current), expires);
    }

    /// <summary>Whose token it is, if it is good for one of the audiences now. The error never quotes the token.</summary>
    /// <param name="token">What the caller sent.</param>
    /// <param name="audiences">Whom the token may be meant for.</param>
    public TokenVerdict Verify(string token, ImmutableArray<string> audiences)
    {
        var (claims, error) = JsonWebToken.Verify(token, keys);
        if (claims is null)
        {
            return TokenVerdict.Refused(error);
        }
        if (claims.Text("iss") != Issuer)
        {
            return TokenVerdict.Refused("the token is of another issuer");
        }
        if (CheckTime(claims) is { } early)
        {
            return TokenVerdict.Refused(early);
        }
        var meant = claims.Texts("aud");
        ImmutableArray<string> fitting = [.. audiences.Where(a => meant.Contains(a))];
        return fitting.IsEmpty ? TokenVerdict.Refused("the token is meant for another audience") : Identify(claims, fitting);
    }

    private string? CheckTime(JsonObject claims)
    {
        if (claims.Integer("exp") is not { } expires || claims.Integer("nbf") is not { } begins)
        {
            return "the token has no validity";
        }
        var now = time.GetUtcNow();
        var (late, soon) = ((now - s_leeway).ToUnixTimeSeconds(), (now + s_leeway).ToUnixTimeSeconds());
        return late >= expires ? "service account token has expired" : soon < begins ? "service account token is not valid yet" : null;
    }

    private TokenVerdict Identify(JsonObject claims, ImmutableArray<string> audiences)
    {
        var own = claims.Child(Own);
        var (ns, name, uid) = (own.Text("namespace"), own.Child("serviceaccount").Text("name"), own.Child("serviceaccount").Text("uid"));
        if (ns.Length == 0 || name.Length == 0 || uid.Length == 0 || claims.Text("sub") != UserInfo.ServiceAccountName(ns, name))
        {
            return TokenVerdict.Refused("the token's claims do not agree");
        }
        if (findUid("", "serviceaccounts", ns, name) != uid)
        {
            return TokenVerdict.Refused("service account token has been invalidated");
        }
        var extra = ImmutableSortedDictionary.CreateBuilder<string, ImmutableArray<string>>(StringComparer.Ordinal);
        extra[ExtraPrefix + "credential-id"] = [$"JTI={claims.Text("jti")}"];
        foreach (var kind in (ReadOnlySpan<string>)["Pod", "Secret"])
        {
            var bound = new BoundObject(kind, "", "");
            if (!own!.ContainsKey(bound.Claim)) // a namespace was read from it
            {
                continue;
            }
            bound = bound with { Name = own.Child(bound.Claim).Text("name"), Uid = own.Child(bound.Claim).Text("uid") };
            if (bound.Uid.Length == 0 || findUid("", bound.Plural, ns, bound.Name) != bound.Uid)
            {
                return TokenVerdict.Refused("service account token has been invalidated");
            }
            if (kind == "Pod")
            {
                extra[ExtraPrefix + "pod-name"] = [bound.Name];
                extra[ExtraPrefix + "pod-uid"] = [bound.Uid];
            }
        }
        return new(UserInfo.ServiceAccount(ns, name, uid) with { Extra = extra.ToImmutable() }, audiences, "");
    }

    private static JsonObject Reference(string name, string uid) => new() { ["name"] = name, ["uid"] = uid };
}

/// <summary>What a token proved.</summary>
/// <param name="User">Whose it is; null if it is not accepted.</param>
/// <param name="Audiences">The audiences that fit; empty if it is not accepted.</param>
/// <param name="Error">Why it is not accepted; never a part of the token.</param>
internal sealed record TokenVerdict(UserInfo? User, ImmutableArray<string> Audiences, string Error)
{
    public static TokenVerdict Refused(string error) => new(null, [], error);
}
