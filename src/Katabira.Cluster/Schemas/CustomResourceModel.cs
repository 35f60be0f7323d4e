using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Katabira.Cluster.Resources;

namespace Katabira.Cluster.Schemas;

/// <summary>A definition that is ready to serve: its names and its compiled versions. Immutable and thread-safe.</summary>
internal sealed class CustomResourceModel
{
    public required string Group { get; init; }

    public required string Plural { get; init; }

    public required string Singular { get; init; }

    public required string Kind { get; init; }

    public required string ListKind { get; init; }

    public required ImmutableArray<string> ShortNames { get; init; }

    public required ImmutableArray<string> Categories { get; init; }

    public required bool Namespaced { get; init; }

    /// <summary>All versions in the order of the definition.</summary>
    public required ImmutableArray<CustomResourceVersion> Versions { get; init; }

    /// <summary>The version that objects are stored in.</summary>
    public CustomResourceVersion Storage => Versions.First(v => v.IsStorage);

    /// <summary>The version of that name, or null.</summary>
    public CustomResourceVersion? Version(string name) => Versions.FirstOrDefault(v => v.Name == name);

    /// <summary>Compiles a definition in which <see cref="CrdCheck"/> found nothing wrong, names defaulted. Versions with equal schemas share what is
    /// compiled.</summary>
    public static CustomResourceModel Compile(JsonObject crd, PatternCache patterns)
    {
        var spec = crd.Child("spec") ?? [];
        var names = spec.Child("names") ?? [];
        var reader = new SchemaReader(patterns);
        var versions = ImmutableArray.CreateBuilder<CustomResourceVersion>();
        var compiled = new List<(JsonObject Json, StructuralSchema Schema, RuleTree? Rules)>();
        foreach (var version in spec.Items("versions"))
        {
            var json = version.Child("schema")?.Child("openAPIV3Schema") ?? [];
            var known = compiled.FirstOrDefault(c => JsonNode.DeepEquals(c.Json, json));
            if (known.Schema is null)
            {
                var schema = reader.Read(json);
                known = (json, schema, RuleTree.Compile(schema, isResource: true));
                compiled.Add(known);
            }
            versions.Add(CustomResourceVersion.Create(spec.Text("group"), version, known.Schema, known.Rules));
        }
        return new CustomResourceModel
        {
            Group = spec.Text("group"),
            Plural = names.Text("plural"),
            Singular = names.Text("singular"),
            Kind = names.Text("kind"),
            ListKind = names.Text("listKind"),
            ShortNames = [.. names.Texts("shortNames")],
            Categories = [.. names.Texts("categories")],
            Namespaced = spec.Text("scope") == "Namespaced",
            Versions = versions.ToImmutable(),
        };
    }
}
