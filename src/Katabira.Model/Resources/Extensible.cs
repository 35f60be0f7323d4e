using System.Text.Json;
using System.Text.Json.Serialization;

namespace Katabira.Model.Resources;

/// <summary>Part of an object that other people may extend: what we do not know of it survives a round trip through us.</summary>
public abstract record Extensible
{
    /// <summary>Fields that the type does not know, written back unchanged. Null if there are none.</summary>
    [JsonExtensionData, JsonInclude]
    public IDictionary<string, JsonElement>? Unknown { get; internal set; }
}
