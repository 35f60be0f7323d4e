using System.Text.Json.Nodes;
using Katabira.Cluster;
using Katabira.Cluster.Network;
using Katabira.Cluster.Network.Dns;
using Katabira.Cluster.Storage;
using Katabira.Tests.Cluster.Access;
using Katabira.Tests.Cluster.Api;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Katabira.Network.Support;

/// <summary>A cluster with its network, in this process. Pods are workloads in namespaces, told to the API as hand-written EndpointSlices. Nothing of it is left afterwards.</summary>
internal sealed class TestCluster : IAsyncDisposable
{
    private const string Home = "/api/v1/namespaces/default";

    private readonly TemporaryFolder _folder = new();
    private readonly List<Workload> _workloads = [];
    private EmbeddedCluster _cluster = null!; // set by OpenAsync

    private TestCluster()
    {
    }

    public ApiClient Admin { get; private set; } = null!; // as above

    public ClusterNetwork Network => _cluster.Network!; // it was asked for

    public string NodePath => NamespaceNames.PathOf(NamespaceNames.Of(_folder.Path).Node);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<TestCluster> StartAsync()
    {
        var cluster = new TestCluster();
        await cluster.OpenAsync();
        return cluster;
    }

    /// <summary>Ends the process, as far as the network can tell, and starts another one.</summary>
    /// <param name="meanwhile">Done while nobody serves.</param>
    public async Task RestartAsync(Func<Task> meanwhile, params string[] living)
    {
        await CloseAsync();
        await meanwhile();
        await OpenAsync(living);
    }

    public async Task<PodNetwork> AddPodAsync(string uid)
    {
        var pod = await Network.Node.AttachAsync(uid, Cancel);
        _workloads.Add(await Workload.StartAsync(uid, pod.Namespace));
        return pod;
    }

    /// <summary>Makes a Service of namespace default, as its spec says.</summary>
    public async Task<Answer> AddServiceAsync(string name, string spec) =>
        (await Admin.PostAsync($"{Home}/services", $$$"""{"metadata":{"name":"{{{name}}}"},"spec":{{{spec}}}}""")).Expect(201);

    /// <summary>Says which pods answer for a Service on port <c>http</c>, and waits until that holds.</summary>
    public async Task PointAsync(string service, params PodNetwork[] pods)
    {
        var slice = SliceOf(service, [.. pods.Select(p => p.Address.ToString())]);
        await AppliedAsync(await Admin.PutAsync($"/apis/discovery.k8s.io/v1/namespaces/default/endpointslices/{service}", slice) is { Code: 200 } known
            ? known
            : (await Admin.PostAsync("/apis/discovery.k8s.io/v1/namespaces/default/endpointslices", slice)).Expect(201));
    }

    public static string SliceOf(string service, params string[] addresses) => new JsonObject
    {
        ["metadata"] = new JsonObject { ["name"] = service, ["labels"] = new JsonObject { ["kubernetes.io/service-name"] = service } },
        ["addressType"] = "IPv4",
        ["ports"] = new JsonArray(new JsonObject { ["name"] = "http", ["port"] = Workload.Port, ["protocol"] = "TCP" }),
        ["endpoints"] = new JsonArray([.. addresses.Select(a => new JsonObject { ["addresses"] = new JsonArray(a), ["conditions"] = new JsonObject { ["ready"] = true } })]),
    }.ToJsonString();

    /// <summary>Waits until what was written holds in the kernel and in the name server.</summary>
    public Task AppliedAsync(Answer written) => Network.AppliedAsync(new Revision(long.Parse(written.ResourceVersion, System.Globalization.CultureInfo.InvariantCulture)), Cancel);

    /// <summary>Waits for a state of a Service.</summary>
    public Task<JsonObject> UntilServiceAsync(string name, Func<JsonObject, bool> condition) =>
        UntilAsync($"{Home}/services?fieldSelector=metadata.name={name}", condition);

    /// <summary>Waits for an event about a Service, and gives its message.</summary>
    public async Task<string> UntilEventAsync(string service, string reason) =>
        (string)(await UntilAsync($"{Home}/events", e => (string?)Answer.Find(e, "involvedObject.name") == service && (string?)e["reason"] == reason))["message"]!;

    /// <summary>Waits until a LoadBalancer has its address.</summary>
    public async Task<string> AddressOfAsync(string service) => IngressOf(await UntilServiceAsync(service, s => IngressOf(s) is not null))!;

    public static string? IngressOf(JsonObject service) => (string?)Answer.Find(service, "status.loadBalancer.ingress.0.ip");

    /// <summary>Runs a program as in a pod of namespace default: its network, and its resolv.conf.</summary>
    public static async Task<Run> InPodAsync(PodNetwork pod, params string[] command)
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, ResolverFile.ForPod("default"), Cancel);
            return await Run.InAsync(pod.Namespace, ["unshare", "--mount", "sh", "-c", "mount --bind \"$0\" \"$(readlink -f /etc/resolv.conf)\" && exec \"$@\"", file, .. command]);
        }
        finally
        {
            File.Delete(file);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var workload in _workloads)
        {
            await workload.DisposeAsync();
        }
        await CloseAsync();
        await ClusterNetwork.RemoveAsync(_folder.Path, CancellationToken.None);
        _folder.Dispose();
    }

    private async Task OpenAsync(params string[] living)
    {
        var options = new ClusterOptions { Home = _folder.Path, Network = new NetworkOptions { LivingPods = living.ToHashSet() } };
        _cluster = await EmbeddedCluster.StartAsync(options, TimeProvider.System, NullLoggerFactory.Instance, Cancel);
        Admin = ApiClient.Admin(_cluster.Kubeconfig);
    }

    private async Task CloseAsync()
    {
        Admin.Dispose();
        await _cluster.DisposeAsync();
    }

    private async Task<JsonObject> UntilAsync(string path, Func<JsonObject, bool> condition)
    {
        using var watch = await Admin.WatchAsync(path);
        while (true)
        {
            if ((await watch.NextAsync())["object"] is JsonObject item && condition(item))
            {
                return item;
            }
        }
    }
}
