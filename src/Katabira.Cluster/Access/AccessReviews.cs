using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Katabira.Cluster.Api;
using Katabira.Cluster.Resources;

namespace Katabira.Cluster.Access;

/// <summary>
/// The answers to <c>SubjectAccessReview</c> and its kin, by which <c>kubectl auth can-i</c> asks: what is sent comes back with its status. Pure.
/// The answer is a copy.
/// </summary>
internal static class AccessReviews
{
    private const string Group = "authorization.k8s.io";

    /// <summary>May the caller?</summary>
    public static (JsonObject? Answer, ApiFailure? Failure) Self(JsonObject request, RbacModel model, UserInfo caller) =>
        Review(request, "SelfSubjectAccessReview", model, caller, inside: null);

    /// <summary>May the user or groups that the request names?</summary>
    public static (JsonObject? Answer, ApiFailure? Failure) Subject(JsonObject request, RbacModel model) =>
        Review(request, "SubjectAccessReview", model, caller: null, inside: null);

    /// <summary>As <see cref="Subject"/>, about one namespace: who may ask it learns nothing about others.</summary>
    public static (JsonObject? Answer, ApiFailure? Failure) Local(JsonObject request, string ns, RbacModel model) =>
        Review(request, "LocalSubjectAccessReview", model, caller: null, inside: ns);

    /// <summary>Everything that the caller may do in a namespace (<c>kubectl auth can-i --list</c>).</summary>
    public static (JsonObject? Answer, ApiFailure? Failure) SelfRules(JsonObject request, RbacModel model, UserInfo caller)
    {
        var ns = request.Child("spec").Text("namespace");
        if (ns.Length == 0)
        {
            return (null, ApiFailure.BadRequest("no namespace on request"));
        }
        var rules = model.RulesFor(caller, ns);
        var status = new JsonObject
        {
            ["resourceRules"] = new JsonArray([.. rules.Where(r => !r.Resources.IsEmpty).Select(r => (JsonNode)(r with { Paths = [] }).ToJson())]),
            ["nonResourceRules"] = new JsonArray([.. rules.Where(r => !r.Paths.IsEmpty)
                .Select(r => (JsonNode)(r with { Groups = [], Resources = [], Names = [] }).ToJson())]),
            ["incomplete"] = false,
        };
        return (Answered(request, "SelfSubjectRulesReview", status), null);
    }

    private static (JsonObject? Answer, ApiFailure? Failure) Review(JsonObject request, string kind, RbacModel model, UserInfo? caller, string? inside)
    {
        var spec = request.Child("spec");
        var causes = Check(spec, asksAboutOthers: caller is null, inside);
        if (!causes.IsEmpty)
        {
            return (null, ApiFailure.Invalid(Group, kind, "", causes));
        }
        var user = caller ?? new UserInfo(spec.Text("user"), spec.Texts("groups")) { Uid = spec.Text("uid") };
        var decision = model.Authorize(user, Wanted(spec));
        var status = new JsonObject { ["allowed"] = decision.Allowed };
        if (decision.Reason.Length > 0)
        {
            status["reason"] = decision.Reason;
        }
        return (Answered(request, kind, status), null);
    }

    private static AccessRequest Wanted(JsonObject? spec)
    {
        if (spec.Child("resourceAttributes") is not { } resource)
        {
            var path = spec.Child("nonResourceAttributes");
            return new AccessRequest(path.Text("verb")) { Path = path.Text("path") };
        }
        return new AccessRequest(resource.Text("verb"))
        {
            Group = resource.Text("group"),
            Plural = resource.Text("resource"),
            Subresource = resource.Text("subresource"),
            Namespace = resource.Text("namespace"),
            Name = resource.Text("name"),
        };
    }

    private static ImmutableArray<StatusCause> Check(JsonObject? spec, bool asksAboutOthers, string? inside)
    {
        var causes = ImmutableArray.CreateBuilder<StatusCause>();
        void Add(string field, string value, string why) => causes.Add(new("FieldValueInvalid", $"Invalid value: {value}: {why}", field));
        var resource = spec.Child("resourceAttributes");
        var path = spec.Child("nonResourceAttributes");
        if (resource is not null && path is not null)
        {
            Add("spec.nonResourceAttributes", path.ToJsonString(), "cannot be specified in combination with resourceAttributes");
        }
        if (resource is null && path is null)
        {
            Add("spec.resourceAttributes", "null", "exactly one of nonResourceAttributes or resourceAttributes must be specified");
        }
        if (asksAboutOthers && spec.Text("user").Length == 0 && spec.Texts("groups").IsEmpty)
        {
            Add("spec.user", "\"\"", "at least one of user or group must be specified");
        }
        if (inside is not null && path is not null)
        {
            Add("spec.nonResourceAttributes", path.ToJsonString(), "disallowed on this kind of request");
        }
        if (inside is not null && resource is not null && resource.Text("namespace") != inside)
        {
            Add("spec.resourceAttributes.namespace", GoQuoted.Text(resource.Text("namespace")), "must match metadata.namespace");
        }
        return causes.ToImmutable();
    }

    private static JsonObject Answered(JsonObject request, string kind, JsonObject status)
    {
        var answer = request.DeepClone().AsObject();
        (answer["kind"], answer["apiVersion"]) = (kind, $"{Group}/v1");
        answer["metadata"] = answer.Child("metadata") is { } metadata ? metadata.DeepClone() : new JsonObject { ["creationTimestamp"] = null };
        if (answer["spec"] is null)
        {
            answer["spec"] = new JsonObject();
        }
        answer["status"] = status;
        return answer;
    }
}
