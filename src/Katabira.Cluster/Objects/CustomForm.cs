using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Katabira.Cluster.Api;
using Katabira.Cluster.Patching.Ownership;
using Katabira.Cluster.Resources;
using Katabira.Cluster.Schemas;
using Katabira.Cluster.State;
using Katabira.Cluster.Storage;

namespace Katabira.Cluster.Objects;

/// <summary>The form of a custom resource: its fields and its rules are those of its definition.</summary>
internal sealed class CustomForm : ObjectForm
{
    private readonly CustomResource _custom;
    private readonly CustomResourceVersion _schema;
    private readonly Lazy<ListTypes> _listTypes;

    public CustomForm(ServedResource resource, CustomResource custom)
        : base(resource)
    {
        _custom = custom;
        _schema = custom.Model.Version(resource.Version.Name)!; // not null: served versions are versions of the model
        _listTypes = new(() => ListTypes.Custom(resource.Version.Schema is { } schema ? JsonObject.Create(schema) : null));
    }

    public override ListTypes ListTypes => _listTypes.Value;

    public override ScalePaths? ScalePaths => _schema.Scale;

    public override ApiFailure? CreateRefusal(string name) => _custom.IsEnding
        ? ApiFailure.Forbidden(Type.Group, Type.Plural, name, "create not allowed while custom resource definition is terminating")
        : null;

    /// <remarks>Decoding fills in defaults, which would come to be owned by whoever applies.</remarks>
    public override ImmutableArray<string> CheckApplied(JsonObject wish, ImmutableArray<string> duplicates, FieldValidation validation) =>
        Decode(wish.DeepClone().AsObject(), duplicates, validation);

    public override void Default(JsonObject item) => _schema.Default(item);

    public override void ToStorage(JsonObject item) => item["apiVersion"] = _custom.Model.Storage.ApiVersion;

    public override JsonObject Read(StoredObject stored)
    {
        var item = StoredJson.Read(stored);
        _schema.Read(item);
        return item;
    }

    /// <remarks>
    /// What was written after the definition changed last went through the schema then. A write that began before the change and ended after it is
    /// served unpruned until it is written again; the definition's next change mends it, too.
    /// </remarks>
    public override ReadOnlyMemory<byte> Text(StoredObject stored) =>
        Version.IsStorage && stored.Revision > _custom.ServedSince ? stored.Json : base.Text(stored);

    public override IEnumerable<FieldIssue> Validate(JsonObject item, JsonObject? old, string subresource)
    {
        var own = subresource == Subresource.StatusName && old is not null ? _schema.ValidateStatus(item, old) : _schema.Validate(item, old);
        return base.Validate(item, old, subresource).Concat(VersionIssue(item, old)).Concat(own);
    }

    protected override FieldFindings Check(JsonObject item, bool collectUnknown)
    {
        var metadata = FieldCheck.RunMetadata(item);
        var unknown = _schema.Decode(item, collectUnknown);
        return metadata with { Unknown = [.. metadata.Unknown, .. unknown.Select(path => $"unknown field \"{path}\"")] };
    }

    /// <summary>Unlike most built-ins, a custom resource is never replaced blindly.</summary>
    private static ImmutableArray<FieldIssue> VersionIssue(JsonObject item, JsonObject? old) =>
        old is not null && item.Child("metadata").Text("resourceVersion").Length == 0
            ? [new("metadata.resourceVersion", FieldIssueReason.FieldValueInvalid, "Invalid value: 0: must be specified for an update")]
            : [];
}
