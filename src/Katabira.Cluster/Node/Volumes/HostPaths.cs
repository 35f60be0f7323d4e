using System.Globalization;
using System.Text.Json.Nodes;
using Katabira.Cluster.Network;
using Katabira.Cluster.Resources;

namespace Katabira.Cluster.Node.Volumes;

/// <summary>Volumes that are a place of the machine itself.</summary>
internal static class HostPaths
{
    private const int FolderMode = 0b111_101_101;
    private const int FileMode = 0b110_100_100;
    private const int KindMask = 0xF000;

    private static readonly Dictionary<string, (string Words, int Kind)> s_types = new(StringComparer.Ordinal)
    {
        ["Directory"] = ("directory", 0x4000),
        ["File"] = ("file", 0x8000),
        ["Socket"] = ("socket file", 0xC000),
        ["CharDevice"] = ("character device", 0x2000),
        ["BlockDevice"] = ("block device", 0x6000),
    };

    /// <summary>Makes what the volume's type says is to be made, and checks that it is what the type says; null, or what a kubelet would say.</summary>
    public static async Task<string?> PrepareAsync(JsonObject source, CancellationToken cancel)
    {
        var (path, type) = (source.Text("path"), source.Text("type"));
        if (!path.StartsWith('/') || path.Split('/').Contains(".."))
        {
            return $"hostPath {path} must be an absolute path without '..'";
        }
        if (type.EndsWith("OrCreate", StringComparison.Ordinal))
        {
            type = type[..^"OrCreate".Length];
            if (!Path.Exists(path))
            {
                Make(path, type == "Directory");
            }
        }
        return type.Length == 0 ? null
            : !s_types.TryGetValue(type, out var wanted) ? $"{type} is an invalid volume type"
            : !Path.Exists(path) ? $"hostPath type check failed: {path} is not a {wanted.Words}"
            : await KindAsync(path, cancel) != wanted.Kind ? $"hostPath type check failed: {path} is not a {wanted.Words}"
            : null;
    }

    private static void Make(string path, bool folder)
    {
        if (folder)
        {
            Directory.CreateDirectory(path);
            Ownership.Set(path, null, null, FolderMode);
        }
        else
        {
            Ownership.WriteNew(path, []);
            Ownership.Set(path, null, null, FileMode);
        }
    }

    /// <summary>The bits of st_mode that tell a socket from a device, which .NET does not show.</summary>
    private static async Task<int> KindAsync(string path, CancellationToken cancel)
    {
        if (Directory.Exists(path))
        {
            return s_types["Directory"].Kind;
        }
        try
        {
            var mode = await SystemCommand.RunAsync("stat", ["--dereference", "--format=%f", "--", path], "", cancel);
            return int.Parse(mode.Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) & KindMask;
        }
        catch (NetworkException)
        {
            return 0;
        }
    }
}
