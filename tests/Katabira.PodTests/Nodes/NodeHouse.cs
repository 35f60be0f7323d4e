using System.Text.Json.Nodes;
using Katabira.Cluster;
using Katabira.Cluster.Network;
using Katabira.Cluster.Node;
using Katabira.Cluster.Node.Agent;
using Katabira.Cluster.Node.ControlGroups;
using Katabira.Cluster.Node.Streams;
using Katabira.Tests.Cluster.Api;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Katabira.PodTests.Nodes;

/// <summary>A cluster with a node, in a home of its own. Nothing of it is left at the end of the test.</summary>
internal sealed class NodeHouse : IAsyncDisposable
{
    public const string Pods = "/api/v1/namespaces/default/pods";
    public const string Deployments = "/apis/apps/v1/namespaces/default/deployments";

    /// <summary>After so long without any change there will be none.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(45);

    private readonly ILoggerFactory _loggers = LoggerFactory.Create(b => b.AddProvider(new TestLog()).SetMinimumLevel(LogLevel.Warning));
    private readonly string _program;
    private EmbeddedCluster _cluster = null!; // set by OpenAsync, which alone makes one

    private NodeHouse(string home, string program) => (Home, _program) = (home, program);

    public string Home { get; }

    /// <summary>The administrator; another one after each start.</summary>
    public ApiClient Api { get; private set; } = null!; // as above

    /// <summary>Goes into the pods, as the API does.</summary>
    public NodeBackend Backend => new(Home, (pod, cancel) => _cluster.Network!.Node.FindAsync(Text(pod, "metadata.uid"), cancel), TimeProvider.System); // not null: a node has a network

    /// <summary>Null where the machine forbids pods.</summary>
    public static async Task<NodeHouse?> OpenAsync() => await PodHouse.IsForbiddenAsync() ? null : await OpenAsync(PodProgram.Path);

    /// <summary>With another program for pods, perhaps one that is not there.</summary>
    public static async Task<NodeHouse> OpenAsync(string program)
    {
        var house = new NodeHouse(Directory.CreateTempSubdirectory("ktb").FullName, program);
        try
        {
            await house.StartAsync();
            return house;
        }
        catch
        {
            await house.RemoveAsync();
            throw;
        }
    }

    public async Task StartAsync()
    {
        _cluster = await EmbeddedCluster.StartAsync(new ClusterOptions { Home = Home, PodProgram = _program }, TimeProvider.System, _loggers, PodHouse.Cancel);
        Api = ApiClient.Admin(_cluster.Kubeconfig);
    }

    /// <summary>Ends the cluster's process, as far as that can be done from inside; its pods go on.</summary>
    public async Task StopAsync()
    {
        Api.Dispose();
        await _cluster.DisposeAsync();
    }

    /// <summary>A pod of the image <c>host</c> with one container.</summary>
    /// <param name="more">Further fields of the pod's spec, as YAML would have them in one line each.</param>
    public static string Pod(string name, string script, string more = "", string container = "") => $$$"""
        apiVersion: v1
        kind: Pod
        metadata: {name: {{{name}}}, labels: {app: {{{name}}}}}
        spec:
          terminationGracePeriodSeconds: 1
          {{{more}}}
          containers:
          - name: main
            image: host
            command: [sh, -c, {{{JsonValue.Create(script).ToJsonString()}}}]
            {{{container}}}
        """;

    public async Task<JsonObject> CreateAsync(string collection, string yaml) => (await Api.PostAsync(collection, yaml, ApiClient.Yaml)).Expect(201).Json;

    /// <summary>Waits until an object is as it should be.</summary>
    public async Task<JsonObject> UntilAsync(string collection, string name, Func<JsonObject, bool> condition)
    {
        JsonObject? last = null;
        using var watch = await Api.WatchAsync($"{collection}?fieldSelector=metadata.name={name}");
        try
        {
            while (true)
            {
                var line = await watch.NextAsync().WaitAsync(s_patience);
                last = line["object"]!.AsObject();
                if ((string?)line["type"] != "DELETED" && condition(last))
                {
                    return last;
                }
            }
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"{name} did not become what it should: {last?["status"]?.ToJsonString()}");
        }
    }

    public Task<JsonObject> UntilPodAsync(string name, Func<JsonObject, bool> condition) => UntilAsync(Pods, name, condition);

    /// <summary>Waits until there is no such object.</summary>
    public async Task UntilGoneAsync(string collection, string name)
    {
        using var watch = await Api.WatchAsync($"{collection}?fieldSelector=metadata.name={name}");
        if ((await Api.GetAsync($"{collection}/{name}")).Code == 404)
        {
            return;
        }
        while ((string?)(await watch.NextAsync().WaitAsync(s_patience))["type"] != "DELETED")
        {
        }
    }

    public static bool IsReady(JsonObject pod) => Condition(pod, "Ready") == "True";

    public static string? Condition(JsonObject pod, string type) =>
        (string?)(Answer.Find(pod, "status.conditions") as JsonArray ?? []).FirstOrDefault(c => (string?)c!["type"] == type)?["status"];

    public static string Text(JsonObject item, string path) => Answer.Find(item, path)?.ToString() ?? "";

    public async Task<string> LogAsync(string pod, string query = "") => (await Api.GetAsync($"{Pods}/{pod}/log{query}")).Expect(200).Text;

    /// <summary>What was told about a pod, as <c>TYPE REASON MESSAGE</c>.</summary>
    public async Task<List<string>> EventsAsync(string name)
    {
        var list = (await Api.GetAsync($"/api/v1/namespaces/default/events?fieldSelector=involvedObject.name={name}")).Expect(200);
        return [.. list["items"]!.AsArray().Select(e => $"{e!["type"]} {e["reason"]} {e["message"]}")];
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await RemoveAsync();
    }

    /// <summary>Ends what is left of the pods, and removes everything.</summary>
    private async Task RemoveAsync()
    {
        foreach (var folder in PodFolder.All(Home))
        {
            try
            {
                await new PodProcess(folder.Socket).ShutdownAsync(CancellationToken.None);
            }
            catch (PodGoneException)
            {
                // as it should be
            }
        }
        if (Environment.IsPrivilegedProcess)
        {
            var names = NamespaceNames.Of(Home);
            await NodeNetwork.DestroyAsync(names, CancellationToken.None);
            PodControlGroups.Open(names.Prefix.TrimEnd('-'), _ => { }).Remove();
        }
        _loggers.Dispose();
        Directory.Delete(Home, recursive: true);
    }

    /// <summary>What the cluster complains about is beside the test's result.</summary>
    private sealed class TestLog : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            TestContext.Current.TestOutputHelper?.WriteLine($"{logLevel}: {formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}
