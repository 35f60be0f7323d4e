using System.Net;
using System.Net.Sockets;
using Katabira.Network.Support;
using Xunit;

namespace Katabira.Network;

/// <summary>Objects are made by the API, and packets flow.</summary>
public sealed class ClusterNetworkTests : IAsyncLifetime
{
    private const string HostPath = "/proc/self/ns/net";
    private const int Refused = 7;

    private TestCluster _cluster = null!; // set before each test

    public async ValueTask InitializeAsync() => _cluster = await TestCluster.StartAsync();

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task Service_MadeByTheApi_IsReachedByItsName()
    {
        var (a, b) = (await _cluster.AddPodAsync("a"), await _cluster.AddPodAsync("b"));
        await _cluster.AddServiceAsync("web", """{"ports":[{"name":"http","port":80}]}""");
        await _cluster.PointAsync("web", b);
        var reached = await TestCluster.InPodAsync(a, "curl", "--silent", "http://web");
        await _cluster.PointAsync("web");
        var refused = await TestCluster.InPodAsync(a, "curl", "--silent", "http://web");
        await _cluster.PointAsync("web", a);
        var hairpin = await TestCluster.InPodAsync(a, "curl", "--silent", "http://web.default");
        (await _cluster.Admin.DeleteAsync("/api/v1/namespaces/default/services/web")).Expect(200);
        await _cluster.PointAsync("web", b); // a slice whose Service is gone
        var unknown = await TestCluster.InPodAsync(a, "getent", "ahostsv4", "web");

        Assert.Equal((0, $"b {a.Address}"), (reached.ExitCode, reached.Output));
        Assert.Equal(Refused, refused.ExitCode);
        Assert.Equal((0, "a 10.244.0.1"), (hairpin.ExitCode, hairpin.Output));
        Assert.Equal(2, unknown.ExitCode);
    }

    [Fact]
    public async Task LoadBalancer_FromTheHost_IsReachedAtItsAddress()
    {
        var a = await _cluster.AddPodAsync("a");
        var port = FreePort();
        await _cluster.AddServiceAsync("shop", $$"""{"type":"LoadBalancer","ports":[{"name":"http","port":{{port}}}]}""");
        await _cluster.PointAsync("shop", a);

        var address = await _cluster.AddressOfAsync("shop");
        var got = await Run.CurlAsync(HostPath, $"http://{address}:{port}");

        Assert.StartsWith("127.77.", address, StringComparison.Ordinal);
        Assert.Equal((0, "a 10.244.0.1"), (got.ExitCode, got.Output));
        Assert.Equal("Ensured load balancer", await _cluster.UntilEventAsync("shop", "EnsuredLoadBalancer"));
    }

    [Fact]
    public async Task LoadBalancer_OfAnotherTypeNow_GivesItsAddressBack()
    {
        var port = FreePort();
        await _cluster.AddServiceAsync("shop", $$"""{"type":"LoadBalancer","ports":[{"name":"http","port":{{port}}}]}""");
        var address = await _cluster.AddressOfAsync("shop");

        (await _cluster.Admin.PatchAsync("/api/v1/namespaces/default/services/shop", $$$"""{"spec":{"type":"ClusterIP","ports":[{"name":"http","port":{{{port}}}}]}}""")).Expect(200);
        await _cluster.UntilServiceAsync("shop", s => TestCluster.IngressOf(s) is null && (string?)s["spec"]!["type"] == "ClusterIP");
        var got = await Run.CurlAsync(HostPath, $"http://{address}:{port}");

        Assert.Equal(Refused, got.ExitCode);
    }

