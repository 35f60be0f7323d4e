using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Katabira.Cli.Output;

/// <summary>Writes what a verb found: one value, in the format that was asked for.</summary>
internal static class Result
{
    public static void Write<T>(TextWriter to, OutputFormat format, T value, JsonTypeInfo<T> json, Func<T, Table> table)
    {
        switch (format)
        {
            case OutputFormat.Json:
                to.WriteLine(JsonSerializer.Serialize(value, json));
                break;
            case OutputFormat.Yaml:
                YamlText.Write(to, JsonSerializer.SerializeToElement(value, json));
                break;
            default:
                table(value).Write(to);
                break;
        }
    }
}
