using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Katabira.Net.Pods;

namespace Katabira.Cluster.Node.Images;

/// <summary>The user that an image's program runs as where the pod does not say.</summary>
internal readonly record struct ImageUser(uint Id, uint Group);

/// <summary>An entry of the catalogue: a program of this machine under the name of an image.</summary>
internal sealed record CatalogImage
{
    /// <summary>As it is listed, such as <c>redis:alpine</c>; a name without a tag means <c>latest</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What it is, for a list: a few words.</summary>
    public required string Description { get; init; }

    /// <summary>What a pod's <c>command</c> replaces.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];

    /// <summary>What a pod's <c>args</c>, or its <c>command</c>, replaces.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>As <c>NAME=value</c>, one for each name.</summary>
    public IReadOnlyList<string> Environment { get; init; } = [];

    public ImageUser User { get; init; }

    public string WorkingFolder { get; init; } = "/";

    /// <summary>What it brings along, besides the machine's own folders.</summary>
    public IReadOnlyList<MountSpec> Mounts { get; init; } = [];

    /// <summary>It may run any program of the machine, so only those may use it who may do everything in the cluster.</summary>
    public bool NeedsClusterAdmin { get; init; }

    /// <summary>The Debian package that has to be unpacked before the first use; null if everything is there.</summary>
    public string? Package { get; init; }

    /// <summary>Why it cannot be used on this machine, as the end of a sentence; null if it can.</summary>
    public string? Missing { get; init; }

    /// <summary>A digest of what the entry says: the same entry has the same one. Not of the files it names.</summary>
    public string Id => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Content())));

    private string Content()
    {
        var text = new StringBuilder();
        foreach (var part in (IEnumerable<string>)
            [
                Name, "command", .. Command, "arguments", .. Arguments, "environment", .. Environment, "folder", WorkingFolder,
                "user", User.Id.ToString(CultureInfo.InvariantCulture), User.Group.ToString(CultureInfo.InvariantCulture),
                "mounts", .. Mounts.SelectMany(m => (string[])[m.Source ?? "", m.Target, m.ReadOnly ? "ro" : "rw"]), "package", Package ?? "",
            ])
        {
            // lengths keep two lists apart whose texts run together
            text.Append(CultureInfo.InvariantCulture, $"{part.Length}:{part},");
        }
        return text.ToString();
    }
}
