using System.Collections.Immutable;

namespace Katabira.Model.Mesh;

/// <summary>What holds for the whole mesh; the part of Istio's <c>meshConfig</c> that decisions depend on. Immutable; the defaults are Istio's.</summary>
public sealed record MeshSettings
{
    /// <summary>The namespace whose policies hold for every namespace.</summary>
    public string RootNamespace { get; init; } = "istio-system";

    /// <summary>Trust domain of our own identities.</summary>
    public string TrustDomain { get; init; } = "cluster.local";

    /// <summary>Other trust domains whose identities count as ours.</summary>
    public ImmutableArray<string> TrustDomainAliases { get; init; } = [];

    /// <summary>DNS domain of the cluster's services: <c>name.namespace.svc.DOMAIN</c>.</summary>
    public string ClusterDomain { get; init; } = "cluster.local";

    /// <summary>Connections to workloads with an identity are mutual TLS without anybody asking for it.</summary>
    public bool EnableAutoMtls { get; init; } = true;

    /// <summary>Where a DestinationRule is seen that does not say so itself: <c>*</c>, <c>.</c> or names of namespaces.</summary>
    public ImmutableArray<string> DefaultDestinationRuleExportTo { get; init; } = ["*"];
}
