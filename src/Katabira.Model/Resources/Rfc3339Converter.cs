using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Katabira.Model.Resources;

/// <summary>Kubernetes' <c>metav1.Time</c>: RFC 3339 in UTC with whole seconds, as the API server prints it.</summary>
internal sealed class Rfc3339Converter : JsonConverter<DateTimeOffset?>
{
    private const string Format = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    public override DateTimeOffset? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Null ? null : reader.GetDateTimeOffset();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset? value, JsonSerializerOptions options)
    {
        if (value is { } time)
        {
            writer.WriteStringValue(time.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture));
        }
        else
        {
            writer.WriteNullValue();
        }
    }
}
