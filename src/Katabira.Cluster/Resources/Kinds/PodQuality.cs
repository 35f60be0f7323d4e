using System.Text.Json.Nodes;

namespace Katabira.Cluster.Resources.Kinds;

/// <summary>A pod's quality-of-service class, which follows from its requests and limits.</summary>
internal static class PodQuality
{
    private static readonly string[] s_counted = ["cpu", "memory"];

    public static string Of(JsonObject? spec)
    {
        var containers = spec.Items("containers").Concat(spec.Items("initContainers")).Select(c => c.Child("resources")).ToArray();
        if (!containers.Any(c => s_counted.Any(r => IsSet(c, "requests", r) || IsSet(c, "limits", r))))
        {
            return "BestEffort";
        }
        return containers.All(c => s_counted.All(r => IsSet(c, "limits", r) && (!c.Child("requests").Has(r) || IsEqual(c, r)))) ? "Guaranteed" : "Burstable";
    }

    private static bool IsSet(JsonObject? resources, string side, string resource) =>
        Quantity.TryParse(resources.Child(side)?[resource], out var amount) && amount > 0;

    private static bool IsEqual(JsonObject? resources, string resource) =>
        Quantity.TryParse(resources.Child("requests")?[resource], out var request)
        && Quantity.TryParse(resources.Child("limits")?[resource], out var limit)
        && request == limit;
}
