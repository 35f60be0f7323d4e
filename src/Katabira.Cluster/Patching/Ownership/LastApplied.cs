using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Katabira.Cluster.Patching.Ownership;

/// <summary>
/// The annotation in which kubectl's client-side apply remembers what it applied. Server-side apply by the manager <c>kubectl</c> looks at it twice: what it holds is
/// kubectl's own and no conflict, and it is kept up to date so that one can go back.
/// </summary>
internal static class LastApplied
{
    /// <summary>The only manager that this is about; any other name opts out.</summary>
    public const string Manager = "kubectl";

    private const string Annotation = "kubectl.kubernetes.io/last-applied-configuration";

    /// <summary>All annotations of an object together, in bytes.</summary>
    private const int MostAnnotationBytes = 256 * 1024;

    private static readonly JsonSerializerOptions s_compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The fields that client-side apply set and that still have the values it gave them; empty without a readable annotation of this version.</summary>
    public static FieldSet Fields(JsonObject live, string apiVersion, ListTypes types)
    {
        if (Text(Annotations(live)?[Annotation]) is not { } text || StrictJson.Read(Encoding.UTF8.GetBytes(text)).Node is not JsonObject last || Text(last["apiVersion"]) != apiVersion)
        {
            return new FieldSet();
        }
        var difference = FieldComparison.Of(last, live, types);
        var fields = OwnedFields.Of(last, types, out var problem);
        return problem.Length > 0 ? new FieldSet() : fields.Except(difference.Changed).Except(difference.Removed);
    }

    /// <summary>Brings the annotation of <paramref name="result"/> up to date, if it has one; drops it if the annotations would become too large.</summary>
    public static void Refresh(JsonObject result, JsonObject applied)
    {
        if (Annotations(result) is not { } annotations || Text(annotations[Annotation]) is not { Length: > 0 })
        {
            return;
        }
        var copy = applied.DeepClone().AsObject();
        Annotations(copy)?.Remove(Annotation);
        var text = Sorted(copy)!.ToJsonString(s_compact) + "\n";
        annotations[Annotation] = text;
        if (annotations.Sum(entry => entry.Key.Length + Encoding.UTF8.GetByteCount(Text(entry.Value) ?? "")) > MostAnnotationBytes)
        {
            annotations.Remove(Annotation);
        }
    }

    /// <summary>As Go writes a map: members by name.</summary>
    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject map => new JsonObject(map.OrderBy(member => member.Key, StringComparer.Ordinal).Select(member => KeyValuePair.Create(member.Key, Sorted(member.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Sorted)]),
        _ => node?.DeepClone(),
    };

    private static JsonObject? Annotations(JsonObject obj) => (obj["metadata"] as JsonObject)?["annotations"] as JsonObject;

    private static string? Text(JsonNode? node) => node?.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : null;
}
