using System.CommandLine;

namespace Katabira.Cli.Verbs.Cluster;

/// <summary>The option of the verbs that may begin a cluster.</summary>
internal static class WithoutPodsOption
{
    public static Option<bool> Create() =>
        new("--without-pods") { Description = "serve the API alone, without root: what is applied is stored, and pods stay Pending" };
}
