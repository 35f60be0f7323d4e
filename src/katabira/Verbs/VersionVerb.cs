using System.CommandLine;
using System.Reflection;
using System.Runtime.InteropServices;
using Katabira.Cli.Output;

namespace Katabira.Cli.Verbs;

/// <summary>What runs here.</summary>
/// <param name="Katabira">Version of the product.</param>
/// <param name="Runtime">Name and version of the .NET runtime.</param>
/// <param name="Platform">Operating system and processor, e.g. <c>linux-x64</c>.</param>
internal sealed record VersionReport(string Katabira, string Runtime, string Platform);

/// <summary><c>katabira version</c>: what to write into a bug report.</summary>
internal static class VersionVerb
{
    public static Command Create()
    {
        var format = OutputOption.Create();
        var verb = new Command("version", "versions of katabira and of what it runs on") { format };
        verb.SetAction(parsed => Result.Write(
            parsed.InvocationConfiguration.Output, parsed.GetValue(format), Report(), CliJson.Default.VersionReport, ToTable));
        return verb;
    }

    /// <summary>Version of the product.</summary>
    public static string Product { get; } = typeof(VersionVerb).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    private static VersionReport Report() => new(
        Product,
        RuntimeInformation.FrameworkDescription,
        RuntimeInformation.RuntimeIdentifier);

    private static Table ToTable(VersionReport report) =>
        new(["KATABIRA", "RUNTIME", "PLATFORM"], [[report.Katabira, report.Runtime, report.Platform]]);
}
