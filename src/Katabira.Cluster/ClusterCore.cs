using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Katabira.Cluster.Access;
using Katabira.Cluster.Admission;
using Katabira.Cluster.Api;
using Katabira.Cluster.Controllers;
using Katabira.Cluster.Discovery;
using Katabira.Cluster.Node;
using Katabira.Cluster.Node.Images;
using Katabira.Cluster.Node.Volumes;
using Katabira.Cluster.Objects;
using Katabira.Cluster.Patching;
using Katabira.Cluster.State;
using Katabira.Cluster.Storage;
using Katabira.Cluster.Streams;
using Katabira.Net.Linux;
using Microsoft.Extensions.Logging;

namespace Katabira.Cluster;

/// <summary>What the API and the controllers share: the store, and whoever reads and writes it by the rules. One owner opens and disposes it; its parts are thread-safe.</summary>
internal sealed class ClusterCore : IAsyncDisposable
{
    private readonly TimeProvider _time;
    private readonly Random _random = new();
    private readonly SigningKeys _keys;
    private readonly ClusterState _state;
    private readonly WebhookClient _webhooks;
    private readonly ObjectWriter _writer;
    private readonly ObjectDeleter _deleter;

    private ClusterCore(Store store, SigningKeys keys, NodeAdmission? node, TimeProvider time)
    {
        (Store, _keys, _time) = (store, keys, time);
        _state = new(store, time);
        _webhooks = new(new ServiceEndpoints(_state).Resolve, time);
        var gate = new AdmissionGate(_state, new WebhookAdmission(_webhooks, ClusterState.Matches, Patched, () => Guid.NewGuid().ToString()), node);
        _writer = new(_state, gate, new ServiceAddresses(store, _random), time);
        _deleter = new(_state, gate, time);
        Client = new(_state, _writer, _deleter);
        Tokens = new(keys, time, _state.FindUid);
    }

    public Store Store { get; }

    /// <summary>The cluster as its own controllers see it.</summary>
    public ClusterClient Client { get; }

    private ServiceAccountTokens Tokens { get; }

    /// <summary>Issues the tokens that pods find in their volumes.</summary>
    public IssueToken PodTokens => PodTokenRequest.By(Tokens, _state.FindUid);

    /// <summary>Where webhooks that run in pods are dialled from; set once there is a network.</summary>
    public NetworkNamespace? Inside
    {
        set => _webhooks.Inside = value;
    }

    /// <summary>The same cluster for somebody who owns the fields that he writes under a name of his own.</summary>
    public ClusterClient ClientOf(string manager) => new(_state, _writer, _deleter, manager);

    /// <summary>Opens the store of a home and fills in what every cluster has.</summary>
    /// <exception cref="IOException">The home cannot be used.</exception>
    public static async Task<ClusterCore> OpenAsync(PrivateFolder home, ClusterOptions options, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellation)
    {
        var keys = SigningKeys.Open(home);
        var core = new ClusterCore(
            Store.Open(new StoreOptions { File = home.PathOf("state.db"), Retention = options.History }, time, loggers.CreateLogger("Katabira.Store")), keys, AdmissionOf(options), time);
        try
        {
            await new Bootstrap(core.Client).RunAsync(cancellation);
            return core;
        }
        catch
        {
            await core.DisposeAsync();
            throw;
        }
    }

    /// <summary>Answers requests.</summary>
    /// <param name="pods">Who runs the pods; null for nobody.</param>
    public ApiHandler Handler(ClusterAuthority authority, PodBackend? pods, ILoggerFactory loggers)
    {
        var reads = new ResourceReads(Store, _time);
        var writes = new ResourceWrites(Store, _writer, _deleter, reads);
        var router = new ResourceRouter(
            reads, new ResourceWatches(Store, reads, _random, _time), writes, new ResourcePatches(_state, _writer, writes, _time), new ScaleRequests(Store, _writer),
            new PodRequests(_state, _writer, _deleter, pods is null ? null : new PodStreams(pods, _time)), new NamespaceRequests(_writer, writes), new Reviews(_state, Tokens));
        var metrics = new ApiMetrics(Store);
        var version = new ServerVersion(ServerVersion.Release, "", "", $"linux/{(RuntimeInformation.OSArchitecture is Architecture.Arm64 ? "arm64" : "amd64")}");
        var paths = new ServerPaths(version, _keys, metrics, () => Store.Fault?.Message, _time);
        return new(_state, new Authenticator(authority.Clients, Tokens), router, paths, metrics, loggers.CreateLogger(RequestLog.Category), _time);
    }

    /// <summary>Writes what is queued and closes the store. Once more does nothing.</summary>
    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        _webhooks.Dispose();
        _writer.Dispose();
    }

    private static NodeAdmission? AdmissionOf(ClusterOptions options) =>
        options.ProgramFolder is { } folder ? new(() => ImageCatalog.Load(options.CatalogFolder, folder)) : null;

    private static (JsonObject? Patched, string Error) Patched(JsonObject target, JsonArray patch)
    {
        var result = JsonPatch.Apply(target, patch);
        return (result.Node, result.Failure?.Message ?? "");
    }
}
