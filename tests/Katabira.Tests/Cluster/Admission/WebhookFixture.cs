using System.Text;
using System.Text.Json.Nodes;
using Katabira.Cluster.Access;
using Katabira.Cluster.Admission;
using Katabira.Tests.Cluster.Access;
using Xunit;

namespace Katabira.Tests.Cluster.Admission;

/// <summary>One server for the tests of a class, known as the service <c>hook</c> in <c>mesh</c>, with a certificate of its own authority.</summary>
public sealed class WebhookFixture : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly TemporaryFolder _strangers = new();
    private WebhookServer? _server;
    private string _roots = "";
    private string _otherRoots = "";

    internal WebhookServer Server => _server!; // set before any test runs

    public async ValueTask InitializeAsync()
    {
        var authority = ClusterAuthority.Open(PrivateFolder.Open(_folder.Path, _ => { }), TimeProvider.System);
        _roots = authority.CertificatePem;
        _otherRoots = ClusterAuthority.Open(PrivateFolder.Open(_strangers.Path, _ => { }), TimeProvider.System).CertificatePem;
        _server = await WebhookServer.StartAsync(authority.IssueServing(["hook.mesh.svc"]));
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        _folder.Dispose();
        _strangers.Dispose();
    }

    /// <summary>The client whose services <c>hook</c> and <c>wrong</c> lead to the server; nothing else leads anywhere.</summary>
    internal WebhookClient Client(TimeProvider? time = null) =>
        new((ns, name, _) => ns == "mesh" && name is "hook" or "wrong" ? Server.Address : null, time ?? TimeProvider.System);

    internal static WebhookAdmission Admission(WebhookClient client) =>
        new(client, RbacObjects.MatchLabels, Apply, () => Guid.NewGuid().ToString());

    /// <summary>A configuration with one webhook that sees every pod, changed as the test needs it.</summary>
    internal JsonObject Configuration(string name, string path, Action<JsonObject>? change = null, bool strangeRoots = false, string service = "hook")
    {
        var webhook = new JsonObject
        {
            ["name"] = $"{name}.mesh.example",
            ["clientConfig"] = new JsonObject
            {
                ["service"] = new JsonObject { ["namespace"] = "mesh", ["name"] = service, ["path"] = path },
                ["caBundle"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(strangeRoots ? _otherRoots : _roots)),
            },
            ["rules"] = new JsonArray(new JsonObject
            {
                ["operations"] = new JsonArray("*"),
                ["apiGroups"] = new JsonArray(""),
                ["apiVersions"] = new JsonArray("v1"),
                ["resources"] = new JsonArray("pods"),
            }),
            ["sideEffects"] = "None",
            ["admissionReviewVersions"] = new JsonArray("v1beta1", "v1"),
        };
        change?.Invoke(webhook);
        return new() { ["metadata"] = new JsonObject { ["name"] = name }, ["webhooks"] = new JsonArray(webhook) };
    }

    internal static string Patch(string json) => Convert.ToBase64String(Encoding.UTF8.GetBytes(json));

    /// <summary>Adds values at existing objects: as much of JSON patch as these tests speak.</summary>
    private static (JsonObject? Patched, string Error) Apply(JsonObject target, JsonArray patch)
    {
        var copy = target.DeepClone().AsObject();
        foreach (var operation in patch)
        {
            var path = ((string)operation!["path"]!).Split('/');
            JsonNode? at = copy;
            foreach (var step in path[1..^1])
            {
                at = at?[step];
            }
            if (at is not JsonObject parent || (string?)operation["op"] != "add")
            {
                return (null, "the patch does not fit");
            }
            parent[path[^1]] = operation["value"]?.DeepClone();
        }
        return (copy, "");
    }
}
