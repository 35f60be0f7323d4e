using System.Text;
using System.Text.Json.Nodes;
using Katabira.Cluster.Node.Volumes;
using Katabira.Tests.Cluster.Node.Containers;
using Katabira.Tests.Support;
using Xunit;

namespace Katabira.Tests.Cluster.Node.Volumes;

public class VolumePayloadTests
{
    [Theory]
    [InlineData("configMap: { name: settings }", "COLOR=blue 644, SIZE=xl 644, a=b=no name 644")]
    [InlineData("configMap: { name: settings, defaultMode: 256 }", "COLOR=blue 400, SIZE=xl 400, a=b=no name 400")]
    [InlineData("configMap: { name: settings, items: [{ key: SIZE, path: in/size, mode: 256 }] }", "in/size=xl 400")]
    [InlineData("configMap: { name: settings, optional: true, items: [{ key: none, path: x }] }", "")]
    [InlineData("configMap: { name: none, optional: true }", "")]
    [InlineData("secret: { secretName: keys }", "TOKEN=s3cret 644")]
    [InlineData("secret: { secretName: none, optional: true }", "")]
    [InlineData("downwardAPI: { items: [{ path: labels, fieldRef: { fieldPath: metadata.labels } }] }", "labels=app=\"cart\"\ntier=\"back\" 644")]
    [InlineData("downwardAPI: { items: [{ path: notes, fieldRef: { fieldPath: metadata.annotations } }] }", "notes=note=\"two\\nlines\" 644")]
    [InlineData("downwardAPI: { items: [{ path: cpu, resourceFieldRef: { containerName: server, resource: limits.cpu } }] }", "cpu=2 644")]
    [InlineData("projected: { sources: [{ serviceAccountToken: { path: token, audience: vault, expirationSeconds: 700 } }] }", "token=vault/700 644")]
    [InlineData("projected: { sources: [{ configMap: { name: settings, items: [{ key: SIZE, path: x }] } }, { secret: { name: keys, items: [{ key: TOKEN, path: x }] } }] }", "x=s3cret 644")]
    public void Of_Volume_IsItsFiles(string volume, string expected)
    {
        var (files, error) = Of(volume);

        Assert.Equal("", error);
        Assert.Equal(expected, string.Join(", ", files!.Select(f => $"{f.Key}={Encoding.UTF8.GetString(f.Value.Data)} {Convert.ToString(f.Value.Mode, 8)}")));
    }

    [Theory]
    [InlineData("configMap: { name: none }", "configmap \"none\" not found")]
    [InlineData("secret: { secretName: none }", "secret \"none\" not found")]
    [InlineData("configMap: { name: settings, items: [{ key: none, path: x }] }", "configmap references non-existent config key: none")]
    [InlineData("secret: { secretName: keys, items: [{ key: none, path: x }] }", "references non-existent secret key: none")]
    [InlineData("projected: { sources: [{ configMap: { name: none } }, { secret: { name: gone } }] }", "[configmap \"none\" not found, secret \"gone\" not found]")]
    [InlineData("projected: { sources: [{ clusterTrustBundle: { path: x } }] }", "a projected source of the kind clusterTrustBundle is not one that this cluster has")]
    [InlineData("projected: { sources: [{ serviceAccountToken: { path: token, audience: refused } }] }", "failed to fetch token: serviceaccounts \"cart\" not found")]
    [InlineData("downwardAPI: { items: [{ path: x, fieldRef: { fieldPath: status.podIP } }] }", "unsupported fieldPath: status.podIP")]
    [InlineData("configMap: { name: settings, items: [{ key: SIZE, path: ../x }] }", "invalid path: must not contain '..': ../x")]
    [InlineData("configMap: { name: settings, items: [{ key: SIZE, path: a/../../x }] }", "invalid path: must not contain '..': a/../../x")]
    [InlineData("configMap: { name: settings, items: [{ key: SIZE, path: /etc/x }] }", "invalid path: must be relative path: /etc/x")]
    [InlineData("configMap: { name: settings, items: [{ key: SIZE, path: ..data }] }", "invalid path: must not start with '..': ..data")]
    [InlineData("configMap: { name: settings, items: [{ key: SIZE, path: a//b }] }", "invalid path: must not have empty parts: a//b")]
    [InlineData("configMap: { name: evil }", "invalid path: must not contain '..': ../../etc/passwd")]
    public void Of_VolumeThatCannotBe_SaysWhy(string volume, string expected)
    {
        var (files, error) = Of(volume);

        Assert.Null(files);
        Assert.Equal(expected, error);
    }

    [Theory]
    [InlineData("{}", 420, null)]
    [InlineData("{ securityContext: { runAsUser: 7 }, containers: [{ name: server }] }", 384, 7u)]
    [InlineData("{ securityContext: { fsGroup: 7 }, containers: [{ name: server }] }", 384, null)]
    public void Of_Token_IsForThePodsUserAlone(string spec, int mode, uint? owner)
    {
        var (files, _) = VolumePayload.Of(Volume("projected: { sources: [{ serviceAccountToken: { path: token } }] }"), Sources(Requests.Pod(spec)));

        Assert.Equal((mode, owner), (files!["token"].Mode, files["token"].Owner));
    }

    [Fact]
    public void Of_BinaryData_IsBytes()
    {
        var sources = Sources(Requests.Pod("{}")) with { Find = (_, _) => new JsonObject { ["binaryData"] = new JsonObject { ["b"] = "AP8=" } } };

        var (files, _) = VolumePayload.Of(Volume("configMap: { name: x }"), sources);

        Assert.Equal([0, 255], files!["b"].Data);
    }

    private static (SortedDictionary<string, PayloadFile>? Files, string Error) Of(string volume) =>
        VolumePayload.Of(Volume(volume), Sources(Requests.Of("resources: { limits: { cpu: 2 } }").Pod));

    private static JsonObject Volume(string volume) => YamlJson.Node($"{{ name: v, {volume} }}")!.AsObject();

    private static PayloadSources Sources(JsonObject pod) => new(pod, Find, Requests.Capacity, Token);

    private static JsonObject? Find(string plural, string name) =>
        name == "evil" ? new JsonObject { ["data"] = new JsonObject { ["../../etc/passwd"] = "x" } } : Requests.Find(plural, name);

    private static (string? Token, string Error) Token(string audience, long seconds) =>
        audience == "refused" ? (null, "serviceaccounts \"cart\" not found") : ($"{audience}/{seconds}", "");
}
