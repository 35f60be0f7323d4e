using System.Runtime.InteropServices;
using Katabira.Net.Pods;

namespace Katabira.Cluster.Node.Images;

/// <summary>The entries that come with the product. What is not on this machine is there too, with the reason.</summary>
internal static class BuiltInImages
{
    public const string SearchPath = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /// <summary>The image of no package: a program of the machine under its own path.</summary>
    public const string Host = "host";

    private const string ProgramPlace = "/opt/katabira";
    private const string RuntimePlace = "/opt/dotnet";

    /// <summary>As images are tagged, such as <c>0.1.0</c>.</summary>
    public static string Version { get; } = typeof(BuiltInImages).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";

    /// <inheritdoc cref="ImageCatalog.Load"/>
    public static IEnumerable<CatalogImage> All(string home, string product) =>
    [
        Program("katabira/katabira", "the control plane and the command line", product, "katabira"),
        Program("katabira/proxy", "the data plane: sidecar and gateway", product, "katabira-proxy"),
        Program("katabira/boutique", "Online Boutique, a role for each of its services", product, "boutique"),
        RedisImage.Make(home),
        new()
        {
            Name = Host,
            Description = "any program of this machine; /bin/sh if the pod names none",
            Command = ["/bin/sh"],
            Environment = [SearchPath],
            NeedsClusterAdmin = true,
        },
    ];

    private static CatalogImage Program(string repository, string description, string product, string program)
    {
        var image = new CatalogImage { Name = $"{repository}:{Version}", Description = description, Environment = [SearchPath] };
        var folder = ((string[])[product, Path.Combine(product, program)]).FirstOrDefault(f => File.Exists(Path.Combine(f, program)));
        if (folder is null)
        {
            return image with { Missing = $"{image.Name} is in the image catalogue, but this installation has no program {program} in {product}" };
        }
        var mounts = new List<MountSpec> { new() { Source = folder, Target = ProgramPlace, ReadOnly = true } };
        // a program that was not compiled to machine code needs the runtime that this process has, wherever that is
        if (File.Exists(Path.Combine(folder, program + ".dll")) && RuntimeFolder() is { } runtime && !runtime.StartsWith("/usr/", StringComparison.Ordinal))
        {
            mounts.Add(new() { Source = runtime, Target = RuntimePlace, ReadOnly = true });
            image = image with { Environment = [SearchPath, $"DOTNET_ROOT={RuntimePlace}"] };
        }
        return image with { Command = [$"{ProgramPlace}/{program}"], Mounts = mounts };
    }

    /// <summary>The folder above <c>shared/Microsoft.NETCore.App/10.0.0</c>; null where the program brings its runtime along.</summary>
    private static string? RuntimeFolder()
    {
        var parts = RuntimeEnvironment.GetRuntimeDirectory().TrimEnd('/').Split('/');
        return parts is [.., "shared", "Microsoft.NETCore.App", _] ? string.Join('/', parts[..^3]) : null;
    }
}
