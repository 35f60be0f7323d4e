using System.Text.Json;
using System.Text.Json.Nodes;
using Katabira.Cluster.Patching;
using Katabira.Cluster.Resources;

namespace Katabira.Cluster.Selectors;

/// <summary>What the objects of one kind can be selected by in a field selector, and where the values are. Immutable.</summary>
internal sealed class SelectableFields
{
    private readonly Dictionary<string, SelectableField> _fields;
    private readonly bool _hasOwnList;

    private SelectableFields(IEnumerable<SelectableField> fields, bool hasOwnList)
    {
        _hasOwnList = hasOwnList;
        _fields = fields.Append(SelectableField.At("metadata.name")).Append(SelectableField.At("metadata.namespace")).ToDictionary(field => field.Name, StringComparer.Ordinal);
    }

    /// <summary>The fields of a version: those that it declares, name and namespace.</summary>
    /// <param name="isCustom">The refusal of another field is worded as for a custom resource.</param>
    public static SelectableFields Of(ServedVersion version, bool isCustom) => new(version.SelectableFields, isCustom || !version.SelectableFields.IsEmpty);

    /// <summary>True if objects can be selected by this field.</summary>
    public bool Supports(string field) => _fields.ContainsKey(field);

    /// <summary>The message for a field that they cannot be selected by.</summary>
    public string Refusal(string field) => _hasOwnList
        ? $"field label not supported: {GoText.Shown(field)}"
        : $"{GoText.Quoted(GoText.Shown(field))} is not a known field selector: only \"metadata.name\", \"metadata.namespace\"";

    /// <summary>The text of a supported field: empty, or the field's default, if the object does not have it.</summary>
    public string ValueOf(JsonObject obj, string field)
    {
        var wanted = _fields[field];
        return Text(obj, wanted.Path) ?? (wanted.Otherwise is { } other ? Text(obj, other) : null) ?? wanted.Default;
    }

    private static string? Text(JsonObject obj, string path)
    {
        JsonNode? node = obj;
        foreach (var name in path.Split('.'))
        {
            node = (node as JsonObject)?[name];
        }
        return node switch
        {
            JsonValue value when value.GetValueKind() == JsonValueKind.String => value.GetValue<string>(),
            JsonValue value => value.ToJsonString(),
            _ => null,
        };
    }
}
