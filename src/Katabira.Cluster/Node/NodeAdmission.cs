using System.Collections.Frozen;
using System.Text.Json.Nodes;
using Katabira.Cluster.Access;
using Katabira.Cluster.Api;
using Katabira.Cluster.Node.Containers;
using Katabira.Cluster.Node.Images;
using Katabira.Cluster.Objects;
using Katabira.Cluster.Resources;

namespace Katabira.Cluster.Node;

/// <summary>
/// What a cluster whose pods are processes of this machine does not take: workloads that it has no controller for, which would wait without a word,
/// and pods that reach the machine itself, from whoever may not do everything in the cluster anyway. Thread-safe.
/// </summary>
/// <param name="images">Reads the catalogue as it is now.</param>
internal sealed class NodeAdmission(Func<ImageCatalog> images)
{
    private static readonly FrozenDictionary<string, string> s_instead = new Dictionary<string, string>
    {
        ["apps/statefulsets"] = "use a Deployment",
        ["apps/daemonsets"] = "there is one node: use a Deployment with one replica",
        ["batch/jobs"] = "use a Pod with restartPolicy: OnFailure",
        ["batch/cronjobs"] = "let the machine's own timer create a Pod with restartPolicy: OnFailure",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Why an object is refused; null if it is not.</summary>
    /// <param name="old">The stored one; null for a create. What it had already is not asked for again.</param>
    public ApiFailure? Check(WriteRequest request, RbacModel access, JsonObject item, JsonObject? old)
    {
        var type = request.Form.Type;
        if (old is null && s_instead.TryGetValue($"{type.Group}/{type.Plural}", out var instead))
        {
            return ApiFailure.Forbidden(type.Group, type.Plural, item.NameOf(), $"the embedded cluster has no controller for a {type.Kind}, so nothing would ever run; {instead}");
        }
        if (request.Subresource.Length > 0 || PodOf(type, item) is not { } pod || MayEverything(access, request.User))
        {
            return null;
        }
        var catalog = images();
        var needed = PodPrivileges.Needed(pod, catalog);
        var had = old is null ? [] : PodPrivileges.Needed(PodOf(type, old)!, catalog); // not null: it has the same type
        return needed.Except(had).ToList() is [_, ..] more
            ? ApiFailure.Forbidden(type.Group, type.Plural, item.NameOf(), $"{string.Join("; ", more)}: that is for those who may do everything in the cluster, as its role cluster-admin may")
            : null;
    }

    private static JsonObject? PodOf(ResourceType type, JsonObject item) => (type.Group, type.Plural) switch
    {
        ("", "pods") => item,
        ("apps", "deployments" or "replicasets") => item.Child("spec").Child("template") ?? [],
        _ => null,
    };

    private static bool MayEverything(RbacModel access, UserInfo user) =>
        access.Authorize(user, new AccessRequest("*") { Group = "*", Plural = "*" }).Allowed;
}
