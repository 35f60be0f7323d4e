using System.Text.Json.Nodes;
using Katabira.Cluster.Api;
using Katabira.Cluster.Resources;
using Katabira.Cluster.Schemas;
using Katabira.Cluster.Selectors;

namespace Katabira.Cluster.Objects;

/// <summary>An object as an <c>autoscaling/v1</c> Scale: how many there shall be, how many there are, and which. Pure.</summary>
internal static class ScaleView
{
    public static GroupVersionKind Kind { get; } = new("autoscaling", "v1", "Scale");

    /// <summary>The Scale of an object.</summary>
    /// <param name="paths">Where the object keeps its numbers.</param>
    public static JsonObject Of(JsonObject item, ScalePaths paths)
    {
        var metadata = item.Child("metadata");
        var about = new JsonObject();
        foreach (var field in (string[])["name", "namespace", "uid", "resourceVersion", "creationTimestamp"])
        {
            ApiFailure.Set(about, field, metadata.Text(field));
        }
        var status = new JsonObject { ["replicas"] = Find(item, paths.StatusReplicas).AsInteger() ?? 0 };
        ApiFailure.Set(status, "selector", Selector(item, paths));
        return new JsonObject
        {
            ["kind"] = Kind.Kind,
            ["apiVersion"] = Kind.ApiVersion,
            ["metadata"] = about,
            ["spec"] = new JsonObject { ["replicas"] = Find(item, paths.SpecReplicas).AsInteger() ?? 0 },
            ["status"] = status,
        };
    }

    /// <summary>May change the object: takes over the wish of a Scale, and the version it was made from.</summary>
    /// <exception cref="ApiException">The Scale makes no sense.</exception>
    public static void Apply(JsonObject item, JsonObject scale, ScalePaths paths)
    {
        var name = item.NameOf();
        var replicas = scale.Child("spec").Count("replicas");
        if (replicas is < 0 or > int.MaxValue)
        {
            var cause = new StatusCause("FieldValueInvalid", $"Invalid value: {replicas}: must be greater than or equal to 0", "spec.replicas");
            throw new ApiException(ApiFailure.Invalid(Kind.Group, Kind.Kind, name, [cause]));
        }
        if (scale.NameOf() is { Length: > 0 } sent && sent != name)
        {
            throw new ApiException(ApiFailure.BadRequest($"the name of the object ({sent}) does not match the name on the URL ({name})"));
        }
        if (scale.Child("metadata").Text("resourceVersion") is { Length: > 0 } version)
        {
            ObjectNames.MetadataOf(item)["resourceVersion"] = version;
        }
        var steps = paths.SpecReplicas.TrimStart('.').Split('.');
        var owner = item;
        foreach (var step in steps[..^1])
        {
            owner = owner.ChildOrNew(step) ?? throw new ApiException(ApiFailure.Internal($"{paths.SpecReplicas} cannot be set: {step} is not an object"));
        }
        owner[steps[^1]] = replicas;
    }

    private static JsonNode? Find(JsonObject item, string path) => JsonPaths.TryParse(path, out var parsed, out _) ? parsed!.First(item) : null; // not null: it was parsed

    /// <summary>As text: a custom resource keeps it so, a built-in as a selector object or, in older kinds, as a map of labels.</summary>
    private static string Selector(JsonObject item, ScalePaths paths)
    {
        if (paths.LabelSelector.Length > 0)
        {
            return Find(item, paths.LabelSelector).AsText() ?? "";
        }
        var selector = item.Child("spec").Child("selector");
        if (selector is null)
        {
            return "";
        }
        return selector.Has("matchLabels") || selector.Has("matchExpressions")
            ? LabelSelector.TryRead(selector, out var read, out _) ? read.ToString() : ""
            : string.Join(',', item.Child("spec").Pairs("selector").OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => $"{p.Key}={p.Value}"));
    }
}
