using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Katabira.Cluster.Api;
using Katabira.Cluster.Resources;

namespace Katabira.Cluster.Access;

/// <summary>
/// The answers to <c>TokenRequest</c>, <c>TokenReview</c> and <c>SelfSubjectReview</c>: what is sent comes back with its status. Pure but for the clock.
/// The answer is a copy; the request is not changed.
/// </summary>
internal static class TokenRequests
{
    private const string Group = "authentication.k8s.io";
    private const long LeastSeconds = 600;
    private const long MostSeconds = 1L << 32;
    private const long DefaultSeconds = 3600;

    /// <summary>More than anybody needs; a token has to fit into a header.</summary>
    private const int MostAudiences = 32;

    private const int LongestAudience = 256;

    /// <summary>A token for a service account (<c>serviceaccounts/NAME/token</c>).</summary>
    /// <param name="request">The request's body.</param>
    /// <param name="ns">The service account's namespace.</param>
    /// <param name="name">Its name.</param>
    /// <param name="tokens">Signs.</param>
    /// <param name="findUid">Finds the service account and the bound object.</param>
    /// <param name="podServiceAccount">The service account that a pod (namespace, name) runs as; null if there is no such pod.</param>
    public static (JsonObject? Answer, ApiFailure? Failure) Create(JsonObject request, string ns, string name,
        ServiceAccountTokens tokens, FindUid findUid, Func<string, string, string?> podServiceAccount)
    {
        if (findUid("", "serviceaccounts", ns, name) is not { } uid)
        {
            return (null, ApiFailure.NotFound("", "serviceaccounts", name));
        }
        var spec = request.Child("spec");
        var audiences = spec.Texts("audiences");
        var seconds = spec.Integer("expirationSeconds") ?? DefaultSeconds;
        if (Check(audiences, seconds) is { IsEmpty: false } causes)
        {
            return (null, ApiFailure.Invalid(Group, "TokenRequest", "", causes));
        }
        var (bound, failure) = Bind(spec.Child("boundObjectRef"), ns, name, findUid, podServiceAccount);
        if (failure is not null)
        {
            return (null, failure);
        }
        var meant = audiences.IsEmpty ? ServiceAccountTokens.DefaultAudiences : audiences;
        var (token, expires) = tokens.Issue(ns, name, uid, meant, TimeSpan.FromSeconds(seconds), bound);
        var answer = Answer(request, "TokenRequest", new JsonObject { ["token"] = token, ["expirationTimestamp"] = Resources.Rfc3339.Of(expires) });
        var filled = answer.Child("spec") ?? [];
        answer["spec"] = filled;
        filled["audiences"] = meant.ToJson();
        filled["expirationSeconds"] = seconds;
        filled.TryAdd("boundObjectRef", null);
        var metadata = answer.Child("metadata") ?? [];
        answer["metadata"] = metadata;
        (metadata["name"], metadata["namespace"]) = (name, ns);
        return (answer, null);
    }

    /// <summary>Whose token it is, for somebody who was given it.</summary>
    public static (JsonObject? Answer, ApiFailure? Failure) Review(JsonObject request, ServiceAccountTokens tokens)
    {
        var token = request.Child("spec").Text("token");
        if (token.Length == 0)
        {
            return (null, ApiFailure.BadRequest("token is required for TokenReview in authentication"));
        }
        var asked = request.Child("spec").Texts("audiences");
        var verdict = tokens.Verify(token, asked.IsEmpty ? ServiceAccountTokens.DefaultAudiences : asked);
        if (verdict.User is null)
        {
            var refused = new JsonObject { ["user"] = new JsonObject(), ["error"] = $"[invalid bearer token, {verdict.Error}]" };
            return (Answer(request, "TokenReview", refused), null);
        }
        var status = new JsonObject { ["authenticated"] = true, ["user"] = verdict.User.ToJson(), ["audiences"] = verdict.Audiences.ToJson() };
        return (Answer(request, "TokenReview", status), null);
    }

    /// <summary>Who the caller is (<c>kubectl auth whoami</c>).</summary>
    public static JsonObject Self(JsonObject request, UserInfo user)
    {
        var answer = Answer(request, "SelfSubjectReview", new JsonObject { ["userInfo"] = user.ToJson() });
        answer.Remove("spec");
        return answer;
    }

    private static ImmutableArray<StatusCause> Check(ImmutableArray<string> audiences, long seconds)
    {
        var causes = ImmutableArray.CreateBuilder<StatusCause>();
        void Add(string field, string value, string why) => causes.Add(new("FieldValueInvalid", $"Invalid value: {value}: {why}", field));
        var shown = seconds.ToString(CultureInfo.InvariantCulture);
        if (seconds < LeastSeconds)
        {
            Add("spec.expirationSeconds", shown, "may not specify a duration less than 10 minutes");
        }
        if (seconds > MostSeconds)
        {
            Add("spec.expirationSeconds", shown, "may not specify a duration larger than 2^32 seconds");
        }
        if (audiences.Length > MostAudiences)
        {
            causes.Add(new("FieldValueTooMany", $"Too many: {audiences.Length}: must have at most {MostAudiences} items", "spec.audiences"));
        }
        else if (audiences.Any(a => a.Length is 0 or > LongestAudience))
        {
            Add("spec.audiences", "\"\"", $"must be 1 to {LongestAudience} characters long");
        }
        return causes.ToImmutable();
    }

    private static (BoundObject? Bound, ApiFailure? Failure) Bind(JsonObject? reference, string ns, string account, FindUid findUid,
        Func<string, string, string?> podServiceAccount)
    {
        if (reference is null)
        {
            return (null, null);
        }
        var (kind, name, wanted) = (reference.Text("kind"), reference.Text("name"), reference.Text("uid"));
        if (reference.Text("apiVersion") is not ("" or "v1") || kind is not ("Pod" or "Secret"))
        {
            return (null, ApiFailure.BadRequest($"cannot bind token to object of type {reference.Text("apiVersion")}, Kind={kind}"));
        }
        var bound = new BoundObject(kind, name, "");
        if (findUid("", bound.Plural, ns, name) is not { } uid)
        {
            return (null, ApiFailure.NotFound("", bound.Plural, name));
        }
        if (wanted.Length > 0 && wanted != uid)
        {
            return (null, ApiFailure.Conflict("", bound.Plural, name,
                $"the UID in the bound object reference ({wanted}) does not match the UID in record. The object might have been deleted and then recreated"));
        }
        if (kind == "Pod" && podServiceAccount(ns, name) is { } runsAs && runsAs != account)
        {
            return (null, ApiFailure.BadRequest($"cannot bind token for serviceaccount {GoQuoted.Text(account)} to pod running with different serviceaccount name."));
        }
        return (bound with { Uid = uid }, null);
    }

    private static JsonObject Answer(JsonObject request, string kind, JsonObject status)
    {
        var answer = request.DeepClone().AsObject();
        (answer["kind"], answer["apiVersion"]) = (kind, $"{Group}/v1");
        answer["metadata"] = answer.Child("metadata") is { } metadata ? metadata.DeepClone() : new JsonObject { ["creationTimestamp"] = null };
        answer["status"] = status;
        return answer;
    }
}
