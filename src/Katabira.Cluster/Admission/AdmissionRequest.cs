using System.Text.Json.Nodes;
using Katabira.Cluster.Access;

namespace Katabira.Cluster.Admission;

/// <summary>A write that admission looks at. The objects belong to the caller and are not changed.</summary>
/// <param name="Operation"><c>CREATE</c>, <c>UPDATE</c>, <c>DELETE</c> or <c>CONNECT</c>.</param>
/// <param name="User">Who writes.</param>
internal sealed record AdmissionRequest(string Operation, UserInfo User)
{
    public required string Group { get; init; }

    public required string Version { get; init; }

    public required string Kind { get; init; }

    public required string Plural { get; init; }

    public string Subresource { get; init; } = "";

    /// <summary>Empty for a cluster-scoped object.</summary>
    public string Namespace { get; init; } = "";

    /// <summary>Empty while the server has not made the name yet.</summary>
    public string Name { get; init; } = "";

    /// <summary>The new object; null for a delete.</summary>
    public JsonObject? Object { get; init; }

    /// <summary>The stored object; null for a create.</summary>
    public JsonObject? OldObject { get; init; }

    /// <summary>The operation's options with kind and apiVersion, e.g. <c>CreateOptions</c>; null for none.</summary>
    public JsonObject? Options { get; init; }

    public bool DryRun { get; init; }

    /// <summary>The labels of the object's namespace; null for a cluster-scoped object.</summary>
    public IReadOnlyDictionary<string, string>? NamespaceLabels { get; init; }
}
