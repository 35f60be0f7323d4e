using System.Runtime.InteropServices;
using Katabira.Net.Pods;

namespace Katabira.Cluster.Node.Images;

/// <summary>
/// <c>redis:alpine</c>: the machine's redis-server, or Debian's, unpacked into the home. It behaves as the image of that name does: its entry point takes
/// options alone, and it answers other pods without a password.
/// </summary>
internal static class RedisImage
{
    public const string Name = "redis:alpine";

    public const string Package = "redis-server";

    private const string Place = "/opt/redis";
    private const string Scripts = "/opt/redis-image";

    /// <summary>Debian's refuses whoever comes from another address and has no password, the image's does not.</summary>
    private const string ServerScript = """
        #!/bin/sh
        # redis-server as the image redis:alpine has it: without protected mode, unless it is asked for
        case "$1" in
            -v|--version|-h|--help|--test-memory|--check-system) exec PROGRAM "$@" ;;
            -|-*|'') exec PROGRAM --protected-mode no "$@" ;;
            *) file=$1; shift; exec PROGRAM "$file" --protected-mode no "$@" ;;
        esac
        """;

    private const string EntryScript = """
        #!/bin/sh
        case "$1" in
            -*|*.conf) set -- redis-server "$@" ;;
        esac
        exec "$@"
        """;

    public static CatalogImage Make(string home)
    {
        var image = new CatalogImage
        {
            Name = Name,
            Description = "Debian's redis-server",
            Command = ["/bin/sh", $"{Scripts}/entrypoint"],
            Arguments = ["redis-server"],
            WorkingFolder = "/data",
            Package = File.Exists("/usr/bin/redis-server") ? null : Package,
        };
        var folder = PackageStore.FolderOf(home, Package);
        List<MountSpec> mounts =
        [
            new() { Source = Path.Combine(folder, "image"), Target = Scripts, ReadOnly = true },
            new() { Target = "/data" },
        ];
        if (image.Package is null)
        {
            return image with { Environment = [Search(Scripts)], Mounts = mounts };
        }
        mounts.Add(new() { Source = Path.Combine(folder, PackageStore.Files), Target = Place, ReadOnly = true });
        var libraries = $"{Place}/usr/lib/{(RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "aarch64" : "x86_64")}-linux-gnu";
        return image with { Environment = [Search($"{Scripts}:{Place}/usr/bin"), $"LD_LIBRARY_PATH={libraries}"], Mounts = mounts };
    }

    /// <summary>Writes the image's own two programs, unless they are there: a container may be reading them.</summary>
    public static void WriteScripts(string home, CatalogImage image)
    {
        var folder = Path.Combine(PackageStore.FolderOf(home, Package), "image");
        Directory.CreateDirectory(folder);
        var program = image.Package is null ? "/usr/bin/redis-server" : $"{Place}/usr/bin/redis-server";
        Write(Path.Combine(folder, "redis-server"), ServerScript.Replace("PROGRAM", program, StringComparison.Ordinal));
        Write(Path.Combine(folder, "entrypoint"), EntryScript);
    }

    private static string Search(string first) => BuiltInImages.SearchPath.Replace("PATH=", $"PATH={first}:", StringComparison.Ordinal);

    private static void Write(string file, string text)
    {
        if (File.Exists(file) && File.ReadAllText(file) == text + "\n")
        {
            return;
        }
        var beside = $"{file}.{Guid.NewGuid():n}";
        File.WriteAllText(beside, text + "\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(beside, (UnixFileMode)0b111_101_101);
        }
        File.Move(beside, file, overwrite: true);
    }
}
