using System.Collections.Immutable;
using System.Text.Json;

namespace Katabira.Cluster.Discovery;

/// <summary>Arrays of strings, which every discovery document is full of.</summary>
internal static class JsonArrays
{
    public static void WriteStrings(this Utf8JsonWriter json, ReadOnlySpan<byte> name, ImmutableArray<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteStringValue(value);
        }
        json.WriteEndArray();
    }

    /// <summary>The same; nothing at all if there are no values.</summary>
    public static void WriteStringsIfAny(this Utf8JsonWriter json, ReadOnlySpan<byte> name, ImmutableArray<string> values)
    {
        if (values.Length > 0)
        {
            json.WriteStrings(name, values);
        }
    }
}
