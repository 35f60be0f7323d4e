using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Katabira.Cluster.Resources;
using Katabira.Cluster.Schemas;
using Katabira.Cluster.Storage;

namespace Katabira.Cluster.State;

/// <summary>
/// The custom resources that are served: established definitions, compiled once and kept while their <c>spec</c> and accepted names stay.
/// Immutable; the next one is made from this one.
/// </summary>
internal sealed class CustomResources
{
    /// <summary>Where definitions are stored.</summary>
    public static readonly GroupResource Definitions = new("apiextensions.k8s.io", "customresourcedefinitions");

    private readonly ImmutableDictionary<string, CustomResource> _byName;

    private CustomResources(ImmutableDictionary<string, CustomResource> byName) => _byName = byName;

    public IEnumerable<CustomResource> All => _byName.Values;

    /// <summary>The resource of a type; null if the type is built in.</summary>
    public CustomResource? Find(ResourceType type) => _byName.GetValueOrDefault(type.QualifiedName);

    /// <summary>Reads the definitions of a moment.</summary>
    public static CustomResources Of(Snapshot now, CustomResources? before, PatternCache patterns)
    {
        var found = ImmutableDictionary.CreateBuilder<string, CustomResource>(StringComparer.Ordinal);
        var definitions = now.Range(new StoreRange(Definitions));
        for (var i = 0; i < definitions.Count; i++)
        {
            var stored = definitions[i];
            if (before?._byName.GetValueOrDefault(stored.Key.Name) is { } known && known.Definition == stored.Revision)
            {
                found.Add(stored.Key.Name, known);
            }
            else if (Read(stored, before?._byName.GetValueOrDefault(stored.Key.Name), patterns) is { } resource)
            {
                found.Add(stored.Key.Name, resource);
            }
        }
        return new(found.ToImmutable());
    }

    private static CustomResource? Read(StoredObject stored, CustomResource? known, PatternCache patterns)
    {
        var crd = StoredJson.Read(stored);
        if (!CrdStatus.IsTrue(crd, "Established"))
        {
            return null;
        }
        var ending = crd.Child("metadata").Has("deletionTimestamp");
        var basis = new JsonObject { ["spec"] = crd["spec"]?.DeepClone(), ["names"] = crd.Child("status")?["acceptedNames"]?.DeepClone() };
        if (known is not null && JsonNode.DeepEquals(known.Basis, basis))
        {
            return known with { Definition = stored.Revision, IsEnding = ending };
        }
        var model = CustomResourceModel.Compile(crd, patterns);
        return new(TypeOf(model, crd), model, basis, stored.Revision, stored.Revision, ending);
    }

    private static ResourceType TypeOf(CustomResourceModel model, JsonObject crd)
    {
        var names = crd.Child("status").Child("acceptedNames");
        return new ResourceType
        {
            Group = model.Group,
            Kind = model.Kind,
            ListKind = model.ListKind,
            Plural = model.Plural,
            Singular = model.Singular,
            ShortNames = [.. names.Texts("shortNames")],
            Categories = [.. names.Texts("categories")],
            Namespaced = model.Namespaced,
            HasGeneration = true,
            IsCustom = true,
            Versions = [.. model.Versions.Where(v => v.IsServed).OrderBy(v => v.Name, VersionOrder.PreferredFirst).Select(v => Served(model, v, crd))],
        };
    }

    private static ServedVersion Served(CustomResourceModel model, CustomResourceVersion version, JsonObject crd)
    {
        var json = crd.Child("spec").Items("versions").First(v => v.Text("name") == version.Name);
        return new ServedVersion
        {
            Name = version.Name,
            IsStorage = version.IsStorage,
            Subresources = [.. SubresourcesOf(model, version)],
            SelectableFields = [.. json.Items("selectableFields").Select(f => SelectableField.At(f.Text("jsonPath").TrimStart('.')))],
            Columns = [.. version.Columns.Select(c => new Resources.PrinterColumn(c.Name, c.Type, c.JsonPath, c.Description, c.Format, (int)c.Priority))],
            Schema = json.Child("schema")?["openAPIV3Schema"] is { } schema ? JsonElement.Parse(StoredJson.Write(schema).Span, StoredJson.Depth) : null,
            DeprecationWarning = WarningOf(model, version),
        };
    }

    private static IEnumerable<Subresource> SubresourcesOf(CustomResourceModel model, CustomResourceVersion version)
    {
        if (version.HasStatus)
        {
            yield return Subresource.Status(model.Group, version.Name, model.Kind);
        }
        if (version.Scale is not null)
        {
            yield return Subresource.Scale;
        }
    }

    private static string? WarningOf(CustomResourceModel model, CustomResourceVersion version)
    {
        if (!version.IsDeprecated)
        {
            return null;
        }
        return version.DeprecationWarning.Length > 0 ? version.DeprecationWarning : $"{version.ApiVersion} {model.Kind} is deprecated";
    }
}

/// <summary>One definition, ready to serve.</summary>
/// <param name="Type">What discovery says of it.</param>
/// <param name="Model">Its compiled schemas.</param>
/// <param name="Basis">What the two were made from.</param>
/// <param name="Definition">The revision of the definition that was read last.</param>
/// <param name="ServedSince">Objects written after this one went through these schemas already.</param>
/// <param name="IsEnding">The definition is being deleted: nothing new may be created.</param>
internal sealed record CustomResource(
    ResourceType Type, CustomResourceModel Model, JsonObject Basis, Revision Definition, Revision ServedSince, bool IsEnding);
