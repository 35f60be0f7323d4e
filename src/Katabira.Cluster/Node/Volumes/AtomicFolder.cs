using System.Globalization;
using System.Security.Cryptography;

namespace Katabira.Cluster.Node.Volumes;

/// <summary>
/// A folder whose files change all at once for whoever reads them. The files are in a folder named by its time, <c>..data</c> is a link to it, and each
/// name that a container sees is a link through that one; a change writes another folder and renames a new link over <c>..data</c>. One writer at a time.
/// </summary>
/// <remarks>Names and order are those of kubelets, because programs watch them: kubernetes/pkg/volume/util/atomic_writer.go.</remarks>
/// <param name="folder">The volume; it exists.</param>
internal sealed class AtomicFolder(string folder)
{
    private const string Data = "..data";
    private const string NextData = "..data_tmp";
    private const int FolderMode = 0b111_101_101;

    /// <summary>Makes the folder hold these files and no others; false if it did already.</summary>
    /// <param name="files">By relative paths that do not lead out and do not begin with two dots.</param>
    /// <param name="group">The group that can read them; null for none in particular.</param>
    public bool Write(IReadOnlyDictionary<string, PayloadFile> files, uint? group, TimeProvider time)
    {
        var current = new FileInfo(Path.Combine(folder, Data)).LinkTarget;
        if (current is not null && IsSame(Path.Combine(folder, current), files))
        {
            // a crash may have come between the rename and the links
            ShowNames(files.Keys);
            RemoveOthers(current);
            return false;
        }
        var next = NameOfNext(time.GetUtcNow());
        WriteFiles(Path.Combine(folder, next), files, group);
        Switch(next);
        ShowNames(files.Keys);
        HideNames(files.Keys);
        RemoveOthers(next);
        return true;
    }

    private static string NameOfNext(DateTimeOffset now) => string.Create(
        CultureInfo.InvariantCulture, $"..{now.UtcDateTime:yyyy_MM_dd_HH_mm_ss}.{RandomNumberGenerator.GetInt32(int.MaxValue)}");

    private static bool IsSame(string current, IReadOnlyDictionary<string, PayloadFile> files)
    {
        if (!Directory.Exists(current))
        {
            return false;
        }
        var there = Directory.EnumerateFiles(current, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(current, f)).ToHashSet(StringComparer.Ordinal);
        return there.SetEquals(files.Keys) && files.All(f => File.ReadAllBytes(Path.Combine(current, f.Key)).AsSpan().SequenceEqual(f.Value.Data));
    }

    private static void WriteFiles(string target, IReadOnlyDictionary<string, PayloadFile> files, uint? group)
    {
        Directory.CreateDirectory(target);
        foreach (var (path, file) in files)
        {
            var full = Path.Combine(target, path);
            Directory.CreateDirectory(Path.GetDirectoryName(full)!); // not null: it is below the target
            Ownership.WriteNew(full, file.Data);
            Ownership.Set(full, file.Owner, group, Ownership.ReadableBy(group, file.Mode));
        }
        foreach (var inner in Directory.EnumerateDirectories(target, "*", SearchOption.AllDirectories).Append(target))
        {
            Ownership.Set(inner, null, group, FolderMode);
        }
    }

    private void Switch(string next)
    {
        var link = Path.Combine(folder, NextData);
        File.Delete(link);
        File.CreateSymbolicLink(link, next);
        Net.Linux.Files.Rename(link, Path.Combine(folder, Data)).OrThrow($"switch {folder} to its new content");
    }

    private void ShowNames(IEnumerable<string> paths)
    {
        foreach (var name in paths.Select(FirstPart).Distinct())
        {
            var link = new FileInfo(Path.Combine(folder, name));
            if (link.LinkTarget is null && !Path.Exists(link.FullName))
            {
                File.CreateSymbolicLink(link.FullName, $"{Data}/{name}");
            }
        }
    }

    private void HideNames(IEnumerable<string> paths)
    {
        var shown = paths.Select(FirstPart).ToHashSet(StringComparer.Ordinal);
        foreach (var entry in new DirectoryInfo(folder).EnumerateFileSystemInfos())
        {
            if (!shown.Contains(entry.Name) && entry.LinkTarget == $"{Data}/{entry.Name}")
            {
                File.Delete(entry.FullName);
            }
        }
    }

    /// <summary>Earlier contents, also those that an interrupted write left.</summary>
    private void RemoveOthers(string current)
    {
        foreach (var entry in Directory.EnumerateDirectories(folder, "..2*").Where(d => Path.GetFileName(d) != current))
        {
            Directory.Delete(entry, recursive: true);
        }
    }

    private static string FirstPart(string path) => path.Split('/', 2)[0];
}
