using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Katabira.Cluster.Resources;

namespace Katabira.Cluster.Controllers;

/// <summary>An entry of <c>metadata.ownerReferences</c>.</summary>
/// <param name="Kind">Kind and version of the owner.</param>
/// <param name="Blocks">The owner, if it waits for its dependents, waits for this one.</param>
internal sealed record OwnerReference(GroupVersionKind Kind, string Name, string Uid, bool Blocks)
{
    public static ImmutableArray<OwnerReference> Of(JsonObject item) =>
    [
        .. item.Child("metadata").Items("ownerReferences").Select(o =>
            new OwnerReference(GroupVersionKind.Of(o.Text("apiVersion"), o.Text("kind")), o.Text("name"), o.Text("uid"), o.Flag("blockOwnerDeletion"))),
    ];
}
