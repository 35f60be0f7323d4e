using System.Text.Json.Nodes;
using Katabira.Cluster.Node.Containers;
using Katabira.Cluster.Resources;
using Katabira.Net.Linux;
using Katabira.Net.Pods;

namespace Katabira.Cluster.Node.Volumes;

/// <summary>What volumes are made from.</summary>
/// <param name="Find">ConfigMaps and Secrets of the pod's namespace, as they are now.</param>
internal sealed record VolumeSources(FindInNamespace Find, IssueToken Issue, NodeCapacity Capacity, TimeProvider Time);

/// <summary>
/// The volumes of one pod, in a folder of its own. Everything but memory is on the disk of the home, where the Secrets are anyway: the home is closed to
/// other users, and a container sees its own volumes only, by bind mounts. Thread-safe.
/// </summary>
/// <param name="folder">Absolute, without links; made if it is not there. What an earlier process left in it is gone on with.</param>
internal sealed class PodVolumes(string folder, VolumeSources sources) : IDisposable
{
    private const int ShownFolder = 0b111_101_101;

    private static readonly string[] s_written = ["configMap", "secret", "downwardAPI", "projected"];

    private readonly SemaphoreSlim _turn = new(1);
    private readonly TokenSlots _tokens = new(sources.Issue, sources.Time);
    private volatile JsonObject _pod = [];

    /// <summary>Makes all volumes; what is there already stays. Not ready means: try again later, the pod waits.</summary>
    /// <param name="pod">In its stored form.</param>
    public Task<VolumeResult> PrepareAsync(JsonObject pod, CancellationToken cancel) => EachAsync(pod, _ => true, cancel);

    /// <summary>
    /// Makes those that begin empty, which wait for nobody. To be called before the pod's process is launched: where mounts do not spread, it sees
    /// file systems in memory only if they were there when its namespace was made.
    /// </summary>
    public Task<VolumeResult> PrepareEmptyAsync(JsonObject pod, CancellationToken cancel) => EachAsync(pod, v => v.Has("emptyDir"), cancel);

    /// <summary>Brings those up to date that hold objects' content, and replaces tokens in time. What cannot be read now stays as it is.</summary>
    public Task<VolumeResult> RefreshAsync(JsonObject pod, CancellationToken cancel) => EachAsync(pod, v => VolumePayload.KindOf(v) is not null, cancel);

    /// <summary>What a container mounts. To be called after <see cref="PrepareAsync"/> or <see cref="RefreshAsync"/>.</summary>
    /// <param name="environment">For <c>subPathExpr</c>: a variable's value, null if there is none.</param>
    /// <exception cref="VolumeException">A path leads out of its volume, or names a variable that is not there.</exception>
    public IReadOnlyList<MountSpec> MountsOf(JsonObject container, Func<string, string?>? environment = null)
    {
        var volumes = _pod.Child("spec").Items("volumes").ToDictionary(v => v.Text("name"), StringComparer.Ordinal);
        var mounts = new List<MountSpec>();
        foreach (var mount in container.Items("volumeMounts"))
        {
            var name = mount.Text("name");
            if (!volumes.TryGetValue(name, out var volume))
            {
                throw new VolumeException($"cannot find volume \"{name}\" to mount into container \"{container.Text("name")}\"");
            }
            var path = PathOf(volume);
            mounts.Add(new()
            {
                Source = InnerPath(mount, environment) is { Length: > 0 } inner ? SubPaths.Resolve(path, inner) : path,
                Target = mount.Text("mountPath") is ['/', ..] absolute ? absolute : "/" + mount.Text("mountPath"),
                ReadOnly = mount.Flag("readOnly") || s_written.Any(volume.Has),
            });
        }
        return mounts;
    }

    /// <summary>The sentence with which the pod is to be ended because a volume holds more than it may; null if none does.</summary>
    public Task<string?> FindOverflowAsync(CancellationToken cancel) => Task.Run(
        () => _pod.Child("spec").Items("volumes").Where(v => v.Has("emptyDir"))
            .Select(v => EmptyFolders.FindOverflow(PathOf(v), v, cancel)).FirstOrDefault(s => s is not null),
        cancel);

    /// <summary>Removes everything, when the pod's processes have ended. What is not there is no error.</summary>
    /// <exception cref="IOException">Something is still in use.</exception>
    public void Remove()
    {
        foreach (var point in MountTable.Below(folder))
        {
            Mounts.UnmountLazily(point).OrThrow($"unmount {point}");
        }
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    public void Dispose() => _turn.Dispose();

    private async Task<VolumeResult> EachAsync(JsonObject pod, Func<JsonObject, bool> which, CancellationToken cancel)
    {
        await _turn.WaitAsync(cancel);
        try
        {
            _pod = pod;
            string? reason = null;
            foreach (var volume in pod.Child("spec").Items("volumes").Where(which))
            {
                // one that waits does not keep the others from following their objects
                if (await MakeAsync(volume, pod, cancel) is { } problem)
                {
                    reason ??= $"MountVolume.SetUp failed for volume \"{volume.Text("name")}\" : {problem}";
                }
            }
            return new(reason);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<string?> MakeAsync(JsonObject volume, JsonObject pod, CancellationToken cancel)
    {
        try
        {
            if (volume.Child("hostPath") is { } place)
            {
                return await HostPaths.PrepareAsync(place, cancel);
            }
            if (volume.Has("emptyDir"))
            {
                await Task.Run(() => EmptyFolders.Make(PathOf(volume), volume, pod), cancel);
                return null;
            }
            return VolumePayload.KindOf(volume) is null
                ? $"volumes of the kind {volume.FirstOrDefault(m => m.Key != "name").Key} are not there in this cluster"
                : await Task.Run(() => WriteContent(volume, pod), cancel);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or LinuxException)
        {
            return e.Message;
        }
    }

    private string? WriteContent(JsonObject volume, JsonObject pod)
    {
        var (files, error) = VolumePayload.Of(volume, new(pod, sources.Find, sources.Capacity, (audience, seconds) => _tokens.Get(pod, audience, seconds)));
        if (files is null)
        {
            return error;
        }
        var path = PathOf(volume);
        if (!Directory.Exists(path))
        {
            Directory.CreateDirectory(path);
            Ownership.Set(path, null, null, ShownFolder);
        }
        new AtomicFolder(path).Write(files, (uint?)pod.Child("spec").Child("securityContext").Integer("fsGroup"), sources.Time);
        return null;
    }

    private string PathOf(JsonObject volume) => volume.Child("hostPath") is { } place ? place.Text("path") : Path.Combine(folder, NameOf(volume));

    /// <summary>The API lets only such names through that are no path.</summary>
    private static string NameOf(JsonObject volume) =>
        volume.Text("name") is { Length: > 0 } name && !NameRules.DnsLabel(name).Any() ? name : throw new IOException("a volume without a proper name");

    private static string InnerPath(JsonObject mount, Func<string, string?>? environment)
    {
        if (mount.Text("subPathExpr") is not { Length: > 0 } expression)
        {
            return mount.Text("subPath");
        }
        string? missing = null;
        var inner = VariableExpansion.Expand(expression, name =>
        {
            var value = environment?.Invoke(name);
            missing = value is null ? name : missing;
            return value;
        });
        return missing is null ? inner : throw new VolumeException($"failed to expand subPathExpr \"{expression}\": the variable {missing} is not there");
    }
}
