using System.Text.Json;
using Katabira.Cluster.Resources;

namespace Katabira.Cluster.Discovery;

/// <summary>
/// Discovery as kubectl ≥ 1.27 asks for it: one document for <c>/api</c> and one for <c>/apis</c>, with every resource in it.
/// The two forms differ in their version only; the content type must name the version that was asked for.
/// </summary>
internal static class AggregatedDiscovery
{
    /// <summary>The versions we speak, best first.</summary>
    public static ReadOnlySpan<string> Versions => s_versions;

    private static readonly string[] s_versions = ["v2", "v2beta1"];

    public static string ContentType(string version) => $"application/json;g=apidiscovery.k8s.io;v={version};as=APIGroupDiscoveryList";

    /// <summary><c>/api</c>: the core group alone, without a name.</summary>
    public static ApiDocument Core(ResourceCatalog catalog, string version) => Write(catalog.Groups.Where(g => g.Name.Length == 0), version);

    /// <summary><c>/apis</c>: all other groups.</summary>
    public static ApiDocument Groups(ResourceCatalog catalog, string version) => Write(catalog.Groups.Where(g => g.Name.Length > 0), version);

    private static ApiDocument Write(IEnumerable<ApiGroup> groups, string version) => ApiDocument.Of(
        json =>
        {
            json.WriteStartObject();
            json.WriteString("kind"u8, "APIGroupDiscoveryList"u8);
            json.WriteString("apiVersion"u8, $"apidiscovery.k8s.io/{version}");
            json.WriteStartObject("metadata"u8);
            json.WriteEndObject();
            json.WriteStartArray("items"u8);
            foreach (var group in groups)
            {
                WriteGroup(json, group);
            }
            json.WriteEndArray();
            json.WriteEndObject();
        },
        ContentType(version));

    private static void WriteGroup(Utf8JsonWriter json, ApiGroup group)
    {
        json.WriteStartObject();
        json.WriteStartObject("metadata"u8);
        if (group.Name.Length > 0)
        {
            json.WriteString("name"u8, group.Name);
        }
        json.WriteNull("creationTimestamp"u8);
        json.WriteEndObject();
        json.WriteStartArray("versions"u8);
        foreach (var version in group.Versions)
        {
            json.WriteStartObject();
            json.WriteString("version"u8, version.Version);
            json.WriteStartArray("resources"u8);
            foreach (var resource in version.Resources)
            {
                WriteResource(json, resource);
            }
            json.WriteEndArray();
            json.WriteString("freshness"u8, "Current"u8);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteResource(Utf8JsonWriter json, ServedResource resource)
    {
        var type = resource.Type;
        json.WriteStartObject();
        json.WriteString("resource"u8, type.Plural);
        WriteKind(json, resource.Kind);
        json.WriteString("scope"u8, type.Namespaced ? "Namespaced"u8 : "Cluster"u8);
        json.WriteString("singularResource"u8, type.Singular);
        json.WriteStrings("verbs"u8, type.Verbs);
        json.WriteStringsIfAny("shortNames"u8, type.ShortNames);
        json.WriteStringsIfAny("categories"u8, type.Categories);
        if (resource.Version.Subresources.Length > 0)
        {
            WriteSubresources(json, resource.Version);
        }
        json.WriteEndObject();
    }

    private static void WriteSubresources(Utf8JsonWriter json, ServedVersion version)
    {
        json.WriteStartArray("subresources"u8);
        foreach (var subresource in version.Subresources)
        {
            json.WriteStartObject();
            json.WriteString("subresource"u8, subresource.Name);
            WriteKind(json, subresource.Kind);
            json.WriteStrings("verbs"u8, subresource.Verbs);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteKind(Utf8JsonWriter json, GroupVersionKind kind)
    {
        json.WriteStartObject("responseKind"u8);
        json.WriteString("group"u8, kind.Group);
        json.WriteString("version"u8, kind.Version);
        json.WriteString("kind"u8, kind.Kind);
        json.WriteEndObject();
    }
}
