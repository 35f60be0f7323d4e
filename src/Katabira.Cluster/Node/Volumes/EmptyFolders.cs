using System.Globalization;
using System.Text.Json.Nodes;
using Katabira.Cluster.Resources;
using Katabira.Cluster.Resources.Kinds;
using Katabira.Net.Linux;

namespace Katabira.Cluster.Node.Volumes;

/// <summary>Volumes that begin empty and end with the pod: a folder in the home, or a file system in memory.</summary>
internal static class EmptyFolders
{
    private const int Everybody = 0b111_111_111;
    private const int SetGroup = 0b010_000_000_000;

    /// <summary>Makes it, unless it is there. What is in it stays.</summary>
    /// <exception cref="LinuxException">The kernel refuses; file systems in memory need root.</exception>
    public static void Make(string folder, JsonObject volume, JsonObject pod)
    {
        var source = volume.Child("emptyDir");
        var isNew = !Directory.Exists(folder);
        Directory.CreateDirectory(folder);
        if (source.Text("medium") == "Memory" && !MountTable.Has(folder))
        {
            var size = SizeInMemory(source, pod);
            var options = size > 0 ? string.Create(CultureInfo.InvariantCulture, $"mode=777,size={size}") : "mode=777";
            Mounts.MountNew("tmpfs", folder, MountOptions.NoDevices | MountOptions.NoSetUserId, options).OrThrow($"mount a file system in memory at {folder}");
            isNew = true;
        }
        if (isNew)
        {
            var group = pod.Child("spec").Child("securityContext").Integer("fsGroup");
            Ownership.Set(folder, null, (uint?)group, group is null ? Everybody : Everybody | SetGroup);
        }
    }

    /// <summary>In bytes: its own limit, or what the containers may use together if each has a limit; 0 for neither.</summary>
    public static long SizeInMemory(JsonObject? source, JsonObject pod)
    {
        var limits = pod.Child("spec").Items("containers").Select(c => Quantity.TryParse(c.Child("resources").Child("limits")?["memory"], out var bytes) ? bytes : 0).ToArray();
        var together = limits.Length > 0 && limits.All(l => l > 0) ? limits.Sum() : 0;
        var own = Quantity.TryParse(source?["sizeLimit"], out var limit) && limit > 0 ? limit : 0;
        return (long)(own > 0 && together > 0 ? Math.Min(own, together) : Math.Max(own, together));
    }

    /// <summary>Whether a folder holds more than its volume may; the sentence with which a kubelet ends the pod, else null.</summary>
    public static string? FindOverflow(string folder, JsonObject volume, CancellationToken cancel)
    {
        var source = volume.Child("emptyDir");
        if (source.Text("medium") == "Memory" || !Quantity.TryParse(source?["sizeLimit"], out var limit) || limit <= 0 || !Directory.Exists(folder))
        {
            return null;
        }
        double used = 0;
        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = true };
        foreach (var file in new DirectoryInfo(folder).EnumerateFiles("*", options))
        {
            cancel.ThrowIfCancellationRequested();
            used += LengthOf(file);
            if (used > limit)
            {
                return $"Usage of EmptyDir volume \"{volume.Text("name")}\" exceeds the limit \"{source.Text("sizeLimit")}\". ";
            }
        }
        return null;
    }

    private static long LengthOf(FileInfo file)
    {
        try
        {
            return file.Length;
        }
        catch (IOException)
        {
            return 0; // it was deleted meanwhile
        }
    }
}
