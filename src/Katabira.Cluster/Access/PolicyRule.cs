using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Katabira.Cluster.Resources;

namespace Katabira.Cluster.Access;

/// <summary>One rule of a role. Immutable and pure; <c>*</c> is any.</summary>
internal sealed record PolicyRule(
    ImmutableArray<string> Verbs, ImmutableArray<string> Groups, ImmutableArray<string> Resources, ImmutableArray<string> Names, ImmutableArray<string> Paths)
{
    public static PolicyRule From(JsonObject rule) =>
        new(rule.Texts("verbs"), rule.Texts("apiGroups"), rule.Texts("resources"), rule.Texts("resourceNames"), rule.Texts("nonResourceURLs"));

    /// <summary>The rules of a role; those of a Role name no paths, since a path is in no namespace.</summary>
    public static ImmutableArray<PolicyRule> All(JsonObject role) => [.. role.Items("rules").Select(From)];

    public bool Allows(in AccessRequest request)
    {
        if (!Has(Verbs, request.Verb))
        {
            return false;
        }
        return request.Path is { } path
            ? AllowsPath(path)
            : Has(Groups, request.Group) && AllowsResource(request.Plural, request.Subresource) && AllowsName(request.Name);
    }

    /// <summary>True if whoever holds this rule holds one grain of another.</summary>
    public bool Holds(string verb, string group, string resource, string name) =>
        Has(Verbs, verb) && Has(Groups, group) && HoldsResource(resource) && (Names.IsEmpty || (name.Length > 0 && Names.Contains(name)));

    /// <summary>As <see cref="Holds"/>, for a path pattern.</summary>
    public bool HoldsPath(string verb, string path) => Has(Verbs, verb) && AllowsPath(path);

    public JsonObject ToJson()
    {
        var json = new JsonObject { ["verbs"] = Verbs.ToJson() };
        Set(json, "apiGroups", Groups);
        Set(json, "resources", Resources);
        Set(json, "resourceNames", Names);
        Set(json, "nonResourceURLs", Paths);
        return json;
    }

    /// <summary>As messages about escalation show it.</summary>
    public override string ToString()
    {
        (string Name, ImmutableArray<string> Values)[] parts =
            [("APIGroups", Groups), ("Resources", Resources), ("NonResourceURLs", Paths), ("ResourceNames", Names), ("Verbs", Verbs)];
        return $"{{{string.Join(", ", parts.Where(p => !p.Values.IsEmpty).Select(p => $"{p.Name}:{GoQuoted.List(p.Values)}"))}}}";
    }

    private static bool Has(ImmutableArray<string> values, string value)
    {
        foreach (var one in values)
        {
            if (one == "*" || one == value)
            {
                return true;
            }
        }
        return false;
    }

    private bool AllowsResource(string plural, string subresource)
    {
        foreach (var one in Resources)
        {
            if (one == "*" || (subresource.Length == 0 ? one == plural : IsSubresource(one, plural, subresource)))
            {
                return true;
            }
        }
        return false;
    }

    /// <summary><c>pods/log</c>, or <c>*/scale</c> for that part of everything; compared without joining the two.</summary>
    private static bool IsSubresource(string rule, string plural, string subresource)
    {
        var slash = rule.IndexOf('/');
        return slash > 0 && rule.AsSpan(slash + 1).SequenceEqual(subresource)
            && (rule.AsSpan(0, slash) is "*" || rule.AsSpan(0, slash).SequenceEqual(plural));
    }

    private bool HoldsResource(string resource)
    {
        var slash = resource.IndexOf('/');
        return slash < 0 ? AllowsResource(resource, "") : AllowsResource(resource[..slash], resource[(slash + 1)..]);
    }

    private bool AllowsName(string name) => Names.IsEmpty || Names.Contains(name);

    private bool AllowsPath(string path)
    {
        foreach (var one in Paths)
        {
            if (one == "*" || one == path || (one.EndsWith('*') && path.StartsWith(one.TrimEnd('*'), StringComparison.Ordinal)))
            {
                return true;
            }
        }
        return false;
    }

    private static void Set(JsonObject json, string name, ImmutableArray<string> values)
    {
        if (!values.IsEmpty)
        {
            json[name] = values.ToJson();
        }
    }
}
