using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Katabira.Cluster.Cel.Go;

namespace Katabira.Cluster.Cel;

/// <summary>JSON as values: scalars are converted, objects and arrays become views that convert what is asked for.</summary>
/// <remarks>A value that is not what its schema says becomes an error value, never an exception: the schema's own check speaks first.</remarks>
internal static class CelJson
{
    public static CelValue Read(JsonNode? node, CelType type)
    {
        if (node is null)
        {
            return type.Nullable ? CelValue.Null : CelValue.Error("invalid data, got null for schema with nullable=false");
        }
        return type.Kind switch
        {
            CelKind.Object => node is JsonObject fields ? CelValue.Of(new Fields(fields, type)) : Unexpected("a map for the provided schema with type=object"),
            CelKind.Map => node is JsonObject map ? CelValue.Of(new Entries(map, type.Element!)) : Unexpected("a map for the provided schema with type=object"),
            CelKind.List => node is JsonArray array ? CelValue.Of(new Items(array, type)) : Unexpected("an array for the provided schema with type=array"),
            CelKind.Int => JsonScalar.TryGetNumber(node, out var n) && n.IsWhole ? CelValue.Of(n.IsInteger ? n.Integer : (long)n.Double) : Unexpected("int"),
            CelKind.Double => JsonScalar.TryGetNumber(node, out var d) ? CelValue.Of(d.Double) : Unexpected("float"),
            CelKind.Bool => node.GetValueKind() switch
            {
                JsonValueKind.True => CelValue.True,
                JsonValueKind.False => CelValue.False,
                _ => Unexpected("bool"),
            },
            CelKind.Dyn => JsonScalar.TryGetNumber(node, out var either) && either.IsInteger ? CelValue.Of(either.Integer)
                : JsonScalar.TryGetString(node, out var word) ? CelValue.Of(word)
                : Unexpected("XIntOrString value to be either a string or integer"),
            _ => JsonScalar.TryGetString(node, out var text) ? ReadText(text, type.Kind) : Unexpected("string"),
        };
    }

    /// <summary>One field of an object whose type is known, by its JSON name. Absent and null are both no value.</summary>
    public static bool TryField(CelValue target, in CelField field, out CelValue value)
    {
        value = default;
        return target is { Kind: CelKind.Map } && target.AsMap is Fields fields && fields.TryRead(field, out value);
    }

    private static CelValue ReadText(string text, CelKind kind)
    {
        switch (kind)
        {
            case CelKind.Duration:
                return GoDuration.TryParseFormat(text, out var nanoseconds) ? CelValue.Duration(nanoseconds) : CelValue.Error($"Invalid duration {text}");
            case CelKind.Timestamp:
                return CelTime.TryParse(text, out var ticks) || CelTime.TryParseDate(text, out ticks)
                    ? CelValue.Timestamp(ticks)
                    : CelValue.Error($"Invalid date-time formatted string {text}");
            case CelKind.Bytes:
                return TryBase64(text, out var bytes) ? CelValue.Of(bytes) : CelValue.Error($"Invalid byte formatted string {text}");
            default:
                return CelValue.Of(text);
        }
    }

    private static bool TryBase64(string text, out byte[] bytes)
    {
        bytes = new byte[((text.Length + 3) / 4) * 3];
        if (!Convert.TryFromBase64String(text.Replace('-', '+').Replace('_', '/'), bytes, out var length))
        {
            return false;
        }
        Array.Resize(ref bytes, length);
        return true;
    }

    /// <summary>Charges for every node before it is compared.</summary>
    private static bool TryWeigh(JsonNode? node, CelMeter meter, int depth) => depth < 200 && node switch
    {
        JsonObject fields => meter.Spend() && fields.All(field => meter.SpendText(field.Key.Length) && TryWeigh(field.Value, meter, depth + 1)),
        JsonArray array => meter.Spend() && array.All(item => TryWeigh(item, meter, depth + 1)),
        JsonValue value when JsonScalar.TryGetString(value, out var text) => meter.SpendText(text.Length),
        _ => meter.Spend(),
    };

    private static CelValue Unexpected(string expected) => CelValue.Error(string.Create(CultureInfo.InvariantCulture, $"invalid data, expected {expected}"));

    private sealed class Items(JsonArray array, CelType type) : CelList
    {
        public override int Count => array.Count;

        public override CelListOrder Order => type.Order;

        public override ImmutableArray<string> MapKeys => type.MapKeys;

        public override CelValue this[int index] => Read(array[index], type.Element!);
    }

    private sealed class Entries(JsonObject map, CelType element) : CelMap
    {
        public override int Count => map.Count;

        public override IEnumerable<CelValue> Keys => map.Select(entry => CelValue.Of(entry.Key));

        public override bool TryGet(CelValue key, out CelValue value)
        {
            value = default;
            if (key.Kind != CelKind.String || !map.TryGetPropertyValue(key.AsString, out var node))
            {
                return false;
            }
            value = Read(node, element);
            return true;
        }
    }

    private sealed class Fields(JsonObject fields, CelType type) : CelMap
    {
        public override int Count => fields.Count;

        public override IEnumerable<CelValue> Keys =>
            fields.Select(entry => CelName.TryEscape(entry.Key, out var name) ? name : null).Where(name => name is not null && type.Fields.ContainsKey(name))
                .Select(name => CelValue.Of(name!));

        public override bool TryGet(CelValue key, out CelValue value)
        {
            value = default;
            return key.Kind == CelKind.String && type.Fields.TryGetValue(key.AsString, out var field) && TryRead(field, out value);
        }

        /// <summary>Fields that a schema keeps without knowing them still make two objects differ: "immutable" means all of it.</summary>
        public override bool SameUnseen(CelMap other, CelMeter meter)
        {
            if (other is not Fields that)
            {
                return true;
            }
            foreach (var (name, node) in fields)
            {
                var seen = CelName.TryEscape(name, out var escaped) && type.Fields.ContainsKey(escaped);
                if (!seen && (!TryWeigh(node, meter, 0) || !that.TryNode(name, out var twin) || !JsonNode.DeepEquals(node, twin)))
                {
                    return false;
                }
            }
            return true;
        }

        public bool TryRead(in CelField field, out CelValue value)
        {
            value = default;
            if (!fields.TryGetPropertyValue(field.Name, out var node) || node is null)
            {
                return false;
            }
            value = Read(node, field.Type);
            return true;
        }

        private bool TryNode(string name, out JsonNode? node) => fields.TryGetPropertyValue(name, out node);
    }
}
