using System.Globalization;

namespace Katabira.Cluster.Resources;

/// <summary>Times as Kubernetes writes them into objects: UTC, whole seconds.</summary>
internal static class Rfc3339
{
    public static string Of(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public static string Now(this TimeProvider time) => Of(time.GetUtcNow());
}
