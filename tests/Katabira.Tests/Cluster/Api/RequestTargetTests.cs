using Katabira.Cluster.Api;
using Xunit;

namespace Katabira.Tests.Cluster.Api;

public class RequestTargetTests
{
    [Theory]
    [InlineData("/api/v1/pods", " v1 pods   ")]
    [InlineData("/api/v1/namespaces/foo/pods", " v1 pods foo  ")]
    [InlineData("/api/v1/namespaces/foo/pods/x", " v1 pods foo x ")]
    [InlineData("/api/v1/namespaces/foo/pods/x/log", " v1 pods foo x log")]
    [InlineData("/api/v1/namespaces/foo/services/s/proxy/a/b/c", " v1 services foo s proxy/a/b/c")]
    [InlineData("/api/v1/namespaces", " v1 namespaces   ")]
    [InlineData("/api/v1/namespaces/foo", " v1 namespaces  foo ")]
    [InlineData("/api/v1/namespaces/foo/status", " v1 namespaces  foo status")]
    [InlineData("/api/v1/namespaces/foo/finalize", " v1 namespaces  foo finalize")]
    [InlineData("/api/v1/nodes/n/status", " v1 nodes  n status")]
    [InlineData("/apis/apps/v1/deployments", "apps v1 deployments   ")]
    [InlineData("/apis/apps/v1/namespaces/foo/deployments/x/scale", "apps v1 deployments foo x scale")]
    [InlineData("/apis/security.istio.io/v1/namespaces/foo/peerauthentications/system:x", "security.istio.io v1 peerauthentications foo system:x ")]
    public void Path_OfResource_IsTakenApart(string path, string expected)
    {
        Assert.True(RequestTarget.TryParse(path, out var t));
        Assert.Equal(expected, $"{t.Group} {t.Version} {t.Plural} {t.Namespace} {t.Name} {t.Subresource}");
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/api")]
    [InlineData("/api/v1")]
    [InlineData("/apis/apps/v1")]
    [InlineData("/version")]
    [InlineData("/openapi/v3")]
    [InlineData("/api/v1//pods")]
    public void Path_OfNoResource_IsLeftToOthers(string path) => Assert.False(RequestTarget.TryParse(path, out _));

    [Theory]
    [InlineData(null, false)]
    [InlineData("0", false)]
    [InlineData("False", false)]
    [InlineData("false", false)]
    [InlineData("", true)]
    [InlineData("1", true)]
    [InlineData("True", true)]
    public void Boolean_IsReadAsKubernetesDoes(string? value, bool expected) => Assert.Equal(expected, QueryText.IsTrue(value));

    [Fact]
    public void Accept_OfKubectlGet_AsksForTables()
    {
        var wanted = MediaType.ParseList("application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json");
        Assert.Equal(["Table v1 meta.k8s.io", "Table v1beta1 meta.k8s.io", "  "], wanted.Select(m => $"{m.As} {m.Version} {m.Group}"));
        Assert.All(wanted, m => Assert.True(m.IsJson));
    }

    [Fact]
    public void Accept_Nothing_IsAnything() => Assert.True(Assert.Single(MediaType.ParseList("")).IsJson);
}
