using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Katabira.Cluster.Protobuf;

namespace Katabira.Cluster.Resources;

/// <summary>
/// Compares a built-in object with the fields of its kind and makes it what decoding into Go structures would have made of it: unknown
/// fields and nulls go. The texts are those of Go's decoder, because that is what people search for. One use per object.
/// </summary>
internal sealed partial class FieldCheck
{
    /// <summary>More unknown fields than this are dropped, but no longer named.</summary>
    private const int MostNamed = 100;

    private readonly ImmutableArray<string>.Builder _unknown = ImmutableArray.CreateBuilder<string>();
    private readonly List<(string Name, int Index)> _path = [];
    private string _typeError = "";

    private FieldCheck()
    {
    }

    /// <summary>Checks and changes <paramref name="item"/>; nothing is left in it that its kind does not have.</summary>
    public static FieldFindings Run(JsonObject item, MessageType kind)
    {
        var check = new FieldCheck();
        check.Object(item, kind);
        return new(check._unknown.DrainToImmutable(), check._typeError);
    }

    /// <summary>The same for nothing but <c>metadata</c>, which custom resources share with the built-in ones.</summary>
    public static FieldFindings RunMetadata(JsonObject item)
    {
        var check = new FieldCheck();
        if (item.Child("metadata") is { } metadata)
        {
            check._path.Add(("metadata", -1));
            check.Object(metadata, FieldTable.ObjectMeta);
        }
        return new(check._unknown.DrainToImmutable(), check._typeError);
    }

    [GeneratedRegex("^[+-]?[0-9.]+([eEinumkKMGTP]*[-+]?[0-9]*)$", RegexOptions.CultureInvariant)]
    private static partial Regex QuantityForm { get; }

    /// <summary>
    /// Backwards, so that fields can be removed on the way. A kind has few fields, hence few stay behind a removed one and the
    /// removal is cheap, however many unknown fields a hostile object has.
    /// </summary>
    private void Object(JsonObject owner, MessageType type)
    {
        for (var i = owner.Count - 1; i >= 0; i--)
        {
            var (name, value) = owner.GetAt(i);
            _path.Add((name, -1));
            if (type.IsKind && (name is "apiVersion" or "kind"))
            {
                Scalar(value, ScalarKind.String, type);
            }
            else if (type.ByJsonName(name) is not { } field)
            {
                Unknown();
                owner.RemoveAt(i);
            }
            else if (value is null)
            {
                owner.RemoveAt(i);
            }
            else
            {
                Field(value, field, type);
            }
            _path.RemoveAt(_path.Count - 1);
        }
    }

    private void Field(JsonNode value, MessageField field, MessageType owner)
    {
        switch (field.Shape, value)
        {
            case (FieldShape.One, _):
                One(value, field, owner);
                break;
            case (FieldShape.List, JsonArray list):
                for (var i = list.Count - 1; i >= 0; i--)
                {
                    _path.Add(("", i));
                    One(list[i], field, owner);
                    _path.RemoveAt(_path.Count - 1);
                }
                break;
            case (FieldShape.Map, JsonObject map):
                Map(map, field, owner);
                break;
            default:
                Mismatch(value, (field.Shape == FieldShape.List ? "[]" : "map[string]") + GoType(field), owner);
                break;
        }
    }

    private void Map(JsonObject map, MessageField field, MessageType owner)
    {
        for (var i = map.Count - 1; i >= 0; i--)
        {
            var (key, value) = map.GetAt(i);
            if (value is null && field.Scalar == ScalarKind.String)
            {
                map.SetAt(i, ""); // a null in a map of strings is the empty string
                continue;
            }
            // Go names the field of a map, and the key only where a structure with fields of its own is below it
            var isNamed = field.Message is { Form: SpecialForm.None };
            if (isNamed)
            {
                _path.Add((key, -1));
            }
            One(value, field, owner);
            if (isNamed)
            {
                _path.RemoveAt(_path.Count - 1);
            }
        }
    }

    private void One(JsonNode? value, MessageField field, MessageType owner)
    {
        switch (field.Message)
        {
            case null:
                Scalar(value, field.Scalar, owner);
                break;
            case { Form: SpecialForm.None } message when value is JsonObject nested:
                Object(nested, message);
                break;
            case { Form: SpecialForm.None } when value is not null:
                Mismatch(value, GoType(field), owner);
                break;
            case { Form: var form } when value is not null:
                Special(value, form, field, owner);
                break;
        }
    }

