using System.Text.Json.Nodes;
using Katabira.Cluster.Patching.Ownership;
using Katabira.Cluster.Protobuf;
using Katabira.Cluster.Resources;
using Katabira.Cluster.Schemas;
using Katabira.Cluster.Storage;

namespace Katabira.Cluster.Objects;

/// <summary>The form of a resource that every cluster has: its fields are those of the table, its rules are code.</summary>
internal class BuiltInForm(ServedResource resource) : ObjectForm(resource)
{
    /// <summary>The subresource through which a namespace's finalizers are written.</summary>
    public const string Finalize = "finalize";

    private const string EphemeralContainers = "ephemeralcontainers";

    private readonly MessageType _fields = FieldTable.Find(resource.Kind) ?? throw new InvalidOperationException($"there is no field table for {resource.Kind}");

    /// <summary>True if the stored text is served as it is.</summary>
    private bool IsStoredForm => Version.IsStorage && Version.FromStorage is null && Type.StoredAs is null;

    public override ListTypes ListTypes { get; } = ListTypes.BuiltIn(resource.ApiVersion, resource.Type.Kind);

    public override ScalePaths? ScalePaths { get; } =
        resource.Version.Subresource(Subresource.ScaleName) is null ? null : new ScalePaths(".spec.replicas", ".status.replicas", "");

    public override void Default(JsonObject item) => Strategies.Default(Type, item);

    public override void ToStorage(JsonObject item)
    {
        Version.ToStorage?.Invoke(item);
        if (Type.StoredAs is null)
        {
            item["apiVersion"] = Type.KindIn(Type.StorageVersion).ApiVersion;
        }
    }

    public override JsonObject Read(StoredObject stored)
    {
        var item = StoredJson.Read(stored);
        Version.FromStorage?.Invoke(item);
        item["apiVersion"] = Resource.ApiVersion;
        return item;
    }

    public override ReadOnlyMemory<byte> Text(StoredObject stored) => IsStoredForm ? stored.Json : base.Text(stored);

    public override void PrepareUpdate(JsonObject item, JsonObject old, string subresource)
    {
        if (subresource == EphemeralContainers)
        {
            KeepAllBut(item, old);
        }
        var finalizers = subresource == Finalize ? item.Child("spec")?["finalizers"]?.DeepClone() : null;
        base.PrepareUpdate(item, old, subresource);
        if (finalizers is not null && item.ChildOrNew("spec") is { } spec)
        {
            spec["finalizers"] = finalizers;
        }
    }

    /// <remarks>A pod gets its node and its debugging containers when it already is; everything else about it stays as its processes were started.</remarks>
    public override IEnumerable<FieldIssue> Validate(JsonObject item, JsonObject? old, string subresource) => subresource switch
    {
        "binding" => Strategies.Validate(Type, item),
        EphemeralContainers when old is not null => Strategies.Validate(Type, item).Concat(Lost(item, old)),
        _ => base.Validate(item, old, subresource),
    };

    protected override FieldFindings Check(JsonObject item, bool collectUnknown) => FieldCheck.Run(item, _fields);

    /// <summary>May change the first: everything but the debugging containers is as it was.</summary>
    private static void KeepAllBut(JsonObject item, JsonObject old)
    {
        var (wanted, version) = (item.Child("spec").List("ephemeralContainers")?.DeepClone(), item.Child("metadata").Text("resourceVersion"));
        item.Clear();
        foreach (var (name, value) in old)
        {
            item[name] = value?.DeepClone();
        }
        ObjectNames.MetadataOf(item)["resourceVersion"] = version;
        if (item.ChildOrNew("spec") is { } spec)
        {
            spec["ephemeralContainers"] = wanted ?? new JsonArray();
        }
    }

    private static IEnumerable<FieldIssue> Lost(JsonObject item, JsonObject old)
    {
        var now = item.Child("spec").Items("ephemeralContainers").ToLookup(c => c.Text("name"));
        foreach (var before in old.Child("spec").Items("ephemeralContainers").Where(b => !now[b.Text("name")].Any(n => JsonNode.DeepEquals(n, b))))
        {
            yield return new("spec.ephemeralContainers", FieldIssueReason.FieldValueForbidden,
                $"Forbidden: existing ephemeral container \"{before.Text("name")}\" may not be changed or removed");
        }
    }
}
