using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Katabira.Cluster.Patching.Ownership;

/// <summary>One entry of <c>metadata.managedFields</c>: a manager, by one kind of operation, and what it owns. Immutable.</summary>
/// <param name="Manager">The name.</param>
/// <param name="IsApply">True for server-side apply, false for every other write.</param>
/// <param name="ApiVersion">The version in which the paths are meant.</param>
/// <param name="Time">When the entry last changed, in whole seconds; null if nobody knows.</param>
/// <param name="Subresource">E.g. <c>status</c>; empty for the object itself.</param>
/// <param name="Fields">What is owned.</param>
internal sealed record ManagedEntry(string Manager, bool IsApply, string ApiVersion, DateTimeOffset? Time, string Subresource, FieldSet Fields)
{
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    /// <summary>What an entry is recognized by. Applying in another version continues the old entry; updating in another version begins a new one.</summary>
    public (string Manager, bool IsApply, string ApiVersion, string Subresource) Id => (Manager, IsApply, IsApply ? "" : ApiVersion, Subresource);

    /// <summary>Reads an entry; null for what is none.</summary>
    public static ManagedEntry? Read(JsonNode? node)
    {
        if (node is not JsonObject map || Text(map["operation"]) is not ("Apply" or "Update") || Text(map["fieldsType"]) != "FieldsV1"
            || Text(map["apiVersion"]) is not { Length: > 0 } apiVersion || FieldsV1.Read(map["fieldsV1"]) is not { } fields)
        {
            return null;
        }
        DateTimeOffset? time = DateTimeOffset.TryParse(Text(map["time"]), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var parsed)
            ? parsed
            : null;
        return new ManagedEntry(Text(map["manager"]) ?? "", Text(map["operation"]) == "Apply", apiVersion, time, Text(map["subresource"]) ?? "", fields);
    }

    /// <summary>Writes the entry, its members in Kubernetes' order.</summary>
    public JsonObject Write()
    {
        var map = new JsonObject { ["manager"] = Manager, ["operation"] = IsApply ? "Apply" : "Update", ["apiVersion"] = ApiVersion };
        if (Time is { } time)
        {
            map["time"] = time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);
        }
        map["fieldsType"] = "FieldsV1";
        map["fieldsV1"] = FieldsV1.Write(Fields);
        if (Subresource.Length > 0)
        {
            map["subresource"] = Subresource;
        }
        return map;
    }

    /// <summary>As a message names the owner: <c>"kubectl" using apps/v1</c>; the version only for writes that are no applies.</summary>
    public override string ToString() =>
        GoText.Quoted(Manager)
        + (Subresource.Length > 0 ? $" with subresource {GoText.Quoted(Subresource)}" : "")
        + (IsApply ? "" : $" using {ApiVersion}");

    private static string? Text(JsonNode? node) => node?.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : null;
}
