using System.Text.Json;
using System.Text.Json.Nodes;

namespace Katabira.Cluster.Tables;

/// <summary>Writes the cells of rows, each straight into the JSON. Owned by one table; not thread-safe.</summary>
/// <param name="now">The moment that ages count from; one for the whole table.</param>
internal sealed class RowWriter(Utf8JsonWriter json, DateTimeOffset now)
{
    public const string None = "<none>";
    public const string Unset = "<unset>";

    public DateTimeOffset Now => now;

    public void Text(string value) => json.WriteStringValue(value);

    /// <summary>The text, or <c>&lt;none&gt;</c> if it is empty.</summary>
    public void TextOrNone(string value) => json.WriteStringValue(value.Length == 0 ? None : value);

    public void Integer(long value) => json.WriteNumberValue(value);

    /// <summary>A blank.</summary>
    public void Null() => json.WriteNullValue();

    /// <summary>A value as it stands in the object.</summary>
    public void Value(JsonNode value) => value.WriteTo(json);

    /// <summary>The name of an object.</summary>
    public void Name(JsonElement item) => json.WriteStringValue(item.Child("metadata").Text("name"));

    /// <summary>The age of an object.</summary>
    public void Age(JsonElement item) => Since(item.Child("metadata").Time("creationTimestamp"));

    /// <summary>Time since a moment; <c>&lt;unknown&gt;</c> if it is null.</summary>
    public void Since(DateTimeOffset? then) => json.WriteStringValue(HumanDuration.Since(then, now));

    /// <summary>Two cells: names and images of the containers of a pod spec.</summary>
    public void Containers(JsonElement podSpec)
    {
        json.WriteStringValue(string.Join(',', podSpec.Items("containers").Select(c => c.Text("name"))));
        json.WriteStringValue(string.Join(',', podSpec.Items("containers").Select(c => c.Text("image"))));
    }

    /// <summary>A label selector in its text form.</summary>
    public void Selector(JsonElement selector) => json.WriteStringValue(SelectorText.Of(selector));
}
