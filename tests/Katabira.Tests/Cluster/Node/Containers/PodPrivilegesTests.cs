using Katabira.Cluster.Node.Containers;
using Katabira.Cluster.Node.Images;
using Xunit;

namespace Katabira.Tests.Cluster.Node.Containers;

public class PodPrivilegesTests
{
    private static readonly ImageCatalog s_catalog = ImageCatalog.Of(new CatalogImage { Name = "host", Description = "", NeedsClusterAdmin = true }, Requests.Image);

    [Theory]
    [InlineData("{ containers: [{ name: a, image: 'shop:1' }], volumes: [{ name: v, emptyDir: {} }] }", "")]
    [InlineData("{ containers: [{ name: a, image: host }] }", "container \"a\" may run any program of this machine (image host)")]
    [InlineData("{ initContainers: [{ name: a, image: 'docker.io/library/host:latest' }] }", "container \"a\" may run any program of this machine (image host)")]
    [InlineData("{ containers: [{ name: a, image: 'shop:1', securityContext: { privileged: true } }] }", "container \"a\" is privileged")]
    [InlineData("{ volumes: [{ name: v, hostPath: { path: / } }] }", "volume \"v\" is a place of this machine (hostPath)")]
    public void Needed_Pod_IsWhatReachesTheMachine(string spec, string expected) => Assert.Equal(expected, string.Join("; ", PodPrivileges.Needed(Requests.Pod(spec), s_catalog)));
}