    private void Scalar(JsonNode? value, ScalarKind kind, MessageType owner)
    {
        var found = value?.GetValueKind() ?? JsonValueKind.Null;
        var fits = found == JsonValueKind.Null || kind switch
        {
            ScalarKind.Bool => found is JsonValueKind.True or JsonValueKind.False,
            ScalarKind.Int32 => value.AsInteger() is >= int.MinValue and <= int.MaxValue,
            ScalarKind.Int64 => value.AsInteger() is not null,
            ScalarKind.Double => found == JsonValueKind.Number,
            _ => found == JsonValueKind.String,
        };
        if (!fits)
        {
            Mismatch(value!, kind == ScalarKind.Bytes ? "[]uint8" : kind == ScalarKind.Double ? "float64" : GoName(kind), owner); // not null: null fits
        }
        else if (kind == ScalarKind.Bytes && value.AsText() is { } text && !System.Buffers.Text.Base64.IsValid(text))
        {
            TypeError("illegal base64 data at input byte " + text.AsSpan().IndexOfAnyExcept(s_base64).ToString(CultureInfo.InvariantCulture).Replace("-1", "0"));
        }
    }

    private void Special(JsonNode value, SpecialForm form, MessageField field, MessageType owner)
    {
        var kind = value.GetValueKind();
        switch (form)
        {
            case SpecialForm.Time or SpecialForm.MicroTime when kind != JsonValueKind.String:
            case SpecialForm.IntOrString when kind != JsonValueKind.String && value.AsInteger() is not (>= int.MinValue and <= int.MaxValue):
            case SpecialForm.Strings when value is not JsonArray:
            case SpecialForm.SchemaOrBool when value is not JsonObject && kind is not (JsonValueKind.True or JsonValueKind.False):
            case SpecialForm.SchemaOrArray or SpecialForm.SchemaOrStrings when value is not (JsonObject or JsonArray):
                Mismatch(value, GoType(field), owner);
                break;
            case SpecialForm.Time or SpecialForm.MicroTime when value.AsText() is { Length: > 0 } text && JsonFields.ParseTime(text) is null:
                TypeError($"parsing time \"{text}\" as \"2006-01-02T15:04:05Z07:00\": cannot parse \"{text}\" as \"2006\"");
                break;
            case SpecialForm.Quantity when kind is not (JsonValueKind.String or JsonValueKind.Number) || !QuantityForm.IsMatch(value.AsText() ?? value.ToJsonString()):
                TypeError("quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'");
                break;
            case SpecialForm.SchemaOrBool or SpecialForm.SchemaOrArray or SpecialForm.SchemaOrStrings:
                Schemas(value);
                break;
            case SpecialForm.Quantity when (value.AsText() ?? value.ToJsonString()) is var quantity && QuantityText.Canonical(quantity) is var canonical && (canonical != quantity || kind == JsonValueKind.Number):
                value.ReplaceWith(JsonValue.Create(canonical));
                break;
            default:
                break; // raw JSON, and what was checked above
        }
    }

    /// <summary>A JSON schema, or a list of them among other things.</summary>
    private void Schemas(JsonNode value)
    {
        var schema = FieldTable.Types["apiextensions.v1.JSONSchemaProps"];
        if (value is JsonObject one)
        {
            Object(one, schema);
        }
        else if (value is JsonArray list)
        {
            for (var i = list.Count - 1; i >= 0; i--)
            {
                if (list[i] is JsonObject item)
                {
                    _path.Add(("", i));
                    Object(item, schema);
                    _path.RemoveAt(_path.Count - 1);
                }
            }
        }
    }

    private void Unknown()
    {
        if (_unknown.Count < MostNamed)
        {
            // fields are visited backwards, so that they can be removed: keep them in their own order
            _unknown.Insert(0, $"unknown field \"{Path(withIndexes: true)}\"");
        }
    }

    private void Mismatch(JsonNode value, string goType, MessageType owner)
    {
        var found = value.GetValueKind() switch
        {
            JsonValueKind.String => "string",
            JsonValueKind.Number when goType is "string" or "bool" || goType.Contains('.') || goType.Contains('[') => "number",
            JsonValueKind.Number => $"number {value.ToJsonString()}",
            JsonValueKind.Array => "array",
            JsonValueKind.Object => "object",
            _ => "bool",
        };
        TypeError($"json: cannot unmarshal {found} into Go struct field {owner.ShortName}.{Path(withIndexes: false)} of type {goType}");
    }

    /// <summary>The first one in the order of the text is reported; the walk goes backwards, so that is the last one found.</summary>
    private void TypeError(string text) => _typeError = text;

    private string Path(bool withIndexes)
    {
        var text = new StringBuilder();
        foreach (var (name, index) in _path)
        {
            if (index < 0)
            {
                text.Append(text.Length > 0 ? "." : "").Append(name);
            }
            else if (withIndexes)
            {
                text.Append(CultureInfo.InvariantCulture, $"[{index}]");
            }
        }
        return text.ToString();
    }

    private static string GoType(MessageField field) => field.Message is { } message
        ? $"{message.Name.Split('.')[^2]}.{message.ShortName}"
        : GoName(field.Scalar);

    private static string GoName(ScalarKind kind) => kind switch
    {
        ScalarKind.Bool => "bool",
        ScalarKind.Int32 => "int32",
        ScalarKind.Int64 => "int64",
        ScalarKind.Double => "float64",
        ScalarKind.Bytes => "[]uint8",
        _ => "string",
    };

    private static readonly System.Buffers.SearchValues<char> s_base64 =
        System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=\r\n");
}
