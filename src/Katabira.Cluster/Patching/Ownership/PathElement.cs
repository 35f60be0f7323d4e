using System.Collections.Immutable;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Katabira.Cluster.Patching.Ownership;

/// <summary>The four ways to name a part of a value; in the order in which Kubernetes writes them.</summary>
internal enum PathElementKind
{
    /// <summary><c>f:</c> a member of an object.</summary>
    Field,

    /// <summary><c>k:</c> the item of a list whose key members have these values.</summary>
    Key,

    /// <summary><c>v:</c> the item of a set that is this scalar.</summary>
    Value,

    /// <summary><c>i:</c> the item at a position. Read for completeness; lists that would need it are owned whole.</summary>
    Index,
}

/// <summary>One step of the path to a field, as in <c>managedFields</c>. Immutable; equal if kind and text are.</summary>
/// <remarks>
/// <see cref="Text"/> is canonical: the name of a field, the position, or JSON without spaces with sorted members and numbers in Go's form. So the text is all that
/// comparing for equality needs.
/// </remarks>
internal sealed class PathElement : IEquatable<PathElement>, IComparable<PathElement>
{
    private static readonly JsonSerializerOptions s_compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly ImmutableArray<(string Name, Scalar Value)> _keys;

    private PathElement(PathElementKind kind, string text, ImmutableArray<(string Name, Scalar Value)> keys) => (Kind, Text, _keys) = (kind, text, keys);

    /// <summary>How the part is named.</summary>
    public PathElementKind Kind { get; }

    /// <summary>The name itself, canonical.</summary>
    public string Text { get; }

    /// <summary>The member of this name.</summary>
    public static PathElement Field(string name) => new(PathElementKind.Field, name, []);

    /// <summary>The item of a set.</summary>
    public static PathElement Item(JsonValue value) => OfScalar(new Scalar(value));

    /// <summary>The item whose members have these values.</summary>
    public static PathElement Item(IEnumerable<(string Name, JsonValue? Value)> keys)
    {
        var sorted = keys.Select(key => (key.Name, Value: new Scalar(key.Value))).OrderBy(key => key.Name, StringComparer.Ordinal).ToImmutableArray();
        return new PathElement(PathElementKind.Key, $"{{{string.Join(',', sorted.Select(key => $"{Quoted(key.Name)}:{key.Value.Json}"))}}}", sorted);
    }

    /// <summary>Reads one member name of <c>fieldsV1</c>; null for what is no path element, or one of a kind that is not known.</summary>
    public static PathElement? Parse(string text)
    {
        if (text.Length < 2 || text[1] != ':')
        {
            return null;
        }
        var rest = text[2..];
        switch (text[0])
        {
            case 'f':
                return Field(rest);
            case 'i':
                return int.TryParse(rest, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _) ? new PathElement(PathElementKind.Index, rest, []) : null;
            case 'v' or 'k':
                var json = StrictJson.Read(System.Text.Encoding.UTF8.GetBytes(rest));
                return text[0] == 'v'
                    ? json.Failure is null && json.Node is null or JsonValue ? OfScalar(new Scalar(json.Node as JsonValue)) : null
                    : json.Node is JsonObject map && map.All(key => key.Value is null or JsonValue) ? Item(map.Select(key => (key.Key, key.Value as JsonValue))) : null;
            default:
                return null;
        }
    }

    /// <summary>As a member name of <c>fieldsV1</c>.</summary>
    public string Serialize() => $"{"fkvi"[(int)Kind]}:{Text}";

    /// <summary>As a step of a path in a message: <c>.name</c>, <c>[name="web"]</c>, <c>[="x"]</c>, <c>[0]</c>.</summary>
    public override string ToString() => Kind switch
    {
        PathElementKind.Field => "." + Text,
        PathElementKind.Key => $"[{string.Join(',', _keys.Select(key => $"{key.Name}={key.Value.Shown}"))}]",
        PathElementKind.Value => $"[={_keys[0].Value.Shown}]",
        _ => $"[{Text}]",
    };

    public bool Equals(PathElement? other) => other is not null && Kind == other.Kind && Text == other.Text;

    public override bool Equals(object? obj) => Equals(obj as PathElement);

    public override int GetHashCode() => HashCode.Combine(Kind, Text);

    /// <summary>The order in which the elements of a set are written: fields by name, then keys, values and positions; numbers by size.</summary>
    public int CompareTo(PathElement? other)
    {
        if (other is null || Kind != other.Kind)
        {
            return other is null ? 1 : Kind.CompareTo(other.Kind);
        }
        if (Kind is PathElementKind.Field)
        {
            return string.CompareOrdinal(Text, other.Text);
        }
        if (Kind is PathElementKind.Index)
        {
            return int.Parse(Text, CultureInfo.InvariantCulture).CompareTo(int.Parse(other.Text, CultureInfo.InvariantCulture));
        }
        for (var i = 0; i < Math.Min(_keys.Length, other._keys.Length); i++)
        {
            var order = string.CompareOrdinal(_keys[i].Name, other._keys[i].Name);
            order = order != 0 ? order : _keys[i].Value.CompareTo(other._keys[i].Value);
            if (order != 0)
            {
                return order;
            }
        }
        return _keys.Length.CompareTo(other._keys.Length);
    }

    private static PathElement OfScalar(Scalar value) => new(PathElementKind.Value, value.Json, [("", value)]);

    private static string Quoted(string text) => JsonValue.Create(text).ToJsonString(s_compact);

    /// <summary>A scalar with Go's order: numbers, then texts, then truth values, then null.</summary>
    private readonly record struct Scalar : IComparable<Scalar>
    {
        private readonly double _number;
        private readonly string? _text;
        private readonly int _rank;

        public Scalar(JsonValue? value)
        {
            switch (value?.GetValueKind() ?? JsonValueKind.Null)
            {
                case JsonValueKind.Number:
                    var text = value!.ToJsonString();
                    _number = double.Parse(text, CultureInfo.InvariantCulture);
                    Json = long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole)
                        ? whole.ToString(CultureInfo.InvariantCulture)
                        : double.IsFinite(_number) ? GoText.Number(_number) : text;
                    Shown = Json;
                    break;
                case JsonValueKind.String:
                    _rank = 1;
                    _text = value!.GetValue<string>();
                    Json = Quoted(_text);
                    Shown = GoText.Quoted(_text);
                    break;
                case JsonValueKind.True or JsonValueKind.False:
                    _rank = 2;
                    _number = value!.GetValue<bool>() ? 1 : 0;
                    Json = Shown = _number == 1 ? "true" : "false";
                    break;
                default:
                    _rank = 3;
                    Json = Shown = "null";
                    break;
            }
        }

        /// <summary>As canonical JSON.</summary>
        public string Json { get; }

        /// <summary>As in a message.</summary>
        public string Shown { get; }

        public int CompareTo(Scalar other) =>
            _rank != other._rank ? _rank.CompareTo(other._rank)
            : _text is not null ? string.CompareOrdinal(_text, other._text)
            : _number.CompareTo(other._number);
    }
}
