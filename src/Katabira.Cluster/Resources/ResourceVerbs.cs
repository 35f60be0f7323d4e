using System.Collections.Immutable;

namespace Katabira.Cluster.Resources;

/// <summary>The sets of verbs that discovery announces.</summary>
internal static class ResourceVerbs
{
    /// <summary>What a stored resource offers.</summary>
    public static ImmutableArray<string> All { get; } = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];

    /// <summary>Stored, but never deleted as a collection: namespaces.</summary>
    public static ImmutableArray<string> OneByOne { get; } = ["create", "delete", "get", "list", "patch", "update", "watch"];

    /// <summary>A question or an order: answered at once and not stored.</summary>
    public static ImmutableArray<string> CreateOnly { get; } = ["create"];

    /// <summary>A view of its object: <c>status</c>, <c>scale</c>.</summary>
    public static ImmutableArray<string> View { get; } = ["get", "patch", "update"];

    /// <summary>A stream into a pod: GET for WebSocket, POST for SPDY.</summary>
    public static ImmutableArray<string> Connect { get; } = ["create", "get"];

    /// <summary><c>log</c>.</summary>
    public static ImmutableArray<string> GetOnly { get; } = ["get"];

    /// <summary><c>finalize</c>.</summary>
    public static ImmutableArray<string> UpdateOnly { get; } = ["update"];
}
