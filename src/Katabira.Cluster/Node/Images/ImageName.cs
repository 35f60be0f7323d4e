using System.Text.RegularExpressions;

namespace Katabira.Cluster.Node.Images;

/// <summary>An image's name in the one form by which the catalogue knows it: <c>docker.io/library/redis:alpine</c> is <c>redis:alpine</c>.</summary>
/// <param name="Repository">With its registry, unless that is Docker's.</param>
/// <param name="Tag"><c>latest</c> if the name has neither tag nor digest; empty if it has a digest only.</param>
/// <param name="Digest">E.g. <c>sha256:…</c>; empty if there is none.</param>
/// <remarks>Grammar: github.com/distribution/reference.</remarks>
internal readonly partial record struct ImageName(string Repository, string Tag, string Digest)
{
    private const int LongestName = 255;

    private static readonly string[] s_dockersRegistry = ["docker.io/", "index.docker.io/"];

    /// <summary>Without the digest: nothing of the catalogue is downloaded from a registry, so no digest of a registry's could fit.</summary>
    public override string ToString() => Tag.Length > 0 ? $"{Repository}:{Tag}" : $"{Repository}@{Digest}";

    /// <summary>Reads what stands in a pod.</summary>
    /// <param name="error">What is wrong with it, as Kubernetes says it; empty if nothing is.</param>
    public static ImageName? Parse(string text, out string error)
    {
        error = Reject(text);
        if (error.Length > 0)
        {
            return null;
        }
        var parts = Reference().Match(text);
        var repository = parts.Groups["repository"].Value;
        foreach (var registry in s_dockersRegistry)
        {
            repository = repository.StartsWith(registry, StringComparison.Ordinal) ? repository[registry.Length..] : repository;
        }
        const string library = "library/";
        repository = repository.StartsWith(library, StringComparison.Ordinal) ? repository[library.Length..] : repository;
        var (tag, digest) = (parts.Groups["tag"].Value, parts.Groups["digest"].Value);
        return new(repository, tag.Length == 0 && digest.Length == 0 ? "latest" : tag, digest);
    }

    private static string Reject(string text)
    {
        if (text.Length <= 2 * LongestName && Reference().Match(text) is { Success: true } parts)
        {
            return parts.Groups["repository"].Length > LongestName ? "repository name must not be more than 255 characters" : "";
        }
        return text.Length <= 2 * LongestName && Reference().IsMatch(text.ToLowerInvariant()) ? "invalid reference format: repository name must be lowercase" : "invalid reference format";
    }

    [GeneratedRegex(
        @"\A(?<repository>(?:(?:localhost|[a-zA-Z0-9-]+(?:\.[a-zA-Z0-9-]+)+)(?::[0-9]+)?/|[a-zA-Z0-9-]+:[0-9]+/)?[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*)*)"
        + @"(?::(?<tag>[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?(?:@(?<digest>[A-Za-z][A-Za-z0-9]*:[0-9a-fA-F]{32,128}))?\z",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Reference();
}
