using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Katabira.Cluster.Patching;

/// <summary>A request body as a tree, or why it is none.</summary>
/// <param name="Node">The tree; null also where the body is the literal <c>null</c>.</param>
/// <param name="DuplicateFields">Paths of members that stand twice in their object, e.g. <c>spec.ports[0].name</c>; the later one is in the tree.
/// Under strict field validation each is an error, <c>duplicate field "spec.foo"</c>; otherwise a warning.</param>
/// <param name="Failure">Null if the body could be read.</param>
internal sealed record ParsedBody(JsonNode? Node, ImmutableArray<string> DuplicateFields, PatchFailure? Failure)
{
    public static implicit operator ParsedBody(PatchFailure failure) => new(null, [], failure);
}
