using System.Collections.Concurrent;

namespace Katabira.Cluster.Node.Images;

/// <summary>
/// Debian packages that are unpacked into the home and never installed, because installing one starts its daemon. A package comes with those that it needs
/// and the machine has not. Thread-safe: who asks for a package that is under way waits for the same download.
/// </summary>
/// <param name="home">The cluster's home.</param>
/// <param name="tell">Hears, in a sentence each, what is being done.</param>
internal sealed class PackageStore(string home, Action<string> tell)
{
    /// <summary>Below a package's folder: what was in the packages.</summary>
    public const string Files = "files";

    /// <summary>A mirror may be far away; nobody waits longer for a service.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<string, Lazy<Task>> _underWay = new(StringComparer.Ordinal);

    public static string FolderOf(string home, string package) => Path.Combine(home, "packages", package);

    /// <summary>Whether nothing needs to be downloaded for the image.</summary>
    public bool IsUnpacked(CatalogImage image) => image.Package is not { } package || Directory.Exists(Path.Combine(FolderOf(home, package), Files));

    /// <summary>Makes everything ready that the image needs. What is there costs nothing.</summary>
    /// <exception cref="PackageException">It could not be had; the message says why and what to do.</exception>
    public async Task EnsureAsync(CatalogImage image, CancellationToken cancel)
    {
        if (image.Name == RedisImage.Name)
        {
            RedisImage.WriteScripts(home, image);
        }
        if (image.Package is not { } package || IsUnpacked(image))
        {
            return;
        }
        var ours = _underWay.GetOrAdd(package, name => new Lazy<Task>(() => UnpackAsync(name)));
        try
        {
            await ours.Value.WaitAsync(cancel);
        }
        finally
        {
            if (ours.Value.IsCompleted)
            {
                _underWay.TryRemove(KeyValuePair.Create(package, ours));
            }
        }
    }

    private async Task UnpackAsync(string package)
    {
        var folder = FolderOf(home, package);
        var downloads = Path.Combine(folder, "downloads");
        var unfinished = Path.Combine(folder, "unfinished");
        using var patience = new CancellationTokenSource(s_patience);
        try
        {
            Clear(downloads);
            Clear(unfinished);
            var needed = PackageList.Needed(package, await PackageCommand.RunAsync("apt-get", ["install", "--simulate", "--no-install-recommends", package], folder, patience.Token));
            tell($"downloading {string.Join(", ", needed)} (Debian packages, unpacked into {folder}, not installed)");
            await PackageCommand.RunAsync("apt-get", ["download", .. needed], downloads, patience.Token);
            foreach (var file in Directory.EnumerateFiles(downloads, "*.deb"))
            {
                await PackageCommand.RunAsync("dpkg-deb", ["-x", file, unfinished], folder, patience.Token);
            }
            // whoever finds the folder finds all of it
            Directory.Move(unfinished, Path.Combine(folder, Files));
            Directory.Delete(downloads, recursive: true);
            tell($"{package} is ready");
        }
        catch (OperationCanceledException)
        {
            throw new PackageException($"{package} was not downloaded within {s_patience.TotalMinutes} minutes");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PackageException($"{package} cannot be unpacked: {e.Message}");
        }
    }

    private static void Clear(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
        Directory.CreateDirectory(folder);
    }
}

/// <summary>A package could not be had.</summary>
internal sealed class PackageException(string message) : Exception(message);
