using System.Globalization;
using System.Text.Json.Nodes;
using Katabira.Cluster.Patching.Ownership;
using static Katabira.Tests.Cluster.Patching.JsonTable;

namespace Katabira.Tests.Cluster.Patching.Ownership;

/// <summary>Owners in a form that fits into a table: one line an entry, its paths behind it.</summary>
internal static class OwnershipTable
{
    public static readonly DateTimeOffset Noon = DateTimeOffset.Parse("2026-07-01T12:00:00.9Z", CultureInfo.InvariantCulture);

    /// <summary>A schema with one list of each kind: <c>set</c>, <c>map</c> by name, <c>two</c> by port and protocol, <c>whole</c>; an atomic object; a map of objects.</summary>
    public static readonly ListTypes Custom = ListTypes.Custom(Obj("""
        { "type": "object", "properties": { "spec": { "type": "object", "properties": {
          "replicas": { "type": "integer" },
          "set": { "type": "array", "x-kubernetes-list-type": "set", "items": { "type": "string" } },
          "map": { "type": "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["name"], "items": { "type": "object", "properties": {
            "name": { "type": "string" }, "image": { "type": "string" }, "env": { "type": "object", "additionalProperties": { "type": "string" } } } } },
          "two": { "type": "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["port", "protocol"], "items": { "type": "object", "properties": {
            "port": { "type": "integer" }, "protocol": { "type": "string", "default": "TCP" } } } },
          "whole": { "type": "array", "items": { "type": "object" } },
          "atomic": { "type": "object", "x-kubernetes-map-type": "atomic" },
          "maps": { "type": "object", "additionalProperties": { "type": "object", "properties": { "x": { "type": "string" } } } } } } } }
        """));

    public static string Paths(FieldSet set) => string.Join(' ', set.Paths(int.MaxValue));

    public static FieldSet Owned(JsonObject obj, ListTypes types)
    {
        var fields = OwnedFields.Of(obj, types, out var problem);
        return problem.Length == 0 ? fields : throw new InvalidOperationException(problem);
    }

    /// <summary>E.g. <c>kubectl Apply: .spec.replicas</c>, the subresource behind a slash.</summary>
    public static string Owners(JsonObject obj) => string.Join('\n', ManagedFields.Of(obj).Write()?.Select(ManagedEntry.Read).Select(entry =>
        $"{entry!.Manager}{(entry.Subresource.Length > 0 ? "/" + entry.Subresource : "")} {(entry.IsApply ? "Apply" : "Update")}: {Paths(entry.Fields)}") ?? []);

    public static FieldWrite By(string manager, ListTypes types, int second = 0, string apiVersion = "v1", string subresource = "") =>
        new(manager, apiVersion, Noon.AddSeconds(second), types, subresource);

    /// <summary>The object without its owners.</summary>
    public static JsonObject Bare(JsonObject obj)
    {
        var copy = obj.DeepClone().AsObject();
        ManagedFields.Set(copy, null);
        return copy;
    }
}
