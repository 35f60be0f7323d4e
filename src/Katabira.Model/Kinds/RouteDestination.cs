using Katabira.Model.Resources;
using Katabira.Model.Schema;
using Katabira.Model.Validation;

namespace Katabira.Model.Kinds;

/// <summary>One of the places a route leads to, and its share.</summary>
public record RouteDestination : Extensible
{
    /// <summary>The place.</summary>
    [Field(Required = true)]
    public Destination? Destination { get; init; }

    /// <summary>Its share, relative to the sum of the route's weights. A single destination takes all, whatever its weight.</summary>
    public int? Weight { get; init; }

    /// <summary>Checks the destinations of one route and what their weights add up to.</summary>
    internal static void CheckAll(IReadOnlyList<RouteDestination>? destinations, string path, Findings findings)
    {
        if (destinations is null)
        {
            return;
        }
        var total = 0L;
        for (var i = 0; i < destinations.Count; i++)
        {
            destinations[i].Destination?.Check($"{path}[{i}].destination", findings);
            findings.CheckNotNegative($"{path}[{i}].weight", destinations[i].Weight);
            total += Math.Max(destinations[i].Weight ?? 0, 0);
        }
        if (destinations.Count > 1 && total == 0)
        {
            findings.Broken(path, "total destination weight = 0");
        }
        if (total > uint.MaxValue)
        {
            findings.Broken(path, $"total destination weight must not exceed {uint.MaxValue}");
        }
    }
}

/// <summary>One of the places an HTTP route leads to, and its share.</summary>
public sealed record HttpRouteDestination : RouteDestination
{
    /// <summary>Changes to headers of what goes to this destination, after the route's own.</summary>
    public Headers? Headers { get; init; }
}
