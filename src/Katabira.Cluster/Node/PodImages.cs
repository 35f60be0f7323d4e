using System.Collections.Immutable;
using Katabira.Cluster.Node.Images;

namespace Katabira.Cluster.Node;

/// <summary>An image that pods can name.</summary>
/// <param name="Name">As a pod names it, such as <c>redis:alpine</c>.</param>
/// <param name="Description">What it is, in a few words.</param>
/// <param name="Command">What it runs where the pod does not say.</param>
/// <param name="NeedsClusterAdmin">Only those may use it who may do everything in the cluster.</param>
/// <param name="Package">The Debian package that is fetched and unpacked before its first use; null if nothing is.</param>
/// <param name="Missing">Why it cannot be used on this machine; null if it can.</param>
public sealed record PodImage(string Name, string Description, ImmutableArray<string> Command, bool NeedsClusterAdmin, string? Package, string? Missing);

/// <summary>The image catalogue, for whoever wants to see it. Read anew at each call.</summary>
public static class PodImages
{
    /// <summary>All images by name, and what is wrong with files that describe one, a sentence each.</summary>
    /// <param name="home">The folder in which users' own entries are, in <c>images</c>.</param>
    /// <param name="product">The folder with the product's programs.</param>
    public static (ImmutableArray<PodImage> Images, ImmutableArray<string> Problems) List(string home, string product)
    {
        var catalog = ImageCatalog.Load(home, product);
        return ([.. catalog.All.Select(i => new PodImage(i.Name, i.Description, [.. i.Command, .. i.Arguments], i.NeedsClusterAdmin, i.Package, i.Missing))], catalog.Problems);
    }
}
