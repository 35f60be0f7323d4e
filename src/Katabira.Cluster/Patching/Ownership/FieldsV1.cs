using System.Text.Json.Nodes;

namespace Katabira.Cluster.Patching.Ownership;

/// <summary>The JSON form of a <see cref="FieldSet"/> in <c>managedFields</c>: <c>{"f:spec":{"f:replicas":{}}}</c>, where <c>"."</c> says that the parent is a member, too.</summary>
internal static class FieldsV1
{
    private const string Self = ".";

    /// <summary>Reads a set; null if the JSON is none. Elements of a kind that is not known are dropped, as upstream does.</summary>
    public static FieldSet? Read(JsonNode? node)
    {
        var isMember = false;
        return node is JsonObject map ? Read(map, ref isMember) : node is null ? new FieldSet() : null;
    }

    /// <summary>Writes a set in the canonical order.</summary>
    public static JsonObject Write(FieldSet set)
    {
        var map = new JsonObject();
        foreach (var (element, isMember, children) in set.Entries)
        {
            var below = Write(children);
            if (isMember && below.Count > 0)
            {
                below.Insert(0, Self, new JsonObject());
            }
            map.Add(element.Serialize(), below);
        }
        return map;
    }

    private static FieldSet? Read(JsonObject map, ref bool isMember)
    {
        var set = new FieldSet();
        foreach (var (name, value) in map)
        {
            if (value is not JsonObject below)
            {
                return null;
            }
            if (name == Self)
            {
                isMember = true;
                continue;
            }
            if (name.Length < 2 || name[1] != ':')
            {
                return null;
            }
            if (PathElement.Parse(name) is not { } element)
            {
                if (name[0] is 'f' or 'k' or 'v' or 'i')
                {
                    return null;
                }
                continue;
            }
            var isChildMember = false;
            if (Read(below, ref isChildMember) is not { } children)
            {
                return null;
            }
            if (isChildMember || children.IsEmpty)
            {
                set.Add(element);
            }
            set.AddBelow(element, children);
        }
        return set;
    }
}
