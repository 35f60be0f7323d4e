using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Katabira.Cluster.Resources;

namespace Katabira.Cluster.Node.ControlGroups;

/// <summary>
/// The control groups of a cluster's containers: a folder for the cluster, one in it for each pod, one in that for each run of a container. Where the machine does
/// not allow them there are none, which is said once, and pods run without limits. Thread-safe.
/// </summary>
internal sealed class PodControlGroups
{
    private readonly string _cluster;
    private readonly Action<string> _tell;
    private readonly ImmutableArray<ControlHierarchy> _hierarchies;
    private int _told;

    private PodControlGroups(string cluster, ImmutableArray<ControlHierarchy> hierarchies, Action<string> tell) =>
        (_cluster, _hierarchies, _tell) = (cluster, hierarchies, tell);

    /// <summary>Whether limits are kept.</summary>
    public bool IsActive => !_hierarchies.IsEmpty;

    /// <summary>Makes the cluster's folder, or finds it.</summary>
    /// <param name="cluster">Its name, such as <c>ktb-0a1b2c3d</c>: no other cluster of this machine has it.</param>
    /// <param name="tell">Hears, in one sentence, that and why limits do nothing.</param>
    public static PodControlGroups Open(string cluster, Action<string> tell) => Open(cluster, File.ReadAllText("/proc/self/mountinfo"), tell);

    /// <inheritdoc cref="Open(string, Action{string})"/>
    /// <param name="mounts">In the form of /proc/self/mountinfo.</param>
    public static PodControlGroups Open(string cluster, string mounts, Action<string> tell)
    {
        var found = ControlHierarchy.Find(mounts, mount => ReadOrEmpty(Path.Combine(mount, "cgroup.controllers")));
        try
        {
            foreach (var hierarchy in found)
            {
                Directory.CreateDirectory(Path.Combine(hierarchy.Mount, cluster));
                PassOn(hierarchy, hierarchy.Mount);
                PassOn(hierarchy, Path.Combine(hierarchy.Mount, cluster));
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            tell($"limits of cpu and memory do nothing on this machine, because control groups cannot be made: {e.Message}");
            return new(cluster, [], tell);
        }
        if (found.IsEmpty)
        {
            tell("limits of cpu and memory do nothing on this machine, because it has no control groups mounted");
        }
        return new(cluster, found, tell);
    }

    /// <summary>Makes the groups of one run of a container and sets its limits.</summary>
    /// <returns>The folders that its first process enters; none where limits do nothing.</returns>
    public IReadOnlyList<string> Make(string podUid, JsonObject container, int attempt)
    {
        var folders = new List<string>();
        try
        {
            foreach (var hierarchy in _hierarchies)
            {
                var folder = FolderOf(hierarchy, podUid, container, attempt);
                Directory.CreateDirectory(folder);
                PassOn(hierarchy, PodFolder(hierarchy, podUid));
                foreach (var (file, value) in hierarchy.Controllers.SelectMany(c => ControlSettings.Of(container.Child("resources"), c, hierarchy.IsUnified)))
                {
                    Set(Path.Combine(folder, file), value);
                }
                folders.Add(folder);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            TellOnce($"limits of cpu and memory are not kept: {e.Message}");
        }
        return folders;
    }

    /// <summary>Whether the kernel killed a process of that run because the container's memory was full. Ask before its groups are removed.</summary>
    public bool WasOutOfMemory(string podUid, JsonObject container, int attempt) =>
        _hierarchies.Where(h => h.Controllers.Contains("memory"))
            .Any(h => ControlSettings.KillsIn(ReadOrEmpty(Path.Combine(FolderOf(h, podUid, container, attempt), h.IsUnified ? "memory.events" : "memory.oom_control"))) > 0);

    /// <summary>Removes the groups of a run that has ended. What is not there, or still in use, is no error: the pod's end removes it.</summary>
    public void RemoveRun(string podUid, JsonObject container, int attempt)
    {
        foreach (var hierarchy in _hierarchies)
        {
            RemoveTree(FolderOf(hierarchy, podUid, container, attempt));
        }
    }

    /// <summary>Removes everything of a pod whose processes have ended.</summary>
    public void RemovePod(string podUid)
    {
        foreach (var hierarchy in _hierarchies)
        {
            RemoveTree(PodFolder(hierarchy, podUid));
        }
    }

    /// <summary>Removes what is left of pods that do not live.</summary>
    public void RemoveOthers(IReadOnlySet<string> living)
    {
        foreach (var pod in _hierarchies.Select(h => Path.Combine(h.Mount, _cluster)).Where(Directory.Exists).SelectMany(Directory.EnumerateDirectories))
        {
            if (!living.Contains(Path.GetFileName(pod)))
            {
                RemoveTree(pod);
            }
        }
    }

    /// <summary>Removes everything of the cluster, when its pods have ended.</summary>
    public void Remove()
    {
        foreach (var hierarchy in _hierarchies)
        {
            RemoveTree(Path.Combine(hierarchy.Mount, _cluster));
        }
    }

    private string PodFolder(ControlHierarchy hierarchy, string podUid) => Path.Combine(hierarchy.Mount, _cluster, podUid);

    private string FolderOf(ControlHierarchy hierarchy, string podUid, JsonObject container, int attempt) =>
        Path.Combine(PodFolder(hierarchy, podUid), string.Create(CultureInfo.InvariantCulture, $"{container.Text("name")}-{attempt}"));

    /// <summary>In version 2 a group's controllers are those that its parent passes on.</summary>
    private static void PassOn(ControlHierarchy hierarchy, string folder)
    {
        if (!hierarchy.IsUnified)
        {
            return;
        }
        var file = Path.Combine(folder, "cgroup.subtree_control");
        var there = ReadOrEmpty(file).Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        foreach (var controller in hierarchy.Controllers.Except(there))
        {
            Write(file, $"+{controller}");
        }
    }

    /// <summary>A kernel may be built without one of the files; the others count nevertheless.</summary>
    private void Set(string file, string value)
    {
        if (ControlSettings.IsOptional(Path.GetFileName(file)) && !File.Exists(file))
        {
            return;
        }
        try
        {
            Write(file, value);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            TellOnce($"limits of cpu and memory are not all kept: {file}: {e.Message}");
        }
    }

    private void TellOnce(string sentence)
    {
        if (Interlocked.Exchange(ref _told, 1) == 0)
        {
            _tell(sentence);
        }
    }

    /// <summary>These files take one write each and cannot be cut or made.</summary>
    private static void Write(string file, string value)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        stream.Write(System.Text.Encoding.ASCII.GetBytes(value));
    }

    private static string ReadOrEmpty(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    /// <summary>Inner groups first; their files go with them.</summary>
    private static void RemoveTree(string folder)
    {
        try
        {
            foreach (var inner in Directory.EnumerateDirectories(folder))
            {
                RemoveTree(inner);
            }
            Directory.Delete(folder);
        }
        catch (IOException)
        {
            // it is gone, or a process is still in it: then the next start removes it
        }
    }
}
