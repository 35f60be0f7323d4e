namespace Katabira.Cluster.Api;

/// <summary>Values of query parameters, read as Kubernetes reads them.</summary>
internal static class QueryText
{
    /// <summary>Absent, <c>0</c> and any spelling of false are false; everything else, even nothing after the name, is true.</summary>
    public static bool IsTrue(string? value) =>
        value is not null && value != "0" && !string.Equals(value, "false", StringComparison.OrdinalIgnoreCase);
}
