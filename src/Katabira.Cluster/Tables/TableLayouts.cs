using System.Collections.Frozen;
using System.Text.Json.Nodes;
using Katabira.Cluster.Resources;
using Katabira.Cluster.Tables.Kinds;

namespace Katabira.Cluster.Tables;

/// <summary>Which layout a resource has.</summary>
internal static class TableLayouts
{
    private static readonly FrozenDictionary<(string Group, string Plural), TableLayout> s_builtIn = new Dictionary<(string, string), TableLayout>
    {
        [("", "pods")] = PodTable.Layout,
        [("", "services")] = ServiceTable.Layout,
        [("", "nodes")] = NodeTable.Layout,
        [("", "namespaces")] = ConfigTables.Namespace,
        [("", "configmaps")] = ConfigTables.ConfigMap,
        [("", "secrets")] = ConfigTables.Secret,
        [("", "serviceaccounts")] = ConfigTables.ServiceAccount,
        [("", "podtemplates")] = ConfigTables.PodTemplate,
        [("", "endpoints")] = EndpointTables.Endpoints,
        [("", "events")] = EventTable.Layout,
        [("", "replicationcontrollers")] = WorkloadTables.ReplicationController,
        [("", "persistentvolumes")] = StorageTables.PersistentVolume,
        [("", "persistentvolumeclaims")] = StorageTables.PersistentVolumeClaim,
        [("", "resourcequotas")] = PolicyTables.ResourceQuota,
        [("apps", "deployments")] = WorkloadTables.Deployment,
        [("apps", "replicasets")] = WorkloadTables.ReplicaSet,
        [("apps", "statefulsets")] = WorkloadTables.StatefulSet,
        [("apps", "daemonsets")] = WorkloadTables.DaemonSet,
        [("apps", "controllerrevisions")] = PolicyTables.ControllerRevision,
        [("batch", "jobs")] = BatchTables.Job,
        [("batch", "cronjobs")] = BatchTables.CronJob,
        [("autoscaling", "horizontalpodautoscalers")] = AutoscalerTable.Layout,
        [("policy", "poddisruptionbudgets")] = PolicyTables.PodDisruptionBudget,
        [("networking.k8s.io", "ingresses")] = NetworkingTables.Ingress,
        [("networking.k8s.io", "networkpolicies")] = NetworkingTables.NetworkPolicy,
        [("discovery.k8s.io", "endpointslices")] = EndpointTables.EndpointSlice,
        [("events.k8s.io", "events")] = EventTable.Layout,
        [("coordination.k8s.io", "leases")] = PolicyTables.Lease,
        [("rbac.authorization.k8s.io", "rolebindings")] = RbacTables.Binding,
        [("rbac.authorization.k8s.io", "clusterrolebindings")] = RbacTables.Binding,
        [("admissionregistration.k8s.io", "mutatingwebhookconfigurations")] = PolicyTables.WebhookConfiguration,
        [("admissionregistration.k8s.io", "validatingwebhookconfigurations")] = PolicyTables.WebhookConfiguration,
    }.ToFrozenDictionary();

    /// <param name="find">Evaluates the JSONPath of a custom resource's column; null if nothing is there. Must not throw.</param>
    public static TableLayout For(ServedResource resource, Func<JsonObject, string, JsonNode?> find)
    {
        if (resource.Type.IsCustom)
        {
            return CustomTable.Layout(resource.Version.Columns, find);
        }
        return s_builtIn.TryGetValue((resource.Type.Group, resource.Type.Plural), out var layout) ? layout : PlainTable.Layout;
    }
}
