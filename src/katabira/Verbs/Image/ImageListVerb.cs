using System.CommandLine;
using Katabira.Cli.Clusters;
using Katabira.Cli.Output;
using Katabira.Cluster.Node;

namespace Katabira.Cli.Verbs.Image;

/// <summary>An image of the catalogue. The names of these fields are a promise to scripts.</summary>
/// <param name="Name">As a pod names it.</param>
/// <param name="Available">Whether a pod that names it runs on this machine.</param>
/// <param name="Description">What it is.</param>
/// <param name="Command">What it runs where the pod does not say.</param>
/// <param name="NeedsClusterAdmin">Whether only those may use it who may do everything.</param>
/// <param name="Package">The Debian package that its first use unpacks; null if none.</param>
/// <param name="Missing">Why it is not available; null if it is.</param>
internal sealed record ImageReport(string Name, bool Available, string Description, IReadOnlyList<string> Command, bool NeedsClusterAdmin, string? Package, string? Missing);

/// <summary><c>katabira image list</c>.</summary>
internal static class ImageListVerb
{
    public static Command Create(Surroundings surroundings, Talk talk)
    {
        var format = OutputOption.Create();
        var verb = new ExampledCommand("list", "what there is: from the product, from Debian, and from files in the home's folder images", """
            katabira image list
            katabira image list -o yaml
            """) { format };
        verb.SetAction(parsed =>
        {
            var (images, problems) = PodImages.List(ClusterHome.Of(surroundings).Path, AppContext.BaseDirectory);
            Result.Write(parsed.InvocationConfiguration.Output, parsed.GetValue(format), [.. images.Select(Report)], CliJson.Default.IReadOnlyListImageReport, ToTable);
            foreach (var problem in problems)
            {
                talk.Say(problem);
            }
            return problems.IsEmpty ? ExitCode.Done : ExitCode.Failed;
        });
        return verb;
    }

    private static ImageReport Report(PodImage image) =>
        new(image.Name, image.Missing is null, image.Description, image.Command, image.NeedsClusterAdmin, image.Package, image.Missing);

    private static Table ToTable(IReadOnlyList<ImageReport> images) => new(
        ["NAME", "AVAILABLE", "DESCRIPTION"],
        [.. images.Select(i => (System.Collections.Immutable.ImmutableArray<string>)[i.Name, Availability(i), i.Description])]);

    private static string Availability(ImageReport image) => image switch
    {
        { Available: false } => "no",
        { Package: { } package } => $"once Debian's {package} is unpacked",
        { NeedsClusterAdmin: true } => "to administrators",
        _ => "yes",
    };
}
