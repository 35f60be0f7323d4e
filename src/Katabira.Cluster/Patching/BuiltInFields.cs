using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Katabira.Cluster.Patching;

/// <summary>
/// Which fields of the built-in kinds are more than a plain value, a plain struct or a list that is replaced whole: the one table behind <see cref="MergeKeys"/>
/// (strategic merge patch) and the built-in part of <c>ListTypes</c> (server-side apply).
/// </summary>
/// <remarks>
/// Source: the <c>patchStrategy</c>, <c>patchMergeKey</c>, <c>listType</c>, <c>listMapKey</c>, <c>mapType</c> and <c>structType</c> marks of k8s.io/api at v0.37, for the
/// stable versions. Where the two disagree upstream they disagree here: ports of a container merge by number alone, but are owned by number and protocol.
/// </remarks>
internal static class BuiltInFields
{
    /// <summary>The row with what every kind has at its root.</summary>
    public const string AnyKind = "*";

    /// <summary>Next types that are no rows: a value owned whole, a value that nobody owns.</summary>
    public const string Atomic = "Atomic", Untracked = "Untracked";

    // A row is a type and its fields:      name!  [patch key|apply keys]  :strategy  =Type
    //   !              a Go struct that is always there: that it appears is no change of its own
    //   [k]            a list whose items are told apart by the member k; [*] a list that is a set of scalars
    //   [k|]  [|k,l]   the list is only that for patches, or only for apply; k:X is the value where the member is absent
    //   :strategy      retainKeys or replace, for patches
    //   =Type          the row of the value, or of the list's items
    private const string Table = """
        *                           apiVersion=Untracked kind=Untracked metadata!=RootMeta spec! status!
        RootMeta                    name=Untracked namespace=Untracked uid=Untracked resourceVersion=Untracked generation=Untracked selfLink=Untracked managedFields=Untracked
        RootMeta                    creationTimestamp=Untracked deletionTimestamp=Untracked deletionGracePeriodSeconds=Untracked finalizers[*] ownerReferences[uid]=Atomic
        ObjectMeta                  finalizers[*] ownerReferences[uid]=Atomic

        Pod                         spec!=PodSpec status!=PodStatus
        PodTemplate                 template!=PodTemplateSpec
        PodTemplateSpec             metadata!=ObjectMeta spec!=PodSpec
        PodSpec                     containers![name]=Container initContainers[name]=Container ephemeralContainers[name]=Container volumes[name]:retainKeys=Volume
        PodSpec                     imagePullSecrets[name]=Atomic hostAliases[ip] schedulingGates[name] resourceClaims[name]:retainKeys nodeSelector=Atomic
        PodSpec                     topologySpreadConstraints[topologyKey|topologyKey,whenUnsatisfiable]=TopologySpreadConstraint affinity=Affinity resources=Resources
        PodStatus                   conditions[type] podIPs[ip] hostIPs[ip|] resourceClaimStatuses[name]:retainKeys resources=Resources
        TopologySpreadConstraint    labelSelector=Atomic
        Affinity                    nodeAffinity=NodeAffinity
        NodeAffinity                requiredDuringSchedulingIgnoredDuringExecution=Atomic
        Container                   ports[containerPort|containerPort,protocol:TCP] env[name]=EnvVar volumeMounts[mountPath] volumeDevices[devicePath] resources!=Resources
        EnvVar                      valueFrom=EnvVarSource
        EnvVarSource                configMapKeyRef=Atomic secretKeyRef=Atomic fieldRef=Atomic resourceFieldRef=Atomic fileKeyRef=Atomic
        Resources                   claims[|name]
        Volume                      csi=CsiVolume ephemeral=EphemeralVolume cephfs=SecretVolume cinder=SecretVolume flexVolume=SecretVolume iscsi=SecretVolume
        Volume                      rbd=SecretVolume scaleIO=SecretVolume storageos=SecretVolume
        SecretVolume                secretRef=Atomic
        CsiVolume                   nodePublishSecretRef=Atomic nodeStageSecretRef=Atomic nodeExpandSecretRef=Atomic
        CsiVolume                   controllerPublishSecretRef=Atomic controllerExpandSecretRef=Atomic
        EphemeralVolume             volumeClaimTemplate=ClaimTemplate
        ClaimTemplate               metadata!=ObjectMeta spec!=PersistentVolumeClaimSpec

        Deployment                  spec!=DeploymentSpec status!=Conditions
        DeploymentSpec              selector=Atomic template!=PodTemplateSpec strategy!:retainKeys
        ReplicaSet                  spec!=WorkloadSpec status!=Conditions
        StatefulSet                 spec!=WorkloadSpec status!=Conditions
        DaemonSet                   spec!=WorkloadSpec status!=Conditions
        ReplicationController       spec!=WorkloadSpec status!=Conditions
        Job                         spec!=WorkloadSpec status!=JobStatus
        CronJob                     spec!=CronJobSpec
        CronJobSpec                 jobTemplate!=JobTemplate
        JobTemplate                 metadata!=ObjectMeta spec!=WorkloadSpec
        WorkloadSpec                selector=Atomic template!=PodTemplateSpec updateStrategy!
        Conditions                  conditions[type]
        JobStatus                   conditions[type|] uncountedTerminatedPods=UncountedPods
        UncountedPods               failed[|*] succeeded[|*]
        ControllerRevision          data=Atomic

        Service                     spec!=ServiceSpec status!=ServiceStatus
        ServiceSpec                 ports[port|port,protocol:TCP] selector=Atomic
        ServiceStatus               conditions[type] loadBalancer!
        ServiceAccount              secrets[name]=Atomic
        Namespace                   status!=Conditions
        Node                        spec!=NodeSpec status!=NodeStatus
        NodeSpec                    podCIDRs[*]
        NodeStatus                  conditions[type] addresses[type]
        PersistentVolume            spec!=PersistentVolumeSpec
        PersistentVolumeSpec        nodeAffinity=VolumeNodeAffinity csi=CsiVolume cephfs=SecretVolume cinder=SecretVolume flexVolume=SecretVolume iscsi=SecretVolume
        PersistentVolumeSpec        rbd=SecretVolume scaleIO=SecretVolume storageos=SecretVolume
        VolumeNodeAffinity          required=Atomic
        PersistentVolumeClaim       spec!=PersistentVolumeClaimSpec status!=Conditions
        PersistentVolumeClaimSpec   dataSource=Atomic selector=Atomic
        ResourceQuota               spec!=ResourceQuotaSpec
        ResourceQuotaSpec           scopeSelector=Atomic
        Event                       involvedObject!=Atomic regarding!=Atomic related=Atomic
        CSINode                     spec!=CSINodeSpec
        CSINodeSpec                 drivers[name]

        Ingress                     spec!=IngressSpec
        IngressSpec                 defaultBackend=IngressBackend
        IngressBackend              resource=Atomic service=IngressServiceBackend
        IngressServiceBackend       port=Atomic
        NetworkPolicy               spec!=NetworkPolicySpec
        NetworkPolicySpec           podSelector=Atomic
        PodDisruptionBudget         spec!=DisruptionBudgetSpec status!=Conditions
        DisruptionBudgetSpec        selector:replace=Atomic
        HorizontalPodAutoscaler     status!=Conditions
        autoscaling/v1/HorizontalPodAutoscaler  spec!=ScaleSpec
        ScaleSpec                   scaleTargetRef!=Atomic
        RoleBinding                 roleRef!=Atomic
        ClusterRoleBinding          roleRef!=Atomic
        MutatingWebhookConfiguration    webhooks[name]=Webhook
        ValidatingWebhookConfiguration  webhooks[name]=Webhook
        Webhook                     matchConditions[name] namespaceSelector=Atomic objectSelector=Atomic
        CustomResourceDefinition    status!=DefinitionStatus
        DefinitionStatus            conditions[|type]
        """;

