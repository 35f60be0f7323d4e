using System.Text.Json.Nodes;
using Katabira.Cluster.Resources;
using Katabira.Cluster.Schemas;
using Katabira.Cluster.State;
using Katabira.Cluster.Storage;

namespace Katabira.Cluster.Objects;

/// <summary>
/// The form of CustomResourceDefinitions. A definition is looked at as a whole (<see cref="CrdCheck"/>), and its status, which says under which
/// names it is served, is decided in the same write, so that a definition is served as soon as its creation is answered.
/// </summary>
internal sealed class DefinitionForm(ServedResource resource, Store store, PatternCache patterns, TimeProvider time) : BuiltInForm(resource)
{
    /// <summary>Keeps a definition until its objects are gone.</summary>
    public const string Finalizer = "customresourcecleanup.apiextensions.k8s.io";

    public override void Default(JsonObject item) => CrdNames.ApplyDefaults(item);

    public override void PrepareCreate(JsonObject item)
    {
        base.PrepareCreate(item);
        var metadata = item.ChildOrNew("metadata")!; // not null: the metadata of a decoded object is an object
        if (!metadata.Texts("finalizers").Contains(Finalizer))
        {
            metadata["finalizers"] = new JsonArray([.. metadata.Texts("finalizers").Append(Finalizer).Select(f => JsonValue.Create(f))]);
        }
        item["status"] = Status(item);
    }

    public override void PrepareUpdate(JsonObject item, JsonObject old, string subresource)
    {
        base.PrepareUpdate(item, old, subresource);
        if (subresource.Length == 0 && !item.Child("metadata").Has("deletionTimestamp") && CrdCheck.CheckUpdate(item, old, patterns).Count == 0)
        {
            item["status"] = Status(item);
        }
    }

    public override IEnumerable<FieldIssue> Validate(JsonObject item, JsonObject? old, string subresource)
    {
        var whole = old is null ? CrdCheck.Check(item, patterns) : CrdCheck.CheckUpdate(item, old, patterns);
        return base.Validate(item, old, subresource).Concat(whole).DistinctBy(i => (i.Path, i.Message));
    }

    protected override FieldFindings Check(JsonObject item, bool collectUnknown)
    {
        var unknown = new List<string>();
        CrdFields.PruneSchemas(item, unknown);
        var findings = base.Check(item, collectUnknown);
        return findings with { Unknown = [.. findings.Unknown, .. unknown.Select(path => $"unknown field \"{path}\"")] };
    }

    private JsonObject Status(JsonObject item)
    {
        var name = item.Child("metadata").Text("name");
        var all = store.Current.Range(new StoreRange(CustomResources.Definitions));
        var others = Enumerable.Range(0, all.Count).Select(i => all[i]).Where(o => o.Key.Name != name).Select(StoredJson.Read);
        return CrdStatus.Next(item, others, time.Now());
    }
}
