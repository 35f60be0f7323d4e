namespace Katabira.Model.Mtls;

/// <summary>How far a PeerAuthentication reaches. Ordered from the narrowest to the widest.</summary>
public enum PolicyScope
{
    /// <summary>The workloads of its namespace that carry its labels.</summary>
    Workload,

    /// <summary>Every workload of its namespace.</summary>
    Namespace,

    /// <summary>Every workload of the mesh.</summary>
    Mesh,

    /// <summary>Nothing: it has a selector and lives in the root namespace, where selectors are not looked at.</summary>
    /// <remarks>Istio ignores such a policy in silence, although its reference says it selects in every namespace. We ignore it and say so.</remarks>
    Nothing,
}
