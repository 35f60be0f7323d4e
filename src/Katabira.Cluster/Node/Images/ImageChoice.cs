using Katabira.Cluster.Access;
using Katabira.Cluster.Node.Containers;

namespace Katabira.Cluster.Node.Images;

/// <summary>Whether a container can have the image it names. Pure.</summary>
internal static class ImageChoice
{
    /// <summary>The entry, or the reason why the container waits.</summary>
    /// <param name="image">The container's <c>image</c>.</param>
    /// <param name="policy">Its <c>imagePullPolicy</c>.</param>
    /// <param name="isUnpacked">Whether the image's package, if it has one, is there.</param>
    public static (CatalogImage? Image, ContainerRefusal? Refusal) Decide(string image, string policy, ImageCatalog catalog, Func<CatalogImage, bool> isUnpacked)
    {
        if (ImageName.Parse(image, out var error) is not { } name)
        {
            var quoted = GoQuoted.Text(image);
            return (null, new("InvalidImageName", $"Failed to apply default image tag {quoted}: couldn't parse image name {quoted}: {error}"));
        }
        if (catalog.Find(image) is not { } found)
        {
            return (null, policy == "Never" ? NeverPulled(image) : new("ErrImagePull", $"failed to pull image {GoQuoted.Text(image)}: {name} is not in the image catalogue, which holds {List(catalog)}. "
                + $"Other programs of this machine become images by a file in $KATABIRA_HOME/{ImageCatalog.Folder}"));
        }
        if (found.Missing is { } missing)
        {
            return (null, new("ErrImagePull", $"failed to pull image {GoQuoted.Text(image)}: {missing}"));
        }
        return policy == "Never" && !isUnpacked(found) ? (null, NeverPulled(image)) : (found, null);
    }

    private static ContainerRefusal NeverPulled(string image) => new("ErrImageNeverPull", $"Container image {GoQuoted.Text(image)} is not present with pull policy of Never");

    private static string List(ImageCatalog catalog) => string.Join(", ", catalog.All.Where(i => i.Missing is null).Select(i => i.Name));
}
