using System.Globalization;
using System.Text.Json.Nodes;
using Katabira.Cluster.Resources;

namespace Katabira.Cluster.Controllers.Workloads;

/// <summary>A number of pods, or a share of them (<c>25%</c>). Pure.</summary>
internal static class IntOrPercent
{
    /// <summary>The number; zero for what is neither.</summary>
    /// <param name="of">What a share is of.</param>
    public static long Of(JsonNode? value, long of, bool roundUp)
    {
        if (value.AsInteger() is { } number)
        {
            return number;
        }
        if (value.AsText() is not { } text || !text.EndsWith('%') || !long.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var percent))
        {
            return 0;
        }
        return roundUp ? ((percent * of) + 99) / 100 : percent * of / 100;
    }
}
