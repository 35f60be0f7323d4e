using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Katabira.Cluster.Resources;

/// <summary>What every object says about itself; absent fields and a null object read as nothing.</summary>
internal static class ObjectMetadata
{
    public static string NameOf(this JsonObject? item) => item.Child("metadata").Text("name");

    public static string NamespaceOf(this JsonObject? item) => item.Child("metadata").Text("namespace");

    public static ImmutableDictionary<string, string> Labels(this JsonObject? item) =>
        item.Child("metadata").Pairs("labels").ToImmutableDictionary(StringComparer.Ordinal);

    /// <summary>A JSON list of texts.</summary>
    public static JsonArray ToJson(this IEnumerable<string> texts) => new([.. texts.Select(t => (JsonNode)t)]);
}
