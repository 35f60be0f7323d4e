using Katabira.Cluster.Objects;
using Katabira.Cluster.Resources;

namespace Katabira.Cluster.Api;

/// <summary>Brings a request for a resource to those who answer it. Thread-safe.</summary>
internal sealed class ResourceRouter(
    ResourceReads reads, ResourceWatches watches, ResourceWrites writes, ResourcePatches patches, ScaleRequests scales, PodRequests pods, NamespaceRequests namespaces,
    Reviews reviews)
{
    /// <returns>False if the path names nothing that is served.</returns>
    /// <exception cref="ApiException">The request is not done.</exception>
    public async Task<bool> RouteAsync(ApiCall call, RequestTarget target)
    {
        if (call.Served.Catalog.Find(target.Group, target.Version, target.Plural) is not { } resource || !IsInPlace(resource.Type, target))
        {
            return false;
        }
        if (resource.Version.DeprecationWarning is { } warning)
        {
            call.Warnings.Add(warning);
        }
        if (call.Served.FormOf(resource) is not { } form)
        {
            Require(call, resource.Type, "create", target.Name.Length == 0 && call.Method == "POST");
            await reviews.ReviewAsync(call, resource, target.Namespace);
            return true;
        }
        if (call.Method is not ("GET" or "HEAD") && target.Subresource is not ("exec" or "attach" or "portforward"))
        {
            // who cannot read the answer changes nothing
            ResponseShape.Choose(call.Accept, isList: target.IsCollection && call.Method == "DELETE");
        }
        if (target.Subresource.Length > 0)
        {
            return await RouteAsync(call, form, target);
        }
        await (target.IsCollection ? CollectionAsync(call, form, target) : ObjectAsync(call, form, target));
        return true;
    }

    private Task CollectionAsync(ApiCall call, ObjectForm form, RequestTarget target)
    {
        var ns = form.Type.Namespaced ? (target.Namespace.Length > 0 ? target.Namespace : null) : "";
        var isWatch = QueryText.IsTrue(call.Query("watch"));
        Require(call, form.Type, "create", call.Method != "POST" || ns is not null);
        Require(call, form.Type, "deletecollection", call.Method != "DELETE" || (ns is not null && form.Type.Verbs.Contains("deletecollection")));
        return call.Method switch
        {
            "GET" when isWatch => watches.WatchAsync(call, form, ns, ""),
            "GET" or "HEAD" => reads.ListAsync(call, form, ns),
            "POST" => writes.CreateAsync(call, form, ns!), // not null: it was required
            "DELETE" => writes.DeleteAllAsync(call, form, ns),
            _ => throw NotAllowed(call, form.Type),
        };
    }

    private Task ObjectAsync(ApiCall call, ObjectForm form, RequestTarget target)
    {
        Require(call, form.Type, call.Method, target.Namespace.Length > 0 || !form.Type.Namespaced);
        return call.Method switch
        {
            "GET" when QueryText.IsTrue(call.Query("watch")) => watches.WatchAsync(call, form, target.Namespace, target.Name),
            "GET" or "HEAD" => reads.GetAsync(call, form, target.Namespace, target.Name),
            "PUT" => writes.ReplaceAsync(call, form, target.Namespace, target.Name, ""),
            "PATCH" => patches.PatchAsync(call, form, target.Namespace, target.Name, ""),
            "DELETE" => writes.DeleteAsync(call, form, target.Namespace, target.Name),
            _ => throw NotAllowed(call, form.Type),
        };
    }

    private async Task<bool> RouteAsync(ApiCall call, ObjectForm form, RequestTarget target)
    {
        // a subresource may have a path of its own below it
        var name = target.Subresource.Split('/', 2)[0];
        if (form.Version.Subresource(name) is not { } subresource || (form.Type.Namespaced && target.Namespace.Length == 0))
        {
            return false;
        }
        Require(call, form.Type, call.Method, subresource.Verbs.Contains(VerbOf(call.Method)));
        await (name switch
        {
            Subresource.ScaleName => scales.HandleAsync(call, form, target.Namespace, target.Name),
            "token" => reviews.IssueTokenAsync(call, target.Namespace, target.Name),
            "eviction" => pods.EvictAsync(call, form, target.Namespace, target.Name),
            "binding" => pods.BindAsync(call, form, target.Namespace, target.Name),
            "finalize" => namespaces.FinalizeAsync(call, form, target.Name),
            "exec" or "attach" or "portforward" or "log" => pods.ConnectAsync(call, form, target.Namespace, target.Name, name),
            _ when call.Method is "GET" or "HEAD" => reads.GetAsync(call, form, target.Namespace, target.Name),
            _ when call.Method == "PUT" => writes.ReplaceAsync(call, form, target.Namespace, target.Name, name),
            _ => patches.PatchAsync(call, form, target.Namespace, target.Name, name),
        });
        return true;
    }

    private static bool IsInPlace(ResourceType type, RequestTarget target) =>
        (type.Namespaced || target.Namespace.Length == 0) && (target.IsCollection ? target.Subresource.Length == 0 : !type.Namespaced || target.Namespace.Length > 0);

    private static void Require(ApiCall call, ResourceType type, string what, bool isAllowed)
    {
        if (!isAllowed)
        {
            throw NotAllowed(call, type, what);
        }
    }

    private static ApiException NotAllowed(ApiCall call, ResourceType type, string? what = null) =>
        new(ApiFailure.MethodNotAllowed(what is null || what == call.Method ? VerbOf(call.Method) : what, type.Group, type.Plural));

    private static string VerbOf(string method) => method switch
    {
        "GET" or "HEAD" => "get",
        "POST" => "create",
        "PUT" => "update",
        "PATCH" => "patch",
        "DELETE" => "delete",
        _ => method,
    };
}
