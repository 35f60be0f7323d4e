using System.Text.Json;

namespace Katabira.Cluster.Tables.Kinds;

/// <summary>Reads <c>status.conditions</c>.</summary>
internal static class Conditions
{
    /// <summary>The condition of that type, or nothing.</summary>
    public static JsonElement Find(JsonElement status, string type) => status.Items("conditions").FirstOrDefault(c => c.Text("type") == type);

    public static bool IsTrue(JsonElement status, string type) => Find(status, type).Is("status", "True"u8);
}