    [Fact]
    public async Task LoadBalancer_WhosePortIsTaken_IsPendingAndNamesTheProcessUntilItIsFree()
    {
        using var somebody = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        somebody.Bind(new IPEndPoint(IPAddress.Any, 0));
        somebody.Listen();
        var (taken, free) = (((IPEndPoint)somebody.LocalEndPoint!).Port, FreePort());
        await _cluster.AddServiceAsync("shop", $$"""{"type":"LoadBalancer","ports":[{"name":"free","port":{{free}}},{"name":"http","port":{{taken}}}]}""");

        var message = await _cluster.UntilEventAsync("shop", "SyncLoadBalancerFailed");
        var pending = await _cluster.Admin.GetAsync("/api/v1/namespaces/default/services/shop");
        somebody.Dispose();
        var address = await _cluster.AddressOfAsync("shop");

        Assert.StartsWith("Error syncing load balancer: failed to ensure load balancer: cannot listen on 127.77.", message, StringComparison.Ordinal);
        Assert.EndsWith($"(process {Environment.ProcessId}) listens there already", message, StringComparison.Ordinal);
        Assert.Null(TestCluster.IngressOf(pending.Json));
        Assert.StartsWith("127.77.", address, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LoadBalancer_OfUdp_SaysThatTheHostDoesNotReachIt()
    {
        await _cluster.AddServiceAsync("names", """{"type":"LoadBalancer","ports":[{"name":"dns","port":53,"protocol":"UDP"}]}""");

        var message = await _cluster.UntilEventAsync("names", "UnsupportedProtocol");

        Assert.Equal("Reached from pods, and not from the host, from where TCP alone is carried: 53/UDP", message);
    }

    [Fact]
    public async Task LoadBalancers_OfTwoClusters_HaveAddressesOfTheirOwn()
    {
        await using var other = await TestCluster.StartAsync();
        var port = FreePort();
        var spec = $$"""{"type":"LoadBalancer","ports":[{"name":"http","port":{{port}}}]}""";
        await _cluster.AddServiceAsync("shop", spec);
        await _cluster.AddServiceAsync("more", spec);
        await other.AddServiceAsync("shop", spec);

        string[] addresses = [await _cluster.AddressOfAsync("shop"), await _cluster.AddressOfAsync("more"), await other.AddressOfAsync("shop")];

        Assert.Distinct(addresses);
        Assert.Equal(RangeOf(addresses[0]), RangeOf(addresses[1]));
        Assert.NotEqual(RangeOf(addresses[0]), RangeOf(addresses[2]));
    }

    [Fact]
    public async Task NodePort_FromPodsAndFromTheHost_IsReached()
    {
        var (a, b) = (await _cluster.AddPodAsync("a"), await _cluster.AddPodAsync("b"));
        var made = await _cluster.AddServiceAsync("web", """{"type":"NodePort","ports":[{"name":"http","port":80}]}""");
        await _cluster.PointAsync("web", b);
        var port = (int)made["spec.ports.0.nodePort"]!;

        var fromPod = await Run.CurlAsync(a.Namespace, $"http://10.244.0.1:{port}");
        var fromHost = await Run.CurlAsync(HostPath, "--retry", "50", "--retry-connrefused", "--retry-delay", "1", "--retry-max-time", "20", $"http://127.0.0.1:{port}");

        Assert.Equal((0, $"b {a.Address}"), (fromPod.ExitCode, fromPod.Output));
        Assert.Equal((0, "b 10.244.0.1"), (fromHost.ExitCode, fromHost.Output));
    }

    [Fact]
    public async Task NodePort_ThatIsTakenOnTheHost_SaysSo()
    {
        using var somebody = Enumerable.Range(31_000, 1_000).Select(Listen).First(s => s is not null)!; // a thousand are not all taken
        var port = ((IPEndPoint)somebody.LocalEndPoint!).Port;
        await _cluster.AddServiceAsync("web", $$"""{"type":"NodePort","ports":[{"name":"http","port":80,"nodePort":{{port}}}]}""");

        var message = await _cluster.UntilEventAsync("web", "NodePortUnavailable");

        Assert.StartsWith($"The node port is reached from pods, and not from the host: cannot listen on 127.0.0.1:{port}: ", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://kubernetes.default.svc/version")]
    [InlineData("https://kubernetes/version")]
    [InlineData("https://10.96.0.1/version")]
    public async Task Api_FromAPod_IsReachedAndProvesWhoItIs(string url)
    {
        var a = await _cluster.AddPodAsync("a");
        var authority = (string)(await _cluster.Admin.GetAsync("/api/v1/namespaces/default/configmaps/kube-root-ca.crt"))["data"]!["ca.crt"]!;
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, authority, TestContext.Current.CancellationToken);

        var got = await TestCluster.InPodAsync(a, "curl", "--silent", "--show-error", "--max-time", "20", "--cacert", file, url);
        File.Delete(file);

        Assert.Equal((0, ""), (got.ExitCode, got.Error));
        Assert.Contains("gitVersion", got.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("default", "kubernetes", 6443)]
    [InlineData("kube-system", "kube-dns", 53)]
    public async Task Services_OfTheNodeItself_HaveEndpoints(string ns, string name, int port)
    {
        var endpoints = (await _cluster.Admin.GetAsync($"/api/v1/namespaces/{ns}/endpoints/{name}")).Expect(200);
        var slice = (await _cluster.Admin.GetAsync($"/apis/discovery.k8s.io/v1/namespaces/{ns}/endpointslices/{name}")).Expect(200);

        Assert.Equal(("10.244.0.1", port), ((string?)endpoints["subsets.0.addresses.0.ip"], (int?)endpoints["subsets.0.ports.0.port"]));
        Assert.Equal(("10.244.0.1", port), ((string?)slice["endpoints.0.addresses.0"], (int?)slice["ports.0.port"]));
    }

    [Theory, InlineData("10.96.0.10"), InlineData("10.244.0.1")]
    public async Task Names_AtTheServiceAndAtTheNode_AreAnswered(string server)
    {
        var a = await _cluster.AddPodAsync("a");

        var got = await Run.InAsync(a.Namespace, "dig", "@" + server, "+short", "+tries=1", "kubernetes.default.svc.cluster.local");
        var service = (await _cluster.Admin.GetAsync("/api/v1/namespaces/kube-system/services/kube-dns")).Expect(200);

        Assert.Equal("10.96.0.1\n", got.Output);
        Assert.Equal("10.96.0.10", (string?)service["spec.clusterIP"]);
    }

    [Fact]
    public async Task Restart_OfTheProcess_IsNotNoticedByPods()
    {
        var (a, b) = (await _cluster.AddPodAsync("a"), await _cluster.AddPodAsync("b"));
        var port = FreePort();
        var made = await _cluster.AddServiceAsync("web", $$"""{"type":"LoadBalancer","ports":[{"name":"http","port":{{port}}}]}""");
        await _cluster.PointAsync("web", b);
        var address = await _cluster.AddressOfAsync("web");
        var inside = (string?)made["spec.clusterIP"];
        Run? meanwhile = null;

        await _cluster.RestartAsync(async () => meanwhile = await Run.CurlAsync(a.Namespace, $"http://{inside}:{port}"), "a", "b");
        var after = await Run.CurlAsync(a.Namespace, $"http://{inside}:{port}");
        await _cluster.UntilEventAsync("web", "EnsuredLoadBalancer");
        var fromHost = await Run.CurlAsync(HostPath, "--retry", "50", "--retry-connrefused", "--retry-delay", "1", "--retry-max-time", "20", $"http://{address}:{port}");

        Assert.Equal($"b {a.Address}", meanwhile?.Output);
        Assert.Equal($"b {a.Address}", after.Output);
        Assert.Equal("b 10.244.0.1", fromHost.Output);
        Assert.Equal(address, await _cluster.AddressOfAsync("web"));
        Assert.Equal(a, await _cluster.Network.Node.FindAsync("a", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Webhook_InAPod_IsAskedByTheApi()
    {
        var a = await _cluster.AddPodAsync("a");
        await using var hook = await RefusingWebhook.StartAsync(a.Namespace, 8443, "hook.default.svc", "not on a Sunday");
        await _cluster.AddServiceAsync("hook", """{"ports":[{"name":"http","port":443}]}""");
        (await _cluster.Admin.PostAsync("/apis/discovery.k8s.io/v1/namespaces/default/endpointslices", TestCluster.SliceOf("hook", a.Address.ToString()).Replace("8080", "8443", StringComparison.Ordinal))).Expect(201);
        var roots = Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes(hook.RootsPem));
        (await _cluster.Admin.PostAsync("/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations", $$$"""
            {"metadata":{"name":"hook"},"webhooks":[{"name":"hook.example.test","sideEffects":"None","admissionReviewVersions":["v1"],
             "clientConfig":{"caBundle":"{{{roots}}}","service":{"namespace":"default","name":"hook","port":443}},
             "rules":[{"operations":["CREATE"],"apiGroups":[""],"apiVersions":["v1"],"resources":["configmaps"]}]}]}
            """)).Expect(201);

        var refused = await _cluster.Admin.PostAsync("/api/v1/namespaces/default/configmaps", """{"metadata":{"name":"x"}}""");

        Assert.Contains("not on a Sunday", refused.Text, StringComparison.Ordinal);
        Assert.NotEqual(201, refused.Code);
    }

    [Fact]
    public async Task Rules_DeletedBehindOurBack_ComeBackWithTheNextChange()
    {
        var (a, b) = (await _cluster.AddPodAsync("a"), await _cluster.AddPodAsync("b"));
        var made = await _cluster.AddServiceAsync("web", """{"ports":[{"name":"http","port":80}]}""");
        await _cluster.PointAsync("web", b);
        await Run.InAsync(_cluster.NodePath, "nft", "flush", "ruleset");

        await _cluster.PointAsync("web", a);
        var got = await Run.CurlAsync(b.Namespace, $"http://{(string?)made["spec.clusterIP"]}");

        Assert.Equal($"a {b.Address}", got.Output);
    }

    private static string RangeOf(string address) => address[..address.LastIndexOf('.')];

    /// <summary>Listens on a port of the host; null if somebody does.</summary>
    private static Socket? Listen(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            socket.Listen();
            return socket;
        }
        catch (SocketException)
        {
            socket.Dispose();
            return null;
        }
    }

    private static int FreePort()
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(IPAddress.Any, 0));
        return ((IPEndPoint)probe.LocalEndPoint!).Port;
    }
}
