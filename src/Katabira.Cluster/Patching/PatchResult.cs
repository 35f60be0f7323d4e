using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Katabira.Cluster.Patching;

/// <summary>What became of a change: the new object, or why there is none. Exactly one of the two is set.</summary>
/// <param name="Node">The changed object, a tree of its own: it shares no node with what went in. Null if refused.</param>
/// <param name="Failure">The refusal. Null if the change was made.</param>
internal readonly record struct PatchResult(JsonObject? Node, PatchFailure? Failure)
{
    public static implicit operator PatchResult(JsonObject node) => new(node, null);

    public static implicit operator PatchResult(PatchFailure failure) => new(null, failure);
}

/// <summary>Why a request is refused, in the parts of a Kubernetes <c>Status</c>; whoever answers adds the name and the kind of the object.</summary>
/// <param name="Code">The HTTP status.</param>
/// <param name="Reason">The machine-readable cause, e.g. <c>Invalid</c>.</param>
/// <param name="Message">The text that kubectl prints.</param>
internal sealed record PatchFailure(int Code, string Reason, string Message)
{
    /// <summary>The details, one for each thing that is wrong.</summary>
    public ImmutableArray<FailureCause> Causes { get; init; } = [];

    /// <summary>400: the request cannot be understood.</summary>
    public static PatchFailure BadRequest(string message) => new(400, "BadRequest", message);

    /// <summary>413: the request is understood and asks for too much.</summary>
    public static PatchFailure TooLarge(string message) => new(413, "RequestEntityTooLarge", $"Request entity too large: {message}");

    /// <summary>422: the request is understood and does not fit the object.</summary>
    public static PatchFailure Invalid(string message) => new(422, "Invalid", message);
}

/// <summary>One entry of a Status' <c>details.causes</c>.</summary>
/// <param name="Reason">E.g. <c>FieldManagerConflict</c>.</param>
/// <param name="Message">The text for people.</param>
/// <param name="Field">The path that it is about; empty if none.</param>
internal readonly record struct FailureCause(string Reason, string Message, string Field = "");
