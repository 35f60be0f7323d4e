using System.Text.Json;
using Katabira.Cluster.Resources;

namespace Katabira.Cluster.Discovery;

/// <summary>Discovery as clients before Kubernetes 1.27, and most non-Go clients, ask for it: one document per group and version.</summary>
internal static class LegacyDiscovery
{
    /// <summary><c>/api</c>.</summary>
    /// <param name="serverAddress">Host and port that clients should use, e.g. <c>127.0.0.1:6443</c>.</param>
    public static ApiDocument CoreVersions(ResourceCatalog catalog, string serverAddress) => ApiDocument.Of(json =>
    {
        json.WriteStartObject();
        json.WriteString("kind"u8, "APIVersions"u8);
        json.WriteStartArray("versions"u8);
        foreach (var version in catalog.FindGroup("")?.Versions ?? [])
        {
            json.WriteStringValue(version.Version);
        }
        json.WriteEndArray();
        json.WriteStartArray("serverAddressByClientCIDRs"u8);
        json.WriteStartObject();
        json.WriteString("clientCIDR"u8, "0.0.0.0/0"u8);
        json.WriteString("serverAddress"u8, serverAddress);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    });

    /// <summary><c>/apis</c>.</summary>
    public static ApiDocument Groups(ResourceCatalog catalog) => ApiDocument.Of(json =>
    {
        json.WriteStartObject();
        json.WriteString("kind"u8, "APIGroupList"u8);
        json.WriteString("apiVersion"u8, "v1"u8);
        json.WriteStartArray("groups"u8);
        foreach (var group in catalog.Groups)
        {
            if (group.Name.Length > 0)
            {
                json.WriteStartObject();
                WriteGroup(json, group);
                json.WriteEndObject();
            }
        }
        json.WriteEndArray();
        json.WriteEndObject();
    });

    /// <summary><c>/apis/{group}</c>; null if there is no such group, and for the core group, which has no such document.</summary>
    public static ApiDocument? Group(ResourceCatalog catalog, string name) =>
        name.Length == 0 || catalog.FindGroup(name) is not { } group ? null : ApiDocument.Of(json =>
        {
            json.WriteStartObject();
            json.WriteString("kind"u8, "APIGroup"u8);
            json.WriteString("apiVersion"u8, "v1"u8);
            WriteGroup(json, group);
            json.WriteEndObject();
        });

    /// <summary><c>/api/v1</c> and <c>/apis/{group}/{version}</c>; null if there is no such version.</summary>
    public static ApiDocument? Resources(ResourceCatalog catalog, string group, string version) =>
        catalog.FindGroup(group)?.Versions.FirstOrDefault(v => v.Version == version) is not { } found ? null : ApiDocument.Of(json =>
        {
            json.WriteStartObject();
            json.WriteString("kind"u8, "APIResourceList"u8);
            json.WriteString("apiVersion"u8, "v1"u8);
            json.WriteString("groupVersion"u8, found.Name);
            json.WriteStartArray("resources"u8);
            foreach (var resource in found.Resources)
            {
                WriteResource(json, resource);
                foreach (var subresource in resource.Version.Subresources)
                {
                    WriteSubresource(json, resource, subresource);
                }
            }
            json.WriteEndArray();
            json.WriteEndObject();
        });

    private static void WriteGroup(Utf8JsonWriter json, ApiGroup group)
    {
        json.WriteString("name"u8, group.Name);
        json.WriteStartArray("versions"u8);
        foreach (var version in group.Versions)
        {
            WriteVersion(json, version);
        }
        json.WriteEndArray();
        json.WritePropertyName("preferredVersion"u8);
        WriteVersion(json, group.Versions[0]);
    }

    private static void WriteVersion(Utf8JsonWriter json, ApiGroupVersion version)
    {
        json.WriteStartObject();
        json.WriteString("groupVersion"u8, version.Name);
        json.WriteString("version"u8, version.Version);
        json.WriteEndObject();
    }

    private static void WriteResource(Utf8JsonWriter json, ServedResource resource)
    {
        var type = resource.Type;
        json.WriteStartObject();
        json.WriteString("name"u8, type.Plural);
        json.WriteString("singularName"u8, type.Singular);
        json.WriteBoolean("namespaced"u8, type.Namespaced);
        json.WriteString("kind"u8, type.Kind);
        json.WriteStrings("verbs"u8, type.Verbs);
        json.WriteStringsIfAny("shortNames"u8, type.ShortNames);
        json.WriteStringsIfAny("categories"u8, type.Categories);
        json.WriteEndObject();
    }

    private static void WriteSubresource(Utf8JsonWriter json, ServedResource resource, Subresource subresource)
    {
        json.WriteStartObject();
        json.WriteString("name"u8, $"{resource.Type.Plural}/{subresource.Name}");
        json.WriteString("singularName"u8, ""u8);
        json.WriteBoolean("namespaced"u8, resource.Type.Namespaced);
        if (subresource.Kind.ApiVersion != resource.ApiVersion)
        {
            json.WriteString("group"u8, subresource.Kind.Group);
            json.WriteString("version"u8, subresource.Kind.Version);
        }
        json.WriteString("kind"u8, subresource.Kind.Kind);
        json.WriteStrings("verbs"u8, subresource.Verbs);
        json.WriteEndObject();
    }
}
