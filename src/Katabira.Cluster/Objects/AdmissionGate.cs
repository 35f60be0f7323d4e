using System.Text.Json.Nodes;
using Katabira.Cluster.Access;
using Katabira.Cluster.Admission;
using Katabira.Cluster.Api;
using Katabira.Cluster.Node;
using Katabira.Cluster.Node.Volumes;
using Katabira.Cluster.Resources;
using Katabira.Cluster.State;
using Katabira.Cluster.Storage;

namespace Katabira.Cluster.Objects;

/// <summary>Everybody who may object to a write that is well-formed: the namespace's life, RBAC's rule against giving away more than one has, the node, webhooks. Thread-safe.</summary>
/// <param name="node">What the node does not take; null where there is none.</param>
internal sealed class AdmissionGate(ClusterState state, WebhookAdmission webhooks, NodeAdmission? node)
{
    private const string Rbac = "rbac.authorization.k8s.io";

    private static readonly GroupResource s_accounts = new("", "serviceaccounts");

    /// <summary>Refuses what is created in a namespace that is not there or is ending.</summary>
    public void RequireNamespace(WriteRequest request, string name)
    {
        if (request.Namespace.Length > 0)
        {
            ApiException.ThrowIf(NamespaceLifecycle.CheckCreate(request.Form.Type.Group, request.Form.Type.Plural, name, request.Namespace, state.Namespace(request.Namespace)));
        }
    }

    /// <summary>Refuses roles and bindings that grant more than the writer has, and what the node does not take from them.</summary>
    public void RequireRights(WriteRequest request, JsonObject item, JsonObject? old)
    {
        ApiException.ThrowIf(node?.Check(request, state.Access, item, old));
        if (request.Form.Type.Group != Rbac)
        {
            return;
        }
        ApiException.ThrowIf(request.Form.Type.Plural is "roles" or "clusterroles"
            ? RbacEscalation.CheckRole(state.Access, request.User, item, old, request.Namespace)
            : RbacEscalation.CheckBinding(state.Access, request.User, item, request.Namespace));
    }

    /// <summary>What the server itself and then the mutating webhooks make of an object.</summary>
    /// <param name="item">The new object, null for a delete; it is not changed.</param>
    /// <param name="old">The stored one, null for a create; it is not changed.</param>
    public async Task<JsonObject?> MutateAsync(WriteRequest request, string operation, JsonObject? item, JsonObject? old, CancellationToken cancel)
    {
        // a volume by which they find the API, which only a node fills
        if (node is not null && operation == "CREATE" && item is not null && request is { Subresource: "", Form.Type: { Group: "", Plural: "pods" } })
        {
            item = WithToken(item, request.Namespace);
        }
        var model = state.Webhooks;
        if (model.Mutating.IsEmpty)
        {
            return item;
        }
        return Take(request, await webhooks.MutateAsync(model, Describe(request, operation, item, old), request.Form.Default, cancel));
    }

    /// <summary>Asks the validating webhooks.</summary>
    public async Task ValidateAsync(WriteRequest request, string operation, JsonObject? item, JsonObject? old, CancellationToken cancel)
    {
        var model = state.Webhooks;
        if (!model.Validating.IsEmpty)
        {
            Take(request, await webhooks.ValidateAsync(model, Describe(request, operation, item, old), cancel));
        }
    }

    private JsonObject WithToken(JsonObject pod, string ns)
    {
        var given = pod.DeepClone().AsObject();
        var account = state.Find(s_accounts, ns, given.Child("spec").Text("serviceAccountName", "default"));
        ServiceAccountVolume.AddTo(given, account, ObjectNames.NewSuffix);
        return given;
    }

    private static JsonObject? Take(WriteRequest request, AdmissionOutcome outcome)
    {
        request.Warnings.AddRange(outcome.Warnings);
        ApiException.ThrowIf(outcome.Failure);
        return outcome.Object;
    }

    private AdmissionRequest Describe(WriteRequest request, string operation, JsonObject? item, JsonObject? old)
    {
        var kind = request.Form.Resource.Kind;
        var isNamespace = request.Form.Type is { Group: "", Plural: "namespaces" };
        return new AdmissionRequest(operation, request.User)
        {
            Group = kind.Group,
            Version = kind.Version,
            Kind = kind.Kind,
            Plural = request.Form.Type.Plural,
            Subresource = request.Subresource,
            // a namespace is inside itself, for selectors too
            Namespace = isNamespace ? (item ?? old).NameOf() : request.Namespace,
            Name = request.Name.Length > 0 ? request.Name : item.NameOf(),
            Object = item,
            OldObject = old,
            Options = request.Options,
            DryRun = request.IsDryRun,
            NamespaceLabels = isNamespace ? (item ?? old).Labels() : request.Namespace.Length > 0 ? state.Namespace(request.Namespace).Labels() : null,
        };
    }
}
