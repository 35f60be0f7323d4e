namespace Katabira.Cluster.Node.Volumes;

/// <summary>
/// Finds a path inside a volume whose content belongs to containers: links are followed as long as they stay in the volume, and what is missing is made as
/// a folder. A container that changes links at the very moment is not stopped by this: it is packaging, not a security boundary.
/// </summary>
internal static class SubPaths
{
    /// <summary>As the kernel's own.</summary>
    private const int MostLinks = 40;

    /// <summary>The real path.</summary>
    /// <param name="volume">The volume's folder or file, without links.</param>
    /// <param name="inner">Relative.</param>
    /// <exception cref="VolumeException">It leads out of the volume.</exception>
    public static string Resolve(string volume, string inner)
    {
        if (inner.StartsWith('/') || inner.Split('/').Contains(".."))
        {
            throw new VolumeException($"subPath {inner} must be a relative path without '..'");
        }
        var ahead = new Stack<string>(inner.Split('/').Reverse());
        var (current, links) = (volume, 0);
        while (ahead.TryPop(out var part))
        {
            if (part is "" or ".")
            {
                continue;
            }
            if (part == "..")
            {
                current = current == volume ? throw Outside(inner) : Path.GetDirectoryName(current)!; // not null: it is below the volume
                continue;
            }
            var next = Path.Combine(current, part);
            if (new FileInfo(next).LinkTarget is { } link)
            {
                if (link.StartsWith('/') || ++links > MostLinks)
                {
                    throw Outside(inner);
                }
                foreach (var step in link.Split('/').Reverse())
                {
                    ahead.Push(step);
                }
                continue;
            }
            if (!Path.Exists(next))
            {
                Ownership.MakeFolderLike(volume, next);
            }
            current = next;
        }
        return current;
    }

    private static VolumeException Outside(string inner) => new($"subPath {inner} leads out of its volume");
}
