using Katabira.Cluster.Api;

namespace Katabira.Cluster.Access;

/// <summary>What a caller wants to do, in the words of RBAC. Either a resource or, with <see cref="Path"/>, another URL.</summary>
/// <param name="Verb">E.g. <c>list</c>; for a path the method in lower case.</param>
internal readonly record struct AccessRequest(string Verb)
{
    public string Group { get; init; } = "";

    /// <summary>The resource's plural name.</summary>
    public string Plural { get; init; } = "";

    /// <summary>E.g. <c>exec</c>; empty for the object itself.</summary>
    public string Subresource { get; init; } = "";

    /// <summary>Empty for a cluster-scoped object or a list over all namespaces.</summary>
    public string Namespace { get; init; } = "";

    /// <summary>Empty for a collection.</summary>
    public string Name { get; init; } = "";

    /// <summary>A URL that is no resource; null for a resource.</summary>
    public string? Path { get; init; }

    /// <summary>As rules write it: <c>pods/exec</c>.</summary>
    public string Resource => Subresource.Length == 0 ? Plural : $"{Plural}/{Subresource}";

    public static AccessRequest ForPath(string method, string path) => new(method.ToLowerInvariant()) { Path = path };

    /// <summary>Reads the verb from a request for a resource; an unknown method has an empty verb, which only <c>*</c> allows.</summary>
    /// <param name="method">HTTP method, upper case.</param>
    /// <param name="target">What the path names. Its subresource may have a path of its own below it, which rules do not name.</param>
    /// <param name="watch">The query parameter <c>watch</c>, read.</param>
    /// <param name="fieldSelector">The query parameter; a list of one object by name is allowed to whom that name is allowed.</param>
    public static AccessRequest ForResource(string method, RequestTarget target, bool watch, string? fieldSelector)
    {
        var name = target.Name;
        var reads = method is "GET" or "HEAD";
        if (reads && target.IsCollection)
        {
            name = SelectedName(fieldSelector);
        }
        var subresource = target.Subresource;
        if (subresource.Split('/', 2) is [var first, _])
        {
            subresource = first;
        }
        // a namespace is inside itself: a RoleBinding in it may allow reading it
        var ns = target is { Group: "", Plural: "namespaces", Namespace: "" } ? target.Name : target.Namespace;
        return new(VerbOf(method, target, watch)) { Group = target.Group, Plural = target.Plural, Subresource = subresource, Namespace = ns, Name = name };
    }

    /// <summary>The refusal, in Kubernetes' words.</summary>
    /// <param name="user">Who asked.</param>
    /// <param name="reason">More about it, e.g. a role that a binding names and nobody has made; may be empty.</param>
    public ApiFailure Refuse(UserInfo user, string reason = "")
    {
        var what = $"User {GoQuoted.Text(user.Name)} cannot {Verb} {Described()}{(reason.Length == 0 ? "" : $": {reason}")}";
        return Path is null ? ApiFailure.Forbidden(Group, Plural, Name, what) : new ApiFailure(403, "Forbidden", $"forbidden: {what}");
    }

    private string Described() => Path is not null
        ? $"path {GoQuoted.Text(Path)}"
        : $"resource {GoQuoted.Text(Resource)} in API group {GoQuoted.Text(Group)} "
            + (Namespace.Length == 0 ? "at the cluster scope" : $"in the namespace {GoQuoted.Text(Namespace)}");

    private static string VerbOf(string method, RequestTarget target, bool watch) => method switch
    {
        "GET" or "HEAD" when watch && target.Subresource.Length == 0 => "watch",
        "GET" or "HEAD" => target.IsCollection ? "list" : "get",
        "POST" => "create",
        "PUT" => "update",
        "PATCH" => "patch",
        "DELETE" => target.IsCollection ? "deletecollection" : "delete",
        _ => "",
    };

    private static string SelectedName(string? fieldSelector)
    {
        const string Field = "metadata.name=";
        foreach (var term in (fieldSelector ?? "").Split(',', 16, StringSplitOptions.TrimEntries))
        {
            if (term.StartsWith(Field, StringComparison.Ordinal))
            {
                var name = term[Field.Length..].TrimStart('=');
                return name.Length <= 253 && !name.AsSpan().ContainsAny('/', '%', ',') ? name : "";
            }
        }
        return "";
    }
}
