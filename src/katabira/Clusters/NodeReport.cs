using System.Text.Json;

namespace Katabira.Cli.Clusters;

/// <summary>The cluster's node, as the API tells.</summary>
/// <param name="Name">What kubectl calls it.</param>
/// <param name="Ready">Whether pods can run on it.</param>
internal sealed record NodeReport(string Name, bool Ready)
{
    /// <summary>The first of a NodeList; null if there is none.</summary>
    public static NodeReport? Of(JsonElement? list) =>
        Conditions.Items(list).Select(node => (NodeReport?)new NodeReport(Conditions.NameOf(node), Conditions.AreReady(node))).FirstOrDefault();
}

/// <summary>The cluster's pods, as the API tells.</summary>
/// <param name="Total">Those that have not run to their end.</param>
/// <param name="Ready">Those of them that are ready to serve.</param>
internal sealed record PodsReport(int Total, int Ready)
{
    /// <summary>Those of a PodList; null if it is none.</summary>
    public static PodsReport? Of(JsonElement? list)
    {
        if (list is null)
        {
            return null;
        }
        var pods = Conditions.Items(list).Where(pod => Conditions.Text(pod, "status", "phase") is not ("Succeeded" or "Failed")).ToList();
        return new(pods.Count, pods.Count(Conditions.AreReady));
    }
}

/// <summary>The few fields that both have. What is missing, or of another type, is as good as empty.</summary>
internal static class Conditions
{
    public static IEnumerable<JsonElement> Items(JsonElement? list) => Member(list, "items") is { ValueKind: JsonValueKind.Array } items ? items.EnumerateArray() : [];

    public static string NameOf(JsonElement item) => Text(item, "metadata", "name");

    public static bool AreReady(JsonElement item) =>
        Member(Member(item, "status"), "conditions") is { ValueKind: JsonValueKind.Array } conditions
        && conditions.EnumerateArray().Any(c => Text(c, "type") == "Ready" && Text(c, "status") == "True");

    public static string Text(JsonElement item, params ReadOnlySpan<string> path)
    {
        JsonElement? found = item;
        foreach (var name in path)
        {
            found = Member(found, name);
        }
        return found is { ValueKind: JsonValueKind.String } text ? text.GetString()! : "";
    }

    private static JsonElement? Member(JsonElement? item, string name) =>
        item is { ValueKind: JsonValueKind.Object } present && present.TryGetProperty(name, out var member) ? member : null;
}
