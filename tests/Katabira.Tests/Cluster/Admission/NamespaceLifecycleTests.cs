using System.Text.Json.Nodes;
using Katabira.Cluster.Admission;
using Xunit;

namespace Katabira.Tests.Cluster.Admission;

public sealed class NamespaceLifecycleTests
{
    [Fact]
    public void CheckCreate_NoNamespace_IsNotFound()
    {
        var failure = NamespaceLifecycle.CheckCreate("", "pods", "x", "foo", stored: null)!;
        Assert.Equal((404, "namespaces \"foo\" not found"), (failure.Code, failure.Message));
    }

    [Theory]
    [InlineData("""{"metadata":{"name":"foo","deletionTimestamp":"2026-01-01T00:00:00Z"}}""")]
    [InlineData("""{"metadata":{"name":"foo"},"status":{"phase":"Terminating"}}""")]
    public void CheckCreate_EndingNamespace_IsForbidden(string ns)
    {
        var failure = NamespaceLifecycle.CheckCreate("apps", "deployments", "n", "foo", JsonNode.Parse(ns)!.AsObject())!;
        Assert.Equal("deployments.apps \"n\" is forbidden: unable to create new content in namespace foo because it is being terminated", failure.Message);
        Assert.Equal(403, failure.Code);
        var cause = Assert.Single(failure.Causes);
        Assert.Equal(("NamespaceTerminating", "namespace foo is being terminated", "metadata.namespace"), (cause.Reason, cause.Message, cause.Field));
    }

    [Fact]
    public void CheckCreate_LivingNamespaceOrNone_IsAllowed()
    {
        Assert.Null(NamespaceLifecycle.CheckCreate("", "pods", "x", "foo", JsonNode.Parse("""{"status":{"phase":"Active"}}""")!.AsObject()));
        Assert.Null(NamespaceLifecycle.CheckCreate("", "nodes", "x", "", null));
        Assert.Null(NamespaceLifecycle.CheckCreate("authorization.k8s.io", "localsubjectaccessreviews", "", "foo", null));
    }

    [Theory]
    [InlineData("default", "namespaces \"default\" is forbidden: this namespace may not be deleted")]
    [InlineData("kube-system", "namespaces \"kube-system\" is forbidden: this namespace may not be deleted")]
    [InlineData("kube-public", "namespaces \"kube-public\" is forbidden: this namespace may not be deleted")]
    [InlineData("kube-node-lease", null)]
    [InlineData("shop", null)]
    public void CheckDelete_Protected_IsForbidden(string name, string? message) => Assert.Equal(message, NamespaceLifecycle.CheckDelete(name)?.Message);
}
