using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using k8s;
using k8s.Autorest;
using k8s.Models;
using Katabira.EndToEnd.Support;
using Xunit;

namespace Katabira.EndToEnd;

/// <summary>The C# client, as our own control plane uses it: with the host name verified, and with every error seen.</summary>
public class KubernetesClientTests : IAsyncLifetime
{
    private static int s_count;

    private readonly SharedCluster _shared;
    private readonly k8s.Kubernetes _client;
    private readonly string _namespace = $"csharp-{Interlocked.Increment(ref s_count)}";

    public KubernetesClientTests(SharedCluster shared)
    {
        _shared = shared;
        _client = Connect(KubernetesClientConfiguration.BuildConfigFromConfigFile(shared.Cluster.Kubeconfig));
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() =>
        await _client.CoreV1.CreateNamespaceAsync(new V1Namespace { Metadata = new() { Name = _namespace } }, cancellationToken: Cancellation);

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Create_OfAConfigMap_IsListedReadAndDeleted()
    {
        var created = await CreateAsync("one", ("a", "1"));
        var listed = await _client.CoreV1.ListNamespacedConfigMapAsync(_namespace, fieldSelector: "metadata.name=one", cancellationToken: Cancellation);
        var deleted = await _client.CoreV1.DeleteNamespacedConfigMapAsync("one", _namespace, cancellationToken: Cancellation);

        Assert.True(Guid.TryParse(created.Metadata.Uid, out _));
        Assert.NotNull(created.Metadata.CreationTimestamp);
        Assert.Equal("1", Assert.Single(listed.Items).Data["a"]);
        Assert.Equal(created.Metadata.ResourceVersion, listed.Items[0].Metadata.ResourceVersion);
        Assert.True(long.Parse(listed.Metadata.ResourceVersion, null) >= long.Parse(created.Metadata.ResourceVersion, null));
        Assert.Equal("Success", deleted.Status);
        Assert.Equal(created.Metadata.Uid, deleted.Details.Uid);
    }

    [Fact]
    public async Task List_InPages_SeesEverythingOnce()
    {
        foreach (var name in (string[])["c", "a", "d", "b", "e"])
        {
            await CreateAsync(name);
        }
        var names = new List<string>();
        var counts = new List<int>();
        string? more = null;
        do
        {
            var page = await _client.CoreV1.ListNamespacedConfigMapAsync(_namespace, limit: 2, continueParameter: more, fieldSelector: "metadata.name!=kube-root-ca.crt", cancellationToken: Cancellation);
            names.AddRange(page.Items.Select(i => i.Metadata.Name));
            counts.Add(page.Items.Count);
            more = page.Metadata.ContinueProperty;
        }
        while (!string.IsNullOrEmpty(more));

        Assert.Equal(["a", "b", "c", "d", "e"], names);
        Assert.All(counts, count => Assert.True(count <= 2));
    }

    [Fact]
    public async Task Watch_FromAList_TellsEveryChangeInOrder()
    {
        var list = await _client.CoreV1.ListNamespacedConfigMapAsync(_namespace, cancellationToken: Cancellation);
        await CreateAsync("w", ("a", "1"));
        await PatchAsync("w", """{"data":{"a":"2"}}""", V1Patch.PatchType.MergePatch);
        await _client.CoreV1.DeleteNamespacedConfigMapAsync("w", _namespace, cancellationToken: Cancellation);
        var errors = new List<Exception>();
        var seen = new List<(WatchEventType Type, string? Data)>();

        var watch = _client.CoreV1.WatchListNamespacedConfigMapAsync(
            _namespace, fieldSelector: "metadata.name=w", resourceVersion: list.Metadata.ResourceVersion, onError: errors.Add, cancellationToken: Cancellation);
        await foreach (var (type, item) in watch)
        {
            seen.Add((type, item.Data?["a"]));
            if (type == WatchEventType.Deleted)
            {
                break;
            }
        }

        Assert.Equal([(WatchEventType.Added, "1"), (WatchEventType.Modified, "2"), (WatchEventType.Deleted, "2")], seen);
        Assert.Empty(errors);
    }

    [Fact]
    public async Task Watch_WithBookmarksThatTimesOut_EndsWithABookmark()
    {
        var list = await _client.CoreV1.ListNamespacedConfigMapAsync(_namespace, cancellationToken: Cancellation);
        var seen = new List<WatchEventType>();

        var watch = _client.CoreV1.WatchListNamespacedConfigMapAsync(
            _namespace, allowWatchBookmarks: true, timeoutSeconds: 1, fieldSelector: "metadata.name=nobody", resourceVersion: list.Metadata.ResourceVersion, cancellationToken: Cancellation);
        await foreach (var (type, item) in watch)
        {
            seen.Add(type);
            Assert.True(long.Parse(item.Metadata.ResourceVersion, null) >= long.Parse(list.Metadata.ResourceVersion, null));
        }

        Assert.Equal([WatchEventType.Bookmark], seen);
    }

    [Fact]
    public async Task Patch_OfEveryType_ChangesWhatItNames()
    {
        await CreateAsync("p", ("a", "1"), ("b", "1"));

        await PatchAsync("p", """[{"op":"replace","path":"/data/a","value":"json"}]""", V1Patch.PatchType.JsonPatch);
        await PatchAsync("p", """{"data":{"b":null,"c":"merge"}}""", V1Patch.PatchType.MergePatch);
        await PatchAsync("p", """{"data":{"d":"strategic"}}""", V1Patch.PatchType.StrategicMergePatch);
        var applied = await _client.CoreV1.PatchNamespacedConfigMapAsync(
            new V1Patch("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"p"},"data":{"e":"apply"}}""", V1Patch.PatchType.ApplyPatch),
            "p", _namespace, fieldManager: "test", force: true, cancellationToken: Cancellation);

        Assert.Equal("a=json c=merge d=strategic e=apply", string.Join(' ', applied.Data.OrderBy(d => d.Key).Select(d => $"{d.Key}={d.Value}")));
        Assert.Contains(applied.Metadata.ManagedFields, f => f is { Manager: "test", Operation: "Apply" });
    }

    [Fact]
    public async Task Replace_WithAnOldResourceVersion_IsAConflict()
    {
        var stale = await CreateAsync("r", ("a", "1"));
        await PatchAsync("r", """{"data":{"a":"2"}}""", V1Patch.PatchType.MergePatch);

        var refusal = await RefusedAsync(() => _client.CoreV1.ReplaceNamespacedConfigMapAsync(stale, "r", _namespace, cancellationToken: Cancellation));

        Assert.Equal((409, "Conflict"), (refusal.Code, refusal.Reason));
        Assert.Equal("r", refusal.Details.Name);
    }

    [Fact]
    public async Task Create_OfAnInvalidPod_NamesEveryCause()
    {
        var pod = new V1Pod { Metadata = new() { Name = "bad" }, Spec = new() { Containers = [new() { Name = "Bad", ImagePullPolicy = "Sometimes" }] } };

        var refusal = await RefusedAsync(() => _client.CoreV1.CreateNamespacedPodAsync(pod, _namespace, cancellationToken: Cancellation));

        Assert.Equal((422, "Invalid", "Pod"), (refusal.Code, refusal.Reason, refusal.Details.Kind));
        Assert.Equal(
            ["FieldValueInvalid spec.containers[0].name", "FieldValueNotSupported spec.containers[0].imagePullPolicy", "FieldValueRequired spec.containers[0].image"],
            refusal.Details.Causes.Select(c => $"{c.Reason} {c.Field}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Create_OfAService_FillsInAddressesAndPorts()
    {
        var service = new V1Service { Metadata = new() { Name = "s" }, Spec = new() { Ports = [new() { Port = 80, TargetPort = "http" }] } };

        var created = await _client.CoreV1.CreateNamespacedServiceAsync(service, _namespace, cancellationToken: Cancellation);

        Assert.StartsWith("10.96.", created.Spec.ClusterIP, StringComparison.Ordinal);
        Assert.Equal([created.Spec.ClusterIP], created.Spec.ClusterIPs);
        Assert.Equal(("http", "TCP"), (created.Spec.Ports[0].TargetPort.Value, created.Spec.Ports[0].Protocol));
    }

    [Fact]
    public async Task Token_OfAServiceAccount_IsReviewedAndMayDoWhatItsRolesSay()
    {
        await _client.CoreV1.CreateNamespacedServiceAccountAsync(new() { Metadata = new() { Name = "robot" } }, _namespace, cancellationToken: Cancellation);
        var request = new Authenticationv1TokenRequest { Spec = new() { Audiences = [], ExpirationSeconds = 600 } };
        var token = await _client.CoreV1.CreateNamespacedServiceAccountTokenAsync(request, "robot", _namespace, cancellationToken: Cancellation);

        var review = await _client.AuthenticationV1.CreateTokenReviewAsync(new() { Spec = new() { Token = token.Status.Token } }, cancellationToken: Cancellation);
        var forged = await _client.AuthenticationV1.CreateTokenReviewAsync(new() { Spec = new() { Token = token.Status.Token[..^4] + "AAAA" } }, cancellationToken: Cancellation);
        using var robot = Connect(new KubernetesClientConfiguration
        {
            Host = _shared.Cluster.Address.ToString(),
            SslCaCerts = KubernetesClientConfiguration.BuildConfigFromConfigFile(_shared.Cluster.Kubeconfig).SslCaCerts,
            AccessToken = token.Status.Token,
        });
        var refusal = await RefusedAsync(() => robot.CoreV1.ListNamespacedConfigMapAsync(_namespace, cancellationToken: Cancellation));

        Assert.True(review.Status.Authenticated);
        Assert.Equal($"system:serviceaccount:{_namespace}:robot", review.Status.User.Username);
        Assert.NotEqual(true, forged.Status.Authenticated);
        Assert.Equal((403, "Forbidden"), (refusal.Code, refusal.Reason));
    }

    [Fact]
    public async Task CustomObject_OfAKindDefinedNow_IsServedAtOnce()
    {
        var plural = $"things{_namespace.Replace("-", "", StringComparison.Ordinal)}";
        var schema = new V1JSONSchemaProps
        {
            Type = "object",
            Properties = new Dictionary<string, V1JSONSchemaProps> { ["spec"] = new() { Type = "object", Properties = new Dictionary<string, V1JSONSchemaProps> { ["size"] = new() { Type = "integer" } } } },
        };
        await _client.ApiextensionsV1.CreateCustomResourceDefinitionAsync(
            new()
            {
                Metadata = new() { Name = $"{plural}.example.org" },
                Spec = new()
                {
                    Group = "example.org",
                    Scope = "Namespaced",
                    Names = new() { Plural = plural, Kind = "Thing" + plural },
                    Versions = [new() { Name = "v1", Served = true, Storage = true, Schema = new() { OpenAPIV3Schema = schema } }],
                },
            },
            cancellationToken: Cancellation);
        var body = new Dictionary<string, object>
        {
            ["apiVersion"] = "example.org/v1",
            ["kind"] = "Thing" + plural,
            ["metadata"] = new Dictionary<string, object> { ["name"] = "x" },
            ["spec"] = new Dictionary<string, object> { ["size"] = 3, ["unknown"] = true },
        };

        await _client.CustomObjects.CreateNamespacedCustomObjectAsync(body, "example.org", "v1", _namespace, plural, cancellationToken: Cancellation);
        var read = (JsonElement)await _client.CustomObjects.GetNamespacedCustomObjectAsync("example.org", "v1", _namespace, plural, "x", cancellationToken: Cancellation);
        await _client.ApiextensionsV1.DeleteCustomResourceDefinitionAsync($"{plural}.example.org", cancellationToken: Cancellation);

        Assert.Equal("""{"size":3}""", read.GetProperty("spec").GetRawText());
    }

    [Fact]
    public async Task Client_ThatAsksForAnotherName_RefusesTheServer()
    {
        var config = KubernetesClientConfiguration.BuildConfigFromConfigFile(_shared.Cluster.Kubeconfig);
        config.Host = $"https://127.0.0.2:{_shared.Cluster.Address.Port}";
        using var client = Connect(config, connectTo: IPAddress.Loopback);

        await Assert.ThrowsAsync<HttpRequestException>(() => client.CoreV1.ListNamespaceAsync(cancellationToken: Cancellation));
    }

    /// <summary>The client trusts any name under a private authority unless the chain policy comes from us.</summary>
    private static k8s.Kubernetes Connect(KubernetesClientConfiguration config, IPAddress? connectTo = null)
    {
        var authorities = config.SslCaCerts;
        config.SslCaCerts = null;
        config.FirstMessageHandlerSetup = handler =>
        {
            var sockets = (SocketsHttpHandler)handler;
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.AddRange(authorities);
            sockets.SslOptions.CertificateChainPolicy = policy;
            if (connectTo is not null)
            {
                sockets.ConnectCallback = async (context, cancellation) =>
                {
                    var socket = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
                    await socket.ConnectAsync(connectTo, context.DnsEndPoint.Port, cancellation);
                    return new System.Net.Sockets.NetworkStream(socket, ownsSocket: true);
                };
            }
        };
        return new k8s.Kubernetes(config);
    }

    private static async Task<V1Status> RefusedAsync<T>(Func<Task<T>> call)
    {
        var error = await Assert.ThrowsAsync<HttpOperationException>(call);
        return KubernetesJson.Deserialize<V1Status>(error.Response.Content);
    }

    private Task<V1ConfigMap> CreateAsync(string name, params (string Key, string Value)[] data) =>
        _client.CoreV1.CreateNamespacedConfigMapAsync(
            new V1ConfigMap { Metadata = new() { Name = name }, Data = data.ToDictionary(d => d.Key, d => d.Value) }, _namespace, cancellationToken: Cancellation);

    private Task<V1ConfigMap> PatchAsync(string name, string body, V1Patch.PatchType type) =>
        _client.CoreV1.PatchNamespacedConfigMapAsync(new V1Patch(body, type), name, _namespace, cancellationToken: Cancellation);
}
