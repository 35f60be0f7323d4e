using System.Collections.Immutable;
using static Katabira.Cluster.Resources.BuiltIns.BuiltInVersion;

namespace Katabira.Cluster.Resources.BuiltIns;

/// <summary>The core group, <c>/api/v1</c>.</summary>
internal static class CoreGroup
{
    private const string Group = "";

    public static ImmutableArray<ResourceType> Types { get; } =
    [
        new() { Group = Group, Kind = "ConfigMap", Plural = "configmaps", ShortNames = ["cm"], Versions = V1() },
        new() { Group = Group, Kind = "Endpoints", ListKind = "EndpointsList", Plural = "endpoints", Singular = "endpoints", ShortNames = ["ep"], Versions = V1() },
        new() { Group = Group, Kind = "Event", Plural = "events", ShortNames = ["ev"], Versions = V1(EventFields) },
        new() { Group = Group, Kind = "LimitRange", Plural = "limitranges", ShortNames = ["limits"], Versions = V1() },
        new()
        {
            Group = Group, Kind = "Namespace", Plural = "namespaces", ShortNames = ["ns"], Namespaced = false, Verbs = ResourceVerbs.OneByOne,
            Versions = V1([SelectableField.At("status.phase")], Own("finalize", "Namespace", ResourceVerbs.UpdateOnly), Status("Namespace")),
        },
        new()
        {
            Group = Group, Kind = "Node", Plural = "nodes", ShortNames = ["no"], Namespaced = false,
            Versions = V1([SelectableField.At("spec.unschedulable", "false")], Status("Node")),
        },
        new() { Group = Group, Kind = "PersistentVolumeClaim", Plural = "persistentvolumeclaims", ShortNames = ["pvc"], Versions = V1(Status("PersistentVolumeClaim")) },
        new() { Group = Group, Kind = "PersistentVolume", Plural = "persistentvolumes", ShortNames = ["pv"], Namespaced = false, Versions = V1(Status("PersistentVolume")) },
        new()
        {
            Group = Group, Kind = "Pod", Plural = "pods", ShortNames = ["po"], Categories = ["all"], HasGeneration = true, IsGraceful = true,
            Versions = V1(PodFields, PodSubresources),
        },
        new() { Group = Group, Kind = "PodTemplate", Plural = "podtemplates", Versions = V1() },
        new()
        {
            Group = Group, Kind = "ReplicationController", Plural = "replicationcontrollers", ShortNames = ["rc"], Categories = ["all"], HasGeneration = true,
            Versions = V1([SelectableField.At("status.replicas", "0")], Subresource.Scale, Status("ReplicationController")),
        },
        new() { Group = Group, Kind = "ResourceQuota", Plural = "resourcequotas", ShortNames = ["quota"], Versions = V1(Status("ResourceQuota")) },
        new() { Group = Group, Kind = "Secret", Plural = "secrets", Versions = V1([SelectableField.At("type")]) },
        new()
        {
            Group = Group, Kind = "ServiceAccount", Plural = "serviceaccounts", ShortNames = ["sa"],
            Versions = V1(new Subresource("token", new("authentication.k8s.io", "v1", "TokenRequest"), ResourceVerbs.CreateOnly)),
        },
        new()
        {
            Group = Group, Kind = "Service", Plural = "services", ShortNames = ["svc"], Categories = ["all"],
            Versions = V1([SelectableField.At("spec.clusterIP"), SelectableField.At("spec.type")], Status("Service")),
        },
    ];

    private static ImmutableArray<Subresource> PodSubresources =>
    [
        Own("attach", "PodAttachOptions", ResourceVerbs.Connect),
        Own("binding", "Binding", ResourceVerbs.CreateOnly),
        Own("ephemeralcontainers", "Pod", ResourceVerbs.View),
        new("eviction", new("policy", "v1", "Eviction"), ResourceVerbs.CreateOnly),
        Own("exec", "PodExecOptions", ResourceVerbs.Connect),
        Own("log", "Pod", ResourceVerbs.GetOnly),
        Own("portforward", "PodPortForwardOptions", ResourceVerbs.Connect),
        Status("Pod"),
    ];

    private static ImmutableArray<SelectableField> PodFields =>
    [
        SelectableField.At("spec.nodeName"),
        SelectableField.At("spec.restartPolicy"),
        SelectableField.At("spec.schedulerName"),
        SelectableField.At("spec.serviceAccountName"),
        SelectableField.At("spec.hostNetwork", "false"),
        SelectableField.At("status.phase"),
        SelectableField.At("status.podIP"),
        new("status.podIPs", "status.podIP"),
        SelectableField.At("status.nominatedNodeName"),
    ];

    private static ImmutableArray<SelectableField> EventFields =>
    [
        SelectableField.At("involvedObject.kind"),
        SelectableField.At("involvedObject.namespace"),
        SelectableField.At("involvedObject.name"),
        SelectableField.At("involvedObject.uid"),
        SelectableField.At("involvedObject.apiVersion"),
        SelectableField.At("involvedObject.resourceVersion"),
        SelectableField.At("involvedObject.fieldPath"),
        SelectableField.At("reason"),
        SelectableField.At("reportingComponent"),
        new("source", "source.component", Otherwise: "reportingComponent"),
        SelectableField.At("type"),
    ];

    private static Subresource Status(string kind) => Subresource.Status(Group, "v1", kind);

    private static Subresource Own(string name, string kind, ImmutableArray<string> verbs) => new(name, new(Group, "v1", kind), verbs);
}
