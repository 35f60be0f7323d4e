using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Katabira.Cluster.Resources.Kinds;

namespace Katabira.Cluster.Resources;

/// <summary>
/// The steps in the life of an object, for any resource: the generic part here, the particular part in the kind's
/// <see cref="KindStrategy"/>. A create is <see cref="Default"/>, then <see cref="PrepareCreate"/>, then (after admission) Default again
/// and <see cref="Validate"/>. An update is <see cref="PrepareUpdate"/> or <see cref="PrepareStatusUpdate"/>, Default,
/// Validate and <see cref="ValidateUpdate"/>. Objects are in the served version's form and passed <see cref="FieldCheck"/>.
/// </summary>
internal static class Strategies
{
    private static readonly KindStrategy s_plain = new();

    private static readonly FrozenDictionary<(string Group, string Plural), KindStrategy> s_byType = new Dictionary<(string, string), KindStrategy>
    {
        [("", "pods")] = PodStrategy.Pod,
        [("", "podtemplates")] = PodStrategy.PodTemplate,
        [("", "services")] = ServiceStrategy.Service,
        [("", "namespaces")] = ConfigStrategies.Namespace,
        [("", "configmaps")] = ConfigStrategies.ConfigMap,
        [("", "secrets")] = ConfigStrategies.Secret,
        [("", "serviceaccounts")] = ConfigStrategies.ServiceAccount,
        [("", "endpoints")] = NetworkingStrategies.Endpoints,
        [("", "replicationcontrollers")] = WorkloadStrategies.ReplicationController,
        [("", "persistentvolumes")] = PolicyStrategies.PersistentVolume,
        [("", "persistentvolumeclaims")] = PolicyStrategies.PersistentVolumeClaim,
        [("apps", "deployments")] = WorkloadStrategies.Deployment,
        [("apps", "replicasets")] = WorkloadStrategies.ReplicaSet,
        [("apps", "statefulsets")] = WorkloadStrategies.StatefulSet,
        [("apps", "daemonsets")] = WorkloadStrategies.DaemonSet,
        [("apps", "controllerrevisions")] = WorkloadStrategies.ControllerRevision,
        [("batch", "jobs")] = BatchStrategies.Job,
        [("batch", "cronjobs")] = BatchStrategies.CronJob,
        [("autoscaling", "horizontalpodautoscalers")] = PolicyStrategies.Autoscaler,
        [("policy", "poddisruptionbudgets")] = PolicyStrategies.DisruptionBudget,
        [("coordination.k8s.io", "leases")] = PolicyStrategies.Lease,
        [("discovery.k8s.io", "endpointslices")] = NetworkingStrategies.EndpointSlice,
        [("networking.k8s.io", "ingresses")] = NetworkingStrategies.Ingress,
        [("networking.k8s.io", "networkpolicies")] = NetworkingStrategies.NetworkPolicy,
        [("rbac.authorization.k8s.io", "roles")] = RbacStrategies.Role,
        [("rbac.authorization.k8s.io", "clusterroles")] = RbacStrategies.ClusterRole,
        [("rbac.authorization.k8s.io", "rolebindings")] = RbacStrategies.RoleBinding,
        [("rbac.authorization.k8s.io", "clusterrolebindings")] = RbacStrategies.ClusterRoleBinding,
        [("admissionregistration.k8s.io", "validatingwebhookconfigurations")] = WebhookStrategies.Validating,
        [("admissionregistration.k8s.io", "mutatingwebhookconfigurations")] = WebhookStrategies.Mutating,
    }.ToFrozenDictionary();

    /// <summary>May change the object: status is the server's, and what only the server knows is set. The uid must be there.</summary>
    public static void PrepareCreate(ResourceType type, ServedVersion version, JsonObject item)
    {
        if (HasStatus(version))
        {
            item.Remove("status");
            if (!type.IsCustom)
            {
                item["status"] = new JsonObject();
            }
        }
        For(type).PrepareCreate?.Invoke(item);
    }

    /// <summary>
    /// May change the first object: where status has a subresource, the stored one stays; so does the metadata that only the server
    /// writes. A uid that was sent is left alone: another one is a conflict, which the caller tells.
    /// </summary>
    public static void PrepareUpdate(ResourceType type, ServedVersion version, JsonObject item, JsonObject stored)
    {
        KeepMetadata(item, stored);
        if (HasStatus(version))
        {
            Keep("status", item, stored);
        }
        For(type).PrepareUpdate?.Invoke(item, stored);
    }

