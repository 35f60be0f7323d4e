using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Katabira.Model.Schema;
using Katabira.Model.Validation;

namespace Katabira.Model.Resources;

/// <summary>A column of <c>kubectl get</c>.</summary>
/// <param name="Name">The heading.</param>
/// <param name="JsonPath">Where the cell's value is, e.g. <c>.spec.mtls.mode</c>.</param>
/// <param name="Type">OpenAPI type of the cell: <c>string</c> or <c>date</c>.</param>
public sealed record PrinterColumn(string Name, string JsonPath, string Type = "string")
{
    /// <summary>The age of the object.</summary>
    public static PrinterColumn Age { get; } = new("Age", ".metadata.creationTimestamp", "date");
}

/// <summary>What the Kubernetes API has to know about a kind: its names, versions, columns and shape. Immutable.</summary>
public abstract class ResourceKind
{
    private readonly Lazy<SchemaNode> _schema;

    private protected ResourceKind() => _schema = new(() => SchemaNode.Of(JsonType));

    /// <summary>API group, e.g. <c>security.istio.io</c>.</summary>
    public required string Group { get; init; }

    /// <summary>Served versions, the preferred one first. The schema is the same in all of them.</summary>
    public required ImmutableArray<string> Versions { get; init; }

    /// <summary>The version objects are stored in.</summary>
    public required string StorageVersion { get; init; }

    /// <summary>The kind's name, e.g. <c>PeerAuthentication</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>The name in URLs, e.g. <c>peerauthentications</c>.</summary>
    public required string Plural { get; init; }

    /// <summary>What a user may type instead of the plural.</summary>
    public ImmutableArray<string> ShortNames { get; init; } = [];

    /// <summary>Columns of <c>kubectl get</c> after the name; none means that only the age is shown.</summary>
    public ImmutableArray<PrinterColumn> Columns { get; init; } = [];

    /// <summary>An object must have a specification. Otherwise one without means the empty one.</summary>
    public bool NeedsSpec { get; init; }

    /// <summary>The name in the singular, in lower case.</summary>
    public string Singular => Kind.ToLowerInvariant();

    /// <summary>Name of the CustomResourceDefinition.</summary>
    public string CrdName => $"{Plural}.{Group}";

    /// <summary>Shape of the whole object.</summary>
    internal SchemaNode Schema => _schema.Value;

    private protected abstract JsonTypeInfo JsonType { get; }

    /// <summary>Says everything that is wrong with an object, whatever JSON it is. Never throws for what the user wrote.</summary>
    public abstract Findings Validate(JsonElement json);
}

/// <summary>A kind together with its record.</summary>
/// <typeparam name="TSpec">Record of the specification.</typeparam>
public sealed class ResourceKind<TSpec> : ResourceKind
    where TSpec : class, new()
{
    /// <summary>Serialization contract of the object.</summary>
    public required JsonTypeInfo<Resource<TSpec>> Json { get; init; }

    /// <summary>Adds what a schema cannot say; called only with objects whose shape is right.</summary>
    internal Action<Resource<TSpec>, Findings> Rules { get; init; } = (_, _) => { };

    private protected override JsonTypeInfo JsonType => Json;

    /// <inheritdoc/>
    public override Findings Validate(JsonElement json) => Read(json, out _);

    /// <summary>Checks an object and hands it out if its shape is right, whether or not a rule refuses it.</summary>
    /// <param name="json">The whole object.</param>
    /// <param name="resource">The object, or null if its shape is wrong.</param>
    public Findings Read(JsonElement json, out Resource<TSpec>? resource)
    {
        var findings = new Findings();
        resource = null;
        CheckEnvelope(json, findings);
        if (findings.Ok)
        {
            resource = json.Deserialize(Json)!;
            Rules(resource, findings);
        }
        return findings;
    }

    /// <summary>The object as JSON, with every unknown field it was read with.</summary>
    public JsonElement Write(Resource<TSpec> resource) => JsonSerializer.SerializeToElement(resource, Json);

    private void CheckEnvelope(JsonElement json, Findings findings)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            findings.WrongType("", "value", "object");
            return;
        }
        if (json.EnumerateObject().Any(m => SchemaCheck.NameOf(m) is null))
        {
            // looking for any other name would stumble over this one
            findings.Invalid("", "", SchemaCheck.NotUnicode);
            return;
        }
        foreach (var field in Schema.Fields)
        {
            if (json.TryGetProperty(field.Name, out var value))
            {
                SchemaCheck.Check(field.Node, value, field.Name, findings);
            }
        }
        if (NeedsSpec && !json.TryGetProperty("spec", out _))
        {
            findings.Required("spec");
        }
        CheckTypeField(json, "apiVersion", Versions.Select(v => $"{Group}/{v}"), findings);
        CheckTypeField(json, "kind", [Kind], findings);
    }

    /// <summary>An object may leave out its type, because the URL says it; it may not contradict.</summary>
    private static void CheckTypeField(JsonElement json, string name, IEnumerable<string> supported, Findings findings)
    {
        if (json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            && SchemaCheck.TextOf(value) is { } text && !supported.Contains(text, StringComparer.Ordinal))
        {
            findings.NotSupported(name, text, supported);
        }
    }
}
