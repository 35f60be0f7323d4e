using System.Text.Json.Nodes;
using Katabira.Cluster.Access;
using Katabira.Cluster.Objects;
using Katabira.Cluster.Protobuf;
using Katabira.Cluster.Resources;
using Katabira.Cluster.State;
using Microsoft.AspNetCore.Http;

namespace Katabira.Cluster.Api;

/// <summary>Answers what is asked and not stored: who somebody is, what they may do, and a token to prove it. Thread-safe.</summary>
internal sealed class Reviews(ClusterState state, ServiceAccountTokens tokens)
{
    /// <summary>A POST to a resource that is not stored.</summary>
    public async Task ReviewAsync(ApiCall call, ServedResource resource, string ns)
    {
        var body = await ReadAsync(call, resource.Kind);
        var (answer, failure) = resource.Type.Plural switch
        {
            "tokenreviews" => TokenRequests.Review(body, tokens),
            "selfsubjectreviews" => (TokenRequests.Self(body, call.User), null),
            "selfsubjectaccessreviews" => AccessReviews.Self(body, state.Access, call.User),
            "subjectaccessreviews" => AccessReviews.Subject(body, state.Access),
            "localsubjectaccessreviews" => AccessReviews.Local(body, ns, state.Access),
            "selfsubjectrulesreviews" => AccessReviews.SelfRules(body, state.Access, call.User),
            _ => throw new InvalidOperationException($"nobody answers {resource.Type}"),
        };
        await SendAsync(call, answer, failure);
    }

    /// <summary>A token for a service account.</summary>
    public async Task IssueTokenAsync(ApiCall call, string ns, string name)
    {
        var body = await ReadAsync(call, new GroupVersionKind("authentication.k8s.io", "v1", "TokenRequest"));
        var (answer, failure) = TokenRequests.Create(body, ns, name, tokens, state.FindUid, AccountOfPod);
        await SendAsync(call, answer, failure);
    }

    private string? AccountOfPod(string ns, string name) =>
        state.Find(new("", "pods"), ns, name) is { } pod ? pod.Child("spec").Text("serviceAccountName", "default") : null;

    private static async Task<JsonObject> ReadAsync(ApiCall call, GroupVersionKind kind)
    {
        var parameters = WriteParameters.Read(call, "CreateOptions");
        var body = await RequestBody.ReadAsync(call.Http, kind, isBuiltIn: true);
        var findings = FieldCheck.Run(body.Item, FieldTable.Find(kind)!); // not null: every review is in the table
        var error = parameters.Validation == FieldValidation.Strict ? findings.StrictError(kind) : findings.LenientError(kind);
        return error is null ? body.Item : throw new ApiException(ApiFailure.BadRequest(error));
    }

    private static Task SendAsync(ApiCall call, JsonObject? answer, ApiFailure? failure) =>
        answer is null ? throw new ApiException(failure!) : Answers.SendAsync(call.Http, StatusCodes.Status201Created, answer); // one of the two is set
}
