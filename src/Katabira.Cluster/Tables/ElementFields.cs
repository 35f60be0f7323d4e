using System.Text.Json;
using Katabira.Cluster.Resources;

namespace Katabira.Cluster.Tables;

/// <summary>
/// Reads fields of parsed JSON without building nodes, which would cost a table several times the parsing. As in
/// <see cref="JsonFields"/>, an absent field and one of another type read as nothing, and so does every field of nothing
/// (<c>default</c>).
/// </summary>
internal static class ElementFields
{
    /// <summary>A field that is an object; default if there is none.</summary>
    public static JsonElement Child(this JsonElement owner, string name) => Field(owner, name) is { ValueKind: JsonValueKind.Object } child ? child : default;

    /// <summary>Number of items of a list, or of members of a map; 0 if there is none.</summary>
    public static int Length(this JsonElement owner, string name) => Field(owner, name) switch
    {
        { ValueKind: JsonValueKind.Array } list => list.GetArrayLength(),
        { ValueKind: JsonValueKind.Object } map => map.GetPropertyCount(),
        _ => 0,
    };

    /// <summary>The objects of a list, in order; what is not an object is skipped.</summary>
    public static IEnumerable<JsonElement> Items(this JsonElement owner, string name) =>
        Field(owner, name) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray().Where(i => i.ValueKind == JsonValueKind.Object) : [];

    /// <summary>The strings of a list, in order; what is not a string is skipped.</summary>
    public static IEnumerable<string> Texts(this JsonElement owner, string name) =>
        Field(owner, name) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray().Select(AsText).OfType<string>() : [];

    /// <summary>The members of a map of strings, in order; what is not a string is skipped.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Pairs(this JsonElement owner, string name)
    {
        if (Field(owner, name) is { ValueKind: JsonValueKind.Object } map)
        {
            foreach (var member in map.EnumerateObject())
            {
                if (AsText(member.Value) is { } text)
                {
                    yield return new(member.Name, text);
                }
            }
        }
    }

    /// <summary>A string field; empty if there is none.</summary>
    public static string Text(this JsonElement owner, string name) => AsText(Field(owner, name)) ?? "";

    /// <summary>The same, with another text for absent and empty.</summary>
    public static string Text(this JsonElement owner, string name, string otherwise) => AsText(Field(owner, name)) is { Length: > 0 } text ? text : otherwise;

    /// <summary>True if the field is exactly that string. Makes no string of it.</summary>
    public static bool Is(this JsonElement owner, string name, ReadOnlySpan<byte> text) =>
        Field(owner, name) is { ValueKind: JsonValueKind.String } value && value.ValueEquals(text);

    /// <summary>An integer field, or null; a number with a fraction is none.</summary>
    public static long? Integer(this JsonElement owner, string name) =>
        Field(owner, name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt64(out var number) ? number : null;

    /// <summary>An integer field; 0 if there is none.</summary>
    public static long Count(this JsonElement owner, string name) => Integer(owner, name) ?? 0;

    /// <summary>A boolean field; false if there is none.</summary>
    public static bool Flag(this JsonElement owner, string name) => Field(owner, name).ValueKind == JsonValueKind.True;

    /// <summary>A time in RFC 3339, or null.</summary>
    public static DateTimeOffset? Time(this JsonElement owner, string name) => AsText(Field(owner, name)) is { } text ? JsonFields.ParseTime(text) : null;

    /// <summary>True if the field stands there with any value but null.</summary>
    public static bool Has(this JsonElement owner, string name) => Field(owner, name).IsSomething();

    /// <summary>True if a reader above found something.</summary>
    public static bool IsSomething(this JsonElement found) => found.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null);

    private static JsonElement Field(JsonElement owner, string name) =>
        owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out var value) ? value : default;

    private static string? AsText(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