    private static readonly FrozenDictionary<string, FrozenDictionary<string, FieldRule>> s_rows = Parse();

    /// <summary>The fields of a row that need a rule; none for a type that is not in the table.</summary>
    public static FrozenDictionary<string, FieldRule> Row(string type) => s_rows.GetValueOrDefault(type, FrozenDictionary<string, FieldRule>.Empty);

    /// <summary>The names of all rows.</summary>
    public static ImmutableArray<string> Types => s_rows.Keys;

    /// <summary>The row of a kind: the one for this very version if the versions differ.</summary>
    /// <param name="apiVersion">E.g. <c>apps/v1</c>.</param>
    /// <param name="kind">E.g. <c>Deployment</c>.</param>
    public static string TypeOf(string apiVersion, string kind) => s_rows.ContainsKey($"{apiVersion}/{kind}") ? $"{apiVersion}/{kind}" : kind;

    private static FrozenDictionary<string, FrozenDictionary<string, FieldRule>> Parse()
    {
        var rows = new Dictionary<string, Dictionary<string, FieldRule>>();
        foreach (var line in Table.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (!rows.TryGetValue(words[0], out var row))
            {
                rows[words[0]] = row = [];
            }
            foreach (var word in words.AsSpan(1))
            {
                var (name, rule) = FieldRule.Parse(word);
                row.Add(name, rule);
            }
        }
        return rows.ToFrozenDictionary(row => row.Key, row => row.Value.ToFrozenDictionary());
    }
}
