using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Katabira.Cluster.Resources;

namespace Katabira.Cluster.Schemas;

/// <summary>A column of <c>kubectl get</c>.</summary>
/// <param name="Name">The heading.</param>
/// <param name="Type">string, integer, number, boolean or date.</param>
/// <param name="Format">A hint for printing; may be empty.</param>
/// <param name="Description">For those who ask; may be empty.</param>
/// <param name="JsonPath">Where the value is, e.g. <c>.spec.mtls.mode</c>.</param>
/// <param name="Priority">0 is always shown, more with <c>-o wide</c>.</param>
internal sealed record PrinterColumn(string Name, string Type, string Format, string Description, string JsonPath, long Priority);

/// <summary>Where an object keeps what the scale subresource shows.</summary>
/// <param name="SpecReplicas">JSON path below <c>.spec</c>.</param>
/// <param name="StatusReplicas">JSON path below <c>.status</c>.</param>
/// <param name="LabelSelector">JSON path of a selector as text; empty if there is none.</param>
internal sealed record ScalePaths(string SpecReplicas, string StatusReplicas, string LabelSelector);

/// <summary>One version of a custom resource, and what happens to an object on its way in and out. Immutable and thread-safe.</summary>
/// <remarks>
/// On the way in: <see cref="Decode"/>, then webhooks, then <see cref="Default"/> again, then <see cref="Validate"/>. On the way out: <see cref="Read"/>.
/// Objects are changed in place; what stays keeps its order and its numbers their text. The reader of the JSON has bounded its depth, and refused members
/// that stand twice and halves of surrogate pairs: System.Text.Json hands both on and fails later.
/// </remarks>
internal sealed class CustomResourceVersion
{
    public required string ApiVersion { get; init; }

    public required string Name { get; init; }

    public required bool IsServed { get; init; }

    public required bool IsStorage { get; init; }

    public required bool IsDeprecated { get; init; }

    /// <summary>What clients of a deprecated version are told; empty for the usual words.</summary>
    public required string DeprecationWarning { get; init; }

    public required StructuralSchema Schema { get; init; }

    /// <summary>The compiled rules; null if there are none.</summary>
    public required RuleTree? Rules { get; init; }

    /// <summary>The status is written through its own subresource.</summary>
    public required bool HasStatus { get; init; }

    /// <summary>Null if there is no scale subresource.</summary>
    public required ScalePaths? Scale { get; init; }

    public required ImmutableArray<PrinterColumn> Columns { get; init; }

    /// <summary>Prunes, drops nulls and fills in defaults.</summary>
    /// <returns>The paths of the fields that were pruned, sorted, if they are asked for.</returns>
    public IReadOnlyList<string> Decode(JsonObject obj, bool collectUnknown)
    {
        var unknown = collectUnknown ? new List<string>() : null;
        Pruning.Prune(obj, Schema, isResource: true, unknown);
        Defaulting.DropNulls(obj, Schema);
        Default(obj);
        unknown?.Sort(StringComparer.Ordinal);
        return unknown ?? (IReadOnlyList<string>)[];
    }

    /// <summary>Fills in defaults.</summary>
    public void Default(JsonObject obj) => Defaulting.Apply(obj, Schema);

    /// <summary>Turns a stored object of any version into one of this version: another apiVersion, and the defaults that have come since.</summary>
    public void Read(JsonObject obj)
    {
        obj["apiVersion"] = ApiVersion;
        Decode(obj, collectUnknown: false);
    }

    /// <summary>Everything that is wrong with an object; metadata is not looked at.</summary>
    /// <param name="obj">As it is to be stored.</param>
    /// <param name="old">As it is stored; null when it is created.</param>
    public IReadOnlyList<FieldIssue> Validate(JsonObject obj, JsonObject? old)
    {
        var issues = new FieldIssues();
        ValueCheck.Check(obj, Schema, issues);
        ScaleCheck.Check(obj, Scale, issues);
        EmbeddedCheck.Check(obj, Schema, issues);
        CheckLists(obj, old, issues);
        CheckRules(obj, old, issues);
        return issues.ToList();
    }

    /// <summary>Everything that is wrong with an object whose status is written: the schema of the status, and the rules of the whole.</summary>
    public IReadOnlyList<FieldIssue> ValidateStatus(JsonObject obj, JsonObject old)
    {
        var issues = new FieldIssues();
        if (obj.TryGetPropertyValue("status", out var status))
        {
            ValueCheck.Check(status, Schema.ByName.GetValueOrDefault("status") ?? StructuralSchema.Empty, issues, "status");
        }
        ScaleCheck.Check(obj, Scale is null ? null : Scale with { SpecReplicas = "" }, issues);
        CheckLists(obj, old, issues);
        CheckRules(obj, old, issues);
        return issues.ToList();
    }

    /// <summary>Compiles what stands beside the schema.</summary>
    internal static CustomResourceVersion Create(string group, JsonObject version, StructuralSchema schema, RuleTree? rules) => new()
    {
        ApiVersion = $"{group}/{version.Text("name")}",
        Name = version.Text("name"),
        IsServed = version.Flag("served"),
        IsStorage = version.Flag("storage"),
        IsDeprecated = version.Flag("deprecated"),
        DeprecationWarning = version.Text("deprecationWarning"),
        Schema = schema,
        Rules = rules,
        HasStatus = version.Child("subresources")?.Has("status") == true,
        Scale = version.Child("subresources")?.Child("scale") is { } scale
            ? new ScalePaths(scale.Text("specReplicasPath"), scale.Text("statusReplicasPath"), scale.Text("labelSelectorPath"))
            : null,
        Columns = [.. version.Items("additionalPrinterColumns").Select(c =>
            new PrinterColumn(c.Text("name"), c.Text("type"), c.Text("format"), c.Text("description"), c.Text("jsonPath"), c.Whole("priority") ?? 0))],
    };

    /// <summary>An old object that already has duplicates may keep them; only what comes new is judged.</summary>
    private void CheckLists(JsonObject obj, JsonObject? old, FieldIssues issues)
    {
        var before = new FieldIssues();
        if (old is not null)
        {
            ListChecks.Check(old, Schema, before);
        }
        if (before.Count == 0)
        {
            ListChecks.Check(obj, Schema, issues);
        }
    }

    private void CheckRules(JsonObject obj, JsonObject? old, FieldIssues issues)
    {
        if (Rules is null)
        {
            return;
        }
        if (issues.BlockRules)
        {
            issues.Invalid(FieldIssue.NoPath, (JsonNode?)null,
                "some validation rules were not checked because the object was invalid; correct the existing errors to complete validation");
            return;
        }
        RuleCheck.Check(Rules, obj, old, issues);
    }
}
