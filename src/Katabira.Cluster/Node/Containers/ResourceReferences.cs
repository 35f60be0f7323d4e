using System.Globalization;
using System.Text.Json.Nodes;
using Katabira.Cluster.Resources;
using Katabira.Cluster.Resources.Kinds;

namespace Katabira.Cluster.Node.Containers;

/// <summary>What a container is told about its resources: <c>resourceFieldRef</c>, in whole multiples of a divisor, rounded up. Pure.</summary>
internal static class ResourceReferences
{
    private const double Milli = 1000;

    /// <param name="reference">With <c>resource</c> such as <c>limits.cpu</c>, and perhaps <c>divisor</c> and <c>containerName</c>.</param>
    /// <param name="self">The container that is meant where the reference names none; null in a volume.</param>
    public static (string? Value, string Error) Resolve(JsonObject reference, JsonObject pod, JsonObject? self, NodeCapacity capacity)
    {
        if (reference.Text("containerName") is { Length: > 0 } name)
        {
            var spec = pod.Child("spec");
            self = spec.Items("containers").Concat(spec.Items("initContainers")).FirstOrDefault(c => c.Text("name") == name);
            if (self is null)
            {
                return (null, $"container {name} not found");
            }
        }
        var resource = reference.Text("resource");
        if (resource.Split('.', 2) is not [("limits" or "requests") and var side, ("cpu" or "memory" or "ephemeral-storage") and var kind] || self is null)
        {
            return (null, $"unsupported container resource : {resource}");
        }
        var divisor = Quantity.TryParse(reference["divisor"], out var given) && given > 0 ? given : 1;
        var amount = Amount(self, side, kind, capacity);
        return (Shown(amount, divisor, kind == "cpu"), "");
    }

    /// <summary>A limit that is not set is the machine's; a request that is not set is nothing.</summary>
    private static double Amount(JsonObject container, string side, string kind, NodeCapacity capacity)
    {
        if (Quantity.TryParse(container.Child("resources").Child(side)?[kind], out var amount) && (amount > 0 || side == "requests"))
        {
            return amount;
        }
        return side == "requests" ? 0 : kind switch
        {
            "cpu" => capacity.Cpus,
            "memory" => capacity.MemoryBytes,
            _ => capacity.StorageBytes,
        };
    }

    private static string Shown(double amount, double divisor, bool cpu)
    {
        // thousandths of a cpu are counted whole on both sides, bytes too
        var (up, by) = cpu ? (Whole(amount * Milli), Whole(divisor * Milli)) : (Whole(amount), Whole(divisor));
        return Math.Ceiling(up / by).ToString("F0", CultureInfo.InvariantCulture);
    }

    private static double Whole(double value) => Math.Max(Math.Ceiling(Math.Round(value, 6)), 0) is var whole && whole < 1 && value > 0 ? 1 : whole;
}
