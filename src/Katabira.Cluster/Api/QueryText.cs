using Microsoft.AspNetCore.Http;

namespace Katabira.Cluster.Api;

/// <summary>Values of query parameters, read as Kubernetes reads them.</summary>
internal static class QueryText
{
    /// <summary>The value of a parameter; null if it is not there, the first if it is there twice. Whoever judges a request reads it as whoever answers it.</summary>
    public static string? First(IQueryCollection query, string name) => query.TryGetValue(name, out var values) && values.Count > 0 ? values[0] : null;

    /// <summary>Absent, <c>0</c> and any spelling of false are false; everything else, even nothing after the name, is true.</summary>
    public static bool IsTrue(string? value) =>
        value is not null && value != "0" && !string.Equals(value, "false", StringComparison.OrdinalIgnoreCase);
}
