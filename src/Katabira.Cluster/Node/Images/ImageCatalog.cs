using System.Collections.Immutable;

namespace Katabira.Cluster.Node.Images;

/// <summary>
/// The images that a pod of this cluster can name: those that come with the product, and those that users have put into the home. Immutable; whoever
/// wants to see a file that was added loads it again, which costs a few file reads.
/// </summary>
internal sealed class ImageCatalog
{
    /// <summary>Where users' entries are, below the home.</summary>
    public const string Folder = "images";

    private const int MostFiles = 1000;
    private const long MostBytes = 64 << 10;

    private static readonly string[] s_extensions = [".json", ".yaml", ".yml"];

    private readonly Dictionary<string, CatalogImage> _images = new(StringComparer.Ordinal);

    private ImageCatalog(IEnumerable<CatalogImage> images, ImmutableArray<string> problems)
    {
        // a user's entry takes the place of the product's: that is how one tries another redis
        foreach (var image in images)
        {
            _images[ImageName.Parse(image.Name, out _) is { } name ? name.ToString() : image.Name] = image;
        }
        (All, Problems) = ([.. _images.Values.OrderBy(i => i.Name, StringComparer.Ordinal)], problems);
    }

    /// <summary>By name; also those that are not available.</summary>
    public ImmutableArray<CatalogImage> All { get; }

    /// <summary>What is wrong with users' files, a sentence each, with the file and the field. Such a file adds nothing.</summary>
    public ImmutableArray<string> Problems { get; }

    /// <param name="home">The cluster's home.</param>
    /// <param name="product">The folder with the product's programs.</param>
    public static ImageCatalog Load(string home, string product)
    {
        var (images, problems) = (new List<CatalogImage>(BuiltInImages.All(home, product)), ImmutableArray.CreateBuilder<string>());
        var folder = Path.Combine(home, Folder);
        var files = Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder).Where(f => s_extensions.Contains(Path.GetExtension(f))).Order(StringComparer.Ordinal).Take(MostFiles)
            : [];
        foreach (var file in files)
        {
            if (TryRead(file, out var content) is { } problem)
            {
                problems.Add($"{file}: {problem}");
                continue;
            }
            var (image, errors) = ImageFile.Read(content);
            problems.AddRange(errors.Select(error => $"{file}: {error}"));
            if (image is not null)
            {
                images.Add(image);
            }
        }
        return new(images, problems.ToImmutable());
    }

    /// <summary>A catalogue of just these; for tests and tools.</summary>
    public static ImageCatalog Of(params IEnumerable<CatalogImage> images) => new(images, []);

    /// <summary>The entry that a pod's <c>image</c> names; null if there is none, or it is no name.</summary>
    public CatalogImage? Find(string image) => ImageName.Parse(image, out _) is { } name
        ? _images.GetValueOrDefault(name.ToString()) ?? (name.Digest.Length > 0 ? All.FirstOrDefault(i => i.Id == name.Digest && RepositoryOf(i) == name.Repository) : null)
        : null;

    private static string RepositoryOf(CatalogImage image) => ImageName.Parse(image.Name, out _)?.Repository ?? "";

    private static string? TryRead(string file, out byte[] content)
    {
        content = [];
        try
        {
            if (new FileInfo(file).Length > MostBytes)
            {
                return $"larger than {MostBytes} bytes";
            }
            content = File.ReadAllBytes(file);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e.Message;
        }
    }
}
