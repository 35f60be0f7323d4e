using System.Collections.Immutable;
using System.Text.Json;
using Katabira.Cluster.Resources;

namespace Katabira.Tests.Cluster.Resources;

/// <summary>A custom resource as the catalog would get it from its definition: two versions, columns, a status.</summary>
internal static class CustomTypes
{
    public static ResourceType Umbrella { get; } = new()
    {
        Group = "weather.example.com",
        Kind = "Umbrella",
        Plural = "umbrellas",
        ShortNames = ["um"],
        Categories = ["weather"],
        HasGeneration = true,
        IsCustom = true,
        Versions = [Version("v1", storage: true), Version("v1beta1", storage: false)],
    };

    private static ServedVersion Version(string name, bool storage) => new()
    {
        Name = name,
        IsStorage = storage,
        Subresources = [Subresource.Status("weather.example.com", name, "Umbrella")],
        Columns = Columns,
        Schema = JsonSerializer.Deserialize<JsonElement>(
            """
            {"type":"object","description":"Keeps one dry.","required":["spec"],"properties":{
              "apiVersion":{"type":"string"},"kind":{"type":"string"},"metadata":{"type":"object"},
              "spec":{"type":"object","properties":{"color":{"type":"string"},"ribs":{"type":"integer","format":"int32"}}},
              "status":{"type":"object","x-kubernetes-preserve-unknown-fields":true}}}
            """),
    };

    private static ImmutableArray<PrinterColumn> Columns =>
    [
        new("Color", "string", ".spec.color", "What it looks like."),
        new("Ribs", "integer", ".spec.ribs", Format: "int32"),
        new("Opened", "date", ".status.openedAt"),
        new("Tags", "string", ".spec.tags", Priority: 1),
        new("Wet", "boolean", ".status.wet", Priority: 1),
        new("Weight", "number", ".spec.weight", Priority: 1),
    ];
}
