using System.Collections.Immutable;
using Katabira.Model.Kinds;
using Katabira.Model.Resources;

namespace Katabira.Model;

/// <summary>Every kind of the mesh, in one list: who installs, watches or validates them loops over it.</summary>
public static class KindRegistry
{
    /// <summary>The kinds, ordered by group and name.</summary>
    public static ImmutableArray<ResourceKind> All { get; } =
    [
        DestinationRule.Kind,
        Gateway.Kind,
        ServiceEntry.Kind,
        Sidecar.Kind,
        VirtualService.Kind,
        WorkloadEntry.Kind,
        AuthorizationPolicy.Kind,
        PeerAuthentication.Kind,
        RequestAuthentication.Kind,
        Telemetry.Kind,
    ];

    /// <summary>The kind of an object by its group and name, or null if it is none of ours.</summary>
    public static ResourceKind? Find(string group, string kind) =>
        All.FirstOrDefault(k => k.Group == group && k.Kind == kind);
}
