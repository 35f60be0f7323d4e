using System.Text.Json.Nodes;
using Katabira.Cluster.Access;
using Katabira.Cluster.Admission;
using Katabira.Cluster.Objects;
using Katabira.Cluster.Resources;
using Katabira.Cluster.Schemas;
using Katabira.Cluster.Selectors;
using Katabira.Cluster.Storage;

namespace Katabira.Cluster.State;

/// <summary>
/// What the objects in the store say about the server itself: what it serves, who may do what, which webhooks want to be asked. Always as of the
/// last answered write. Thread-safe.
/// </summary>
internal sealed class ClusterState
{
    private const string Rbac = "rbac.authorization.k8s.io";
    private const string Admission = "admissionregistration.k8s.io";
    private static readonly GroupResource s_roles = new(Rbac, "roles");
    private static readonly GroupResource s_clusterRoles = new(Rbac, "clusterroles");
    private static readonly GroupResource s_roleBindings = new(Rbac, "rolebindings");
    private static readonly GroupResource s_clusterRoleBindings = new(Rbac, "clusterrolebindings");
    private static readonly GroupResource s_mutating = new(Admission, "mutatingwebhookconfigurations");
    private static readonly GroupResource s_validating = new(Admission, "validatingwebhookconfigurations");
    private static readonly GroupResource s_namespaces = new("", "namespaces");

    private readonly PatternCache _patterns = new();
    private readonly TimeProvider _time;
    private readonly Derived<CustomResources> _custom;
    private readonly Derived<ServedApi> _api;
    private readonly Derived<RbacModel> _access;
    private readonly Derived<WebhookModel> _webhooks;

    public ClusterState(Store store, TimeProvider time)
    {
        (Store, _time) = (store, time);
        _custom = new(store, [CustomResources.Definitions], (now, before) => CustomResources.Of(now, before, _patterns));
        _api = new(store, [CustomResources.Definitions], (_, before) => Serve(before));
        _access = new(store, [s_roles, s_clusterRoles, s_roleBindings, s_clusterRoleBindings], (now, _) => RbacModel.Build(
            All(now, s_roles), All(now, s_clusterRoles), All(now, s_roleBindings), All(now, s_clusterRoleBindings), Matches));
        _webhooks = new(store, [s_mutating, s_validating], (now, _) => WebhookModel.Build(All(now, s_mutating), All(now, s_validating)));
    }

    public Store Store { get; }

    public TimeProvider Time => _time;

    public ServedApi Api => _api.Current;

    public RbacModel Access => _access.Current;

    public WebhookModel Webhooks => _webhooks.Current;

    /// <summary>The namespace object; null if there is none.</summary>
    public JsonObject? Namespace(string name) => Find(s_namespaces, "", name);

    /// <summary>An object in its stored form, a tree of the caller's own; null if there is none.</summary>
    public JsonObject? Find(GroupResource resource, string ns, string name) =>
        Store.Get(new StoreKey(resource.Group, resource.Plural, ns, name)) is { } stored ? StoredJson.Read(stored) : null;

    /// <summary>The uid of an object; null if there is none.</summary>
    public string? FindUid(string group, string plural, string ns, string name) => Find(new(group, plural), ns, name).Child("metadata") is { } metadata ? metadata.Text("uid") : null;

    /// <summary>Whether a selector of an object fits labels; a malformed one fits nothing.</summary>
    public static bool Matches(JsonObject selector, IReadOnlyDictionary<string, string> labels) =>
        LabelSelector.TryRead(selector, out var read, out _) && read.Matches(labels);

    /// <summary>The objects of a resource in their stored form, in all namespaces.</summary>
    public static IEnumerable<JsonObject> All(Snapshot now, GroupResource resource) => In(now, resource, null);

    /// <summary>The same in one namespace, or in all if it is null.</summary>
    public static IEnumerable<JsonObject> In(Snapshot now, GroupResource resource, string? ns)
    {
        var range = now.Range(new StoreRange(resource, ns));
        for (var i = 0; i < range.Count; i++)
        {
            yield return StoredJson.Read(range[i]);
        }
    }

    private ServedApi Serve(ServedApi? before)
    {
        var custom = _custom.Current;
        // a definition in a group of our own would put itself in the place of what is built in
        var added = custom.All.Select(c => c.Type).Where(t => t.Versions.Length > 0 && ResourceCatalog.BuiltIn.FindGroup(t.Group) is null);
        var catalog = ResourceCatalog.BuiltIn.With(added);
        var served = catalog.Types.Where(t => t.IsStored).SelectMany(t => t.Versions.Select(v => new ServedResource(t, v)));
        return new ServedApi(catalog, served.Select(r => FormOf(r, custom.Find(r.Type), before)), before);
    }

    private ObjectForm FormOf(ServedResource resource, CustomResource? custom, ServedApi? before)
    {
        if (custom is not null && resource.Type.IsCustom)
        {
            return new CustomForm(resource, custom);
        }
        return before?.FormOf(resource)
            ?? (resource.Type.QualifiedName == $"{CustomResources.Definitions}" ? new DefinitionForm(resource, Store, _patterns, _time) : new BuiltInForm(resource));
    }
}
