using System.Text.Json.Nodes;
using Katabira.Cluster.Access;
using Katabira.Cluster.Resources;

namespace Katabira.Cluster.Node.Volumes;

/// <summary>A token for a pod, good until a time, or why there is none.</summary>
/// <param name="pod">In its stored form.</param>
/// <param name="audience">Who is to accept it; empty for the API.</param>
/// <param name="seconds">How long it is to hold.</param>
internal delegate (string? Token, DateTimeOffset Expires, string Error) IssueToken(JsonObject pod, string audience, long seconds);

/// <summary>Asks as a kubelet asks: by a TokenRequest that is bound to the pod, so the token ends with it.</summary>
internal static class PodTokenRequest
{
    /// <param name="tokens">Signs.</param>
    /// <param name="findUid">Finds the service account and the pod.</param>
    public static IssueToken By(ServiceAccountTokens tokens, FindUid findUid) => (pod, audience, seconds) =>
    {
        var account = pod.Child("spec").Text("serviceAccountName", "default");
        var spec = new JsonObject
        {
            ["audiences"] = audience.Length > 0 ? new JsonArray(audience) : [],
            ["expirationSeconds"] = seconds,
            ["boundObjectRef"] = new JsonObject
            {
                ["apiVersion"] = "v1",
                ["kind"] = "Pod",
                ["name"] = pod.NameOf(),
                ["uid"] = pod.Child("metadata").Text("uid"),
            },
        };
        var (answer, failure) = TokenRequests.Create(new JsonObject { ["spec"] = spec }, pod.NamespaceOf(), account, tokens, findUid, (_, _) => account);
        var status = answer.Child("status");
        return failure is not null
            ? (null, default, failure.Message)
            : (status.Text("token"), status.Time("expirationTimestamp") ?? default, "");
    };
}
