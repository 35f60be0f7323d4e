using System.Text.Json.Nodes;
using Katabira.Cluster.Resources;

namespace Katabira.Cluster.Schemas;

/// <summary>Whether list types, map types and the keys of map lists make sense.</summary>
internal static class ListTypeCheck
{
    private static readonly string[] s_mapTypes = ["atomic", "granular"], s_listTypes = ["atomic", "set", "map"];

    public static void Check(JsonObject schema, FieldPath path, FieldIssues issues)
    {
        var (mapType, listType, type) = (schema.Text("x-kubernetes-map-type"), schema.Text("x-kubernetes-list-type"), schema.Text("type"));
        if (schema.Has("x-kubernetes-map-type"))
        {
            CheckType(type, "object", "x-kubernetes-map-type", path, issues);
            if (!s_mapTypes.Contains(mapType))
            {
                issues.NotSupported(path.Bracketed("x-kubernetes-map-type"), mapType, s_mapTypes);
            }
        }
        if (schema.Has("x-kubernetes-list-type"))
        {
            if (CheckType(type, "array", "x-kubernetes-list-type", path, issues) && listType == "set" && schema.Child("items") is { } items)
            {
                CheckSetItems(items, path, issues);
            }
            if (!s_listTypes.Contains(listType))
            {
                issues.NotSupported(path.Bracketed("x-kubernetes-list-type"), listType, s_listTypes);
            }
        }
        CheckMapKeys(schema, listType, path, issues);
        CheckNullable(schema, listType, path, issues);
    }

    private static bool CheckType(string type, string wanted, string keyword, FieldPath path, FieldIssues issues)
    {
        if (type.Length == 0)
        {
            issues.Required(path.Bracketed("type"), $"must be {wanted} if {keyword} is specified");
        }
        else if (type != wanted)
        {
            issues.Invalid(path.Bracketed("type"), type, $"must be {wanted} if {keyword} is specified");
        }
        return type == wanted;
    }

    private static void CheckSetItems(JsonObject items, FieldPath path, FieldIssues issues)
    {
        const string demand = "must be atomic as item of a list with x-kubernetes-list-type=set";
        if (items.Text("type") == "array" && items.Text("x-kubernetes-list-type") is not ("" or "atomic"))
        {
            issues.Invalid(path.Bracketed("items.x-kubernetes-list-type"), items["x-kubernetes-list-type"], demand);
        }
        if (items.Text("type") == "object" && items.Text("x-kubernetes-map-type") != "atomic")
        {
            issues.Invalid(path.Bracketed("items.x-kubernetes-map-type"), items["x-kubernetes-map-type"], demand);
        }
    }

    private static void CheckMapKeys(JsonObject schema, string listType, FieldPath path, FieldIssues issues)
    {
        var keys = schema.Texts("x-kubernetes-list-map-keys").ToList();
        if (keys.Count > 0 && listType.Length == 0)
        {
            issues.Required(path.Bracketed("x-kubernetes-list-type"), "must be map if x-kubernetes-list-map-keys is non-empty");
        }
        else if (keys.Count > 0 && listType != "map")
        {
            issues.Invalid(path.Bracketed("x-kubernetes-list-type"), listType, "must be map if x-kubernetes-list-map-keys is non-empty");
        }
        if (listType != "map")
        {
            return;
        }
        if (keys.Count == 0)
        {
            issues.Required(path.Bracketed("x-kubernetes-list-map-keys"), "must not be empty if x-kubernetes-list-type is map");
        }
        if (schema.Child("items") is not { } items)
        {
            issues.Required(path.Bracketed("items"), "must have a schema if x-kubernetes-list-type is map");
            return;
        }
        if (items.Text("type") != "object")
        {
            issues.Invalid(path.Bracketed("items.type"), items.Text("type"), "must be object if parent array's x-kubernetes-list-type is map");
            return;
        }
        foreach (var (index, key) in keys.Index())
        {
            CheckMapKey(schema, items, key, keys.IndexOf(key) < index, path, issues);
        }
    }

    private static void CheckMapKey(JsonObject schema, JsonObject items, string key, bool again, FieldPath path, FieldIssues issues)
    {
        if (items.Child("properties")?.Child(key) is not { } property)
        {
            issues.Invalid(path.Bracketed("x-kubernetes-list-map-keys"), schema["x-kubernetes-list-map-keys"], "entries must all be names of item properties");
        }
        else if (property.Text("type") is "array" or "object")
        {
            issues.Invalid(path.Bracketed($"items.properties[{key}].type"), property.Text("type"),
                "must be a scalar type if parent array's x-kubernetes-list-type is map");
        }
        if (again)
        {
            issues.Invalid(path.Bracketed("x-kubernetes-list-map-keys"), schema["x-kubernetes-list-map-keys"], "must not contain duplicate entries");
        }
    }

    private static void CheckNullable(JsonObject schema, string listType, FieldPath path, FieldIssues issues)
    {
        if (listType is not ("set" or "map") || schema.Child("items") is not { } items)
        {
            return;
        }
        if (items.Flag("nullable"))
        {
            issues.Forbidden(path.Bracketed("items.nullable"), $"cannot be nullable when x-kubernetes-list-type is {listType}");
        }
        if (listType != "map")
        {
            return;
        }
        foreach (var key in schema.Texts("x-kubernetes-list-map-keys"))
        {
            if (items.Child("properties")?.Child(key) is not { } property)
            {
                continue;
            }
            if (!items.Texts("required").Contains(key) && !property.Has("default"))
            {
                issues.Required(path.Bracketed($"items.properties[{key}].default"),
                    "this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property");
            }
            if (property.Flag("nullable"))
            {
                issues.Forbidden(path.Bracketed($"items.properties[{key}].nullable"),
                    "this property is in x-kubernetes-list-map-keys, so it cannot be nullable");
            }
        }
    }
}
