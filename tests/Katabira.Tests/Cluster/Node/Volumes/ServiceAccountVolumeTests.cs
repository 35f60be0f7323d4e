using System.Text;
using System.Text.Json.Nodes;
using Katabira.Cluster.Node.Volumes;
using Katabira.Cluster.Resources;
using Katabira.Tests.Cluster.Node.Containers;
using Katabira.Tests.Support;
using Xunit;

namespace Katabira.Tests.Cluster.Node.Volumes;

public class ServiceAccountVolumeTests
{
    private const string Place = "/var/run/secrets/kubernetes.io/serviceaccount";

    [Fact]
    public void AddTo_Pod_GivesEachContainerTokenAuthorityAndNamespace()
    {
        var pod = Add("{ initContainers: [{ name: i }], containers: [{ name: a, volumeMounts: [{ name: x, mountPath: /x }] }] }");
        var spec = pod.Child("spec");

        Assert.Equal("kube-api-access-abcde", spec.Items("volumes").Single().Text("name"));
        Assert.All(spec.Items("initContainers").Concat(spec.Items("containers")), c => Assert.Equal(Place, c.Items("volumeMounts").Last().Text("mountPath")));
        var (files, error) = VolumePayload.Of(spec.Items("volumes").Single(), new(
            pod, (_, name) => name == "kube-root-ca.crt" ? new JsonObject { ["data"] = new JsonObject { ["ca.crt"] = "PEM" } } : null, Requests.Capacity, (a, s) => ($"{a}{s}", "")));
        Assert.Equal("", error);
        Assert.Equal(["ca.crt=PEM", "namespace=shop", "token=3607"], files!.Select(f => $"{f.Key}={Encoding.UTF8.GetString(f.Value.Data)}"));
    }

    [Theory]
    [InlineData("{ automountServiceAccountToken: false, containers: [{ name: a }] }", "{}")]
    [InlineData("{ containers: [{ name: a }] }", "{ automountServiceAccountToken: false }")]
    [InlineData("{ containers: [{ name: a, volumeMounts: [{ name: mine, mountPath: /var/run/secrets/kubernetes.io/serviceaccount/ }] }] }", "{}")]
    public void AddTo_PodThatDeclines_IsLeftAlone(string spec, string account)
    {
        var expected = Requests.Pod(spec).ToJsonString();

        Assert.Equal(expected, Add(spec, account).ToJsonString());
    }

    [Fact]
    public void AddTo_PodThatWantsIt_HasItAgainstItsAccount() =>
        Assert.Single(Add("{ automountServiceAccountToken: true, containers: [{ name: a }] }", "{ automountServiceAccountToken: false }").Child("spec").Items("volumes"));

    [Fact]
    public void AddTo_OnceMore_ChangesNothing()
    {
        var pod = Add("{ containers: [{ name: a }] }");
        var before = pod.ToJsonString();

        ServiceAccountVolume.AddTo(pod, null, () => "other");

        Assert.Equal(before, pod.ToJsonString());
    }

    private static JsonObject Add(string spec, string account = "{}")
    {
        var pod = Requests.Pod(spec);
        ServiceAccountVolume.AddTo(pod, YamlJson.Node(account)!.AsObject(), () => "abcde");
        return pod;
    }
}
