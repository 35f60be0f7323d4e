using System.Net;
using System.Text.Json.Nodes;
using Katabira.Cluster.Network;
using Katabira.Cluster.Node.Containers;
using Katabira.Cluster.Node.ControlGroups;
using Katabira.Cluster.Node.Images;
using Katabira.Cluster.Node.Volumes;
using Katabira.Cluster.Resources;
using Katabira.Cluster.State;
using Katabira.Cluster.Storage;
using Katabira.Net.Pods;

namespace Katabira.Cluster.Node.Agent;

/// <summary>Where what containers are given comes from. Thread-safe.</summary>
/// <param name="Product">The folder of the product's programs.</param>
internal sealed record ProvisionSources(
    ClusterState State, string Home, string Product, string NodeName, PackageStore Packages, PodControlGroups Groups, IssueToken Issue, NodeCapacity Capacity, TimeProvider Time);

/// <summary>What one pod's containers are given: images, volumes, files, variables. One worker owns it.</summary>
internal sealed class PodProvision(PodFolder folder, ProvisionSources sources) : IDisposable
{
    private static readonly GroupResource s_services = new("", "services");

    private readonly PodFiles _files = new(folder.Path);
    private PodVolumes? _volumes;

    /// <summary>Makes what the pod's process must find when it begins. What is wrong with it is told by <see cref="PrepareAsync"/>.</summary>
    public Task PrepareEmptyAsync(JsonObject pod, CancellationToken cancel) => VolumesOf(pod).PrepareEmptyAsync(pod, cancel);

    /// <summary>Fills the volumes; returns why the pod must wait, or an empty text.</summary>
    public async Task<string> PrepareAsync(JsonObject pod, CancellationToken cancel) => (await VolumesOf(pod).PrepareAsync(pod, cancel)).Reason ?? "";

    /// <summary>Brings the volumes up to date.</summary>
    public async Task RefreshAsync(JsonObject pod, CancellationToken cancel) => await VolumesOf(pod).RefreshAsync(pod, cancel);

    /// <summary>How the next run of a container is started. The volumes are prepared.</summary>
    public async Task<RunRecipe> BuildAsync(JsonObject pod, ContainerPart part, int attempt, PodNetwork network, CancellationToken cancel)
    {
        var catalog = ImageCatalog.Load(sources.Home, sources.Product);
        var (image, refusal) = ImageChoice.Decide(part.Spec.Text("image"), part.Spec.Text("imagePullPolicy"), catalog, sources.Packages.IsUnpacked);
        if (image is null)
        {
            return RunRecipe.Refused(refusal!); // not null: one of the two is set
        }
        try
        {
            await sources.Packages.EnsureAsync(image, cancel);
            return await BuildAsync(pod, part, attempt, image, network.Address, cancel);
        }
        catch (PackageException e)
        {
            return RunRecipe.Refused(new("ErrImagePull", e.Message));
        }
        catch (Exception e) when (e is VolumeException or IOException)
        {
            return RunRecipe.Refused(ContainerRefusal.Config(e.Message));
        }
    }

    /// <summary>What a run left as its last words; empty for none.</summary>
    public string LastWords(ContainerPart part, int attempt) => _files.ReadTerminationMessage(part.Spec, attempt);

    /// <summary>Whether the kernel killed something of the container for want of memory.</summary>
    public bool WasOutOfMemory(ContainerPart part, int attempt) => sources.Groups.WasOutOfMemory(folder.Uid, part.Spec, attempt);

    /// <summary>Takes back what only a run that has ended had.</summary>
    public void RemoveRun(ContainerPart part, int attempt) => sources.Groups.RemoveRun(folder.Uid, part.Spec, attempt);

    /// <summary>Takes back what was given, when nothing of the pod runs any more.</summary>
    public void Remove()
    {
        VolumesOf([]).Remove();
        sources.Groups.RemovePod(folder.Uid);
    }

    public void Dispose() => _volumes?.Dispose();

    private async Task<RunRecipe> BuildAsync(JsonObject pod, ContainerPart part, int attempt, CatalogImage image, IPAddress address, CancellationToken cancel)
    {
        var addresses = new PodAddresses(sources.NodeName, NodeAddresses.Node, [address]);
        var services = ServiceVariables.Of(pod, Services(pod));
        var find = FinderOf(pod);
        var request = new ContainerRequest
        {
            Pod = pod,
            Container = part.Spec,
            Image = image,
            Find = find,
            Addresses = addresses,
            Capacity = sources.Capacity,
            Services = services,
            Attempt = attempt,
            LogFile = folder.LogFile(part.Name, attempt),
        };
        var variables = ContainerEnvironment.Resolve(request).Variables is { } resolved ? ContainerEnvironment.Names(resolved, services) : null;
        List<MountSpec> mounts = [.. VolumesOf(pod).MountsOf(part.Spec, variables), .. await _files.WriteAsync(pod, addresses, cancel)];
        if (_files.MakeTerminationFile(part.Spec, attempt) is { } file)
        {
            mounts.Add(file);
        }
        var (spec, refusal) = ContainerSpecs.Build(request with { Mounts = mounts, ControlGroups = sources.Groups.Make(folder.Uid, part.Spec, attempt) });
        return spec is null ? RunRecipe.Refused(refusal!) : RunRecipe.Of(spec, image.Id); // not null: one of the two is set
    }

    private IEnumerable<JsonObject> Services(JsonObject pod) =>
        ClusterState.In(sources.State.Store.Current, s_services, pod.NamespaceOf())
            .Concat(sources.State.Find(s_services, "default", "kubernetes") is { } api && pod.NamespaceOf() != "default" ? [api] : []);

    private PodVolumes VolumesOf(JsonObject pod) =>
        _volumes ??= new(folder.Volumes, new VolumeSources(FinderOf(pod), sources.Issue, sources.Capacity, sources.Time));

    /// <summary>A pod's namespace never changes.</summary>
    private FindInNamespace FinderOf(JsonObject pod)
    {
        var ns = pod.NamespaceOf();
        return (plural, name) => sources.State.Find(new GroupResource("", plural), ns, name);
    }
}
