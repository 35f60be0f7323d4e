namespace Katabira.Cluster.Api;

/// <summary>What a path of the API names. Parsed once per request; pure.</summary>
/// <param name="Group">API group; empty for the core group.</param>
/// <param name="Version">API version.</param>
/// <param name="Plural">The resource's plural name.</param>
/// <param name="Namespace">The namespace; empty for a cluster-scoped object or a list over all namespaces.</param>
/// <param name="Name">The object's name; empty for a collection.</param>
/// <param name="Subresource">E.g. <c>status</c>; empty for the object itself.</param>
internal readonly record struct RequestTarget(string Group, string Version, string Plural, string Namespace, string Name, string Subresource)
{
    /// <summary>True if the path names a collection, not one object.</summary>
    public bool IsCollection => Name.Length == 0;

    /// <summary>Reads <c>/api/VERSION/…</c> and <c>/apis/GROUP/VERSION/…</c>; false if the path names no resource.</summary>
    /// <remarks>
    /// <c>namespaces/NAME</c> is an object of its own, and <c>namespaces/NAME/status</c> and <c>/finalize</c> are parts of it;
    /// everything else after it is inside the namespace.
    /// </remarks>
    public static bool TryParse(string path, out RequestTarget target)
    {
        target = default;
        var parts = path.Trim('/').Split('/');
        if (parts.Any(p => p.Length == 0))
        {
            return false;
        }
        var core = parts[0] == "api";
        var start = core ? 2 : 3;
        if ((!core && parts[0] != "apis") || parts.Length <= start)
        {
            return false;
        }
        var (group, version) = core ? ("", parts[1]) : (parts[1], parts[2]);
        var rest = parts.AsSpan(start);
        var ns = "";
        if (rest is ["namespaces", var inside, var next, ..] && next is not ("status" or "finalize"))
        {
            ns = inside;
            rest = rest[2..];
        }
        // a subresource may have a path of its own below it, e.g. a proxied URL
        target = new(group, version, rest[0], ns, rest.Length > 1 ? rest[1] : "", rest.Length > 2 ? string.Join('/', rest[2..]!) : "");
        return true;
    }
}
