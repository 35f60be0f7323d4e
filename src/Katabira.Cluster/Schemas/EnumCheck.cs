using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Katabira.Cluster.Cel;

namespace Katabira.Cluster.Schemas;

/// <summary>Values that are listed one by one.</summary>
internal static class EnumCheck
{
    public static bool Allows(ImmutableArray<JsonNode?> values, JsonNode value)
    {
        var isText = JsonScalar.TryGetString(value, out var text);
        var isNumber = JsonScalar.TryGetNumber(value, out var number);
        foreach (var allowed in values)
        {
            var same = isText ? JsonScalar.TryGetString(allowed, out var word) && word == text
                : isNumber ? JsonScalar.TryGetNumber(allowed, out var wanted) && wanted.Double.Equals(number.Double)
                : JsonNode.DeepEquals(value, allowed);
            if (same)
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>The values as the message lists them.</summary>
    public static IEnumerable<string> Texts(ImmutableArray<JsonNode?> values) => values.Select(v => JsonScalar.TryGetString(v, out var text) ? text : v?.ToJsonString() ?? "null");
}