    /// <summary>
    /// May change the first object: everything but status stays as stored. Metadata that belongs to the writer (labels, annotations,
    /// finalizers, owners) may change with the status of a built-in; of a custom resource not even that.
    /// </summary>
    public static void PrepareStatusUpdate(ResourceType type, JsonObject item, JsonObject stored)
    {
        KeepMetadata(item, stored);
        foreach (var field in item.Select(f => f.Key).Union(stored.Select(f => f.Key)).ToArray())
        {
            if (field is not ("status" or "metadata" or "apiVersion" or "kind"))
            {
                Keep(field, item, stored);
            }
        }
        if (type.IsCustom && item.Child("metadata") is { } sent && stored.Child("metadata") is { } kept)
        {
            // who wrote what, and against which version, is about this request
            var (managed, version) = (sent["managedFields"]?.DeepClone(), sent["resourceVersion"]?.DeepClone());
            item["metadata"] = kept.DeepClone();
            Set(item.Child("metadata")!, "managedFields", managed); // not null: it was just set
            Set(item.Child("metadata")!, "resourceVersion", version);
        }
    }

    /// <summary>
    /// Changes nothing. The generation an updated object has: one more if what users wish for has changed. Of a custom resource
    /// without a status subresource that is everything but metadata.
    /// </summary>
    public static long NextGeneration(ResourceType type, ServedVersion version, JsonObject item, JsonObject stored)
    {
        var generation = stored.Child("metadata").Count("generation");
        if (!type.HasGeneration)
        {
            return generation;
        }
        var ignored = type.IsCustom && !HasStatus(version) ? (string[])["metadata", "apiVersion", "kind"] : ["metadata", "apiVersion", "kind", "status"];
        var fields = item.Select(f => f.Key).Union(stored.Select(f => f.Key)).Except(ignored);
        return fields.Any(f => !JsonNode.DeepEquals(item[f], stored[f])) ? generation + 1 : generation;
    }

    /// <summary>May change the object: fields left out get their defaults.</summary>
    public static void Default(ResourceType type, JsonObject item) => For(type).Default?.Invoke(item);

    /// <summary>Changes nothing. All that is wrong with an object; empty if nothing is.</summary>
    public static ImmutableArray<FieldIssue> Validate(ResourceType type, JsonObject item)
    {
        var issues = new FieldIssues();
        var strategy = For(type);
        MetadataRules.Validate(item, type.Namespaced, strategy.Name, standardFinalizers: !type.IsCustom && type.Group != "apiextensions.k8s.io", issues);
        strategy.Validate?.Invoke(item, issues);
        return issues.All;
    }

    /// <summary>Changes nothing. What the update may not do; <see cref="Validate"/> is asked besides.</summary>
    public static ImmutableArray<FieldIssue> ValidateUpdate(ResourceType type, JsonObject item, JsonObject stored)
    {
        var issues = new FieldIssues();
        MetadataRules.ValidateUpdate(item, stored, issues);
        For(type).ValidateUpdate?.Invoke(item, stored, issues);
        return issues.All;
    }

    private static KindStrategy For(ResourceType type) => type.IsCustom ? s_plain : s_byType.GetValueOrDefault((type.Group, type.Plural), s_plain);

    private static bool HasStatus(ServedVersion version) => version.Subresource(Subresource.StatusName) is not null;

    private static void KeepMetadata(JsonObject item, JsonObject stored)
    {
        if (item.Child("metadata") is not { } metadata || stored.Child("metadata") is not { } kept)
        {
            return;
        }
        if (metadata.Text("uid").Length == 0)
        {
            Keep("uid", metadata, kept);
        }
        foreach (var field in (string[])["creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "generation", "selfLink"])
        {
            Keep(field, metadata, kept);
        }
    }

    private static void Keep(string field, JsonObject item, JsonObject stored) => Set(item, field, stored[field]?.DeepClone());

    private static void Set(JsonObject owner, string field, JsonNode? value)
    {
        if (value is null)
        {
            owner.Remove(field);
        }
        else
        {
            owner[field] = value;
        }
    }
}
