using Katabira.Cluster.Resources;
using Xunit;

namespace Katabira.Tests.Cluster.Resources;

public class ResourceCatalogTests
{
    [Theory]
    [InlineData("", "v1", "pods", "Pod", "PodList", "pod")]
    [InlineData("", "v1", "endpoints", "Endpoints", "EndpointsList", "endpoints")]
    [InlineData("apps", "v1", "deployments", "Deployment", "DeploymentList", "deployment")]
    [InlineData("autoscaling", "v1", "horizontalpodautoscalers", "HorizontalPodAutoscaler", "HorizontalPodAutoscalerList", "horizontalpodautoscaler")]
    [InlineData("autoscaling", "v2", "horizontalpodautoscalers", "HorizontalPodAutoscaler", "HorizontalPodAutoscalerList", "horizontalpodautoscaler")]
    [InlineData("networking.k8s.io", "v1", "ingresses", "Ingress", "IngressList", "ingress")]
    public void Find_ABuiltIn_HasItsNames(string group, string version, string plural, string kind, string listKind, string singular)
    {
        var found = ResourceCatalog.BuiltIn.Find(group, version, plural);

        Assert.NotNull(found);
        Assert.Equal((kind, listKind, singular), (found.Value.Type.Kind, found.Value.Type.ListKind, found.Value.Type.Singular));
        Assert.Equal(found, ResourceCatalog.BuiltIn.FindKind(new(group, version, kind)));
    }

    [Theory]
    [InlineData("", "v2", "pods")]
    [InlineData("apps", "v1", "pods")]
    [InlineData("apps", "v1beta1", "deployments")]
    [InlineData("", "v1", "Pods")]
    public void Find_WhatIsNotServed_IsNull(string group, string version, string plural) =>
        Assert.Null(ResourceCatalog.BuiltIn.Find(group, version, plural));

    [Fact]
    public void Types_BuiltIn_HaveUniqueNamesAndOneStorageVersion()
    {
        var types = ResourceCatalog.BuiltIn.Types;

        Assert.Distinct(types.Select(t => t.QualifiedName));
        Assert.All(types, t => Assert.Single(t.Versions, v => v.IsStorage));
        Assert.All(types, t => Assert.False(t.IsCustom));
        // core and events.k8s.io share one short name on purpose: they show the same objects
        Assert.Equal(["ev"], types.SelectMany(t => t.ShortNames).GroupBy(n => n).Where(g => g.Count() > 1).Select(g => g.Key));
    }

    [Fact]
    public void Category_All_IsWhatGetAllLists() => Assert.Equal(
        ["pods", "replicationcontrollers", "services", "daemonsets.apps", "deployments.apps", "replicasets.apps", "statefulsets.apps",
            "horizontalpodautoscalers.autoscaling", "cronjobs.batch", "jobs.batch"],
        ResourceCatalog.BuiltIn.Types.Where(t => t.Categories.Contains("all")).Select(t => t.QualifiedName));

    [Fact]
    public void With_ACustomType_ServesItInANewCatalogOnly()
    {
        var extended = ResourceCatalog.BuiltIn.With(CustomTypes.Umbrella);

        Assert.NotNull(extended.Find("weather.example.com", "v1beta1", "umbrellas"));
        Assert.Null(ResourceCatalog.BuiltIn.Find("weather.example.com", "v1beta1", "umbrellas"));
        Assert.Equal(["v1", "v1beta1"], extended.FindGroup("weather.example.com")!.Versions.Select(v => v.Version));
        Assert.Null(extended.Without("weather.example.com", "umbrellas").FindGroup("weather.example.com"));
        Assert.Same(extended, extended.Without("weather.example.com", "sunshades"));
    }

    [Fact]
    public void With_TheSameName_TakesTheOldersPlace()
    {
        var later = new ResourceType
        {
            Group = "weather.example.com",
            Kind = "Umbrella",
            Plural = "umbrellas",
            IsCustom = true,
            Versions = [new() { Name = "v2", IsStorage = true }],
        };

        var catalog = ResourceCatalog.BuiltIn.With(CustomTypes.Umbrella).With(later);

        Assert.Null(catalog.Find("weather.example.com", "v1", "umbrellas"));
        Assert.Same(later, catalog.Find("weather.example.com", "v2", "umbrellas")!.Value.Type);
        Assert.Equal(ResourceCatalog.BuiltIn.Types.Length + 1, catalog.Types.Length);
    }

    [Fact]
    public void QualifiedName_InTheCoreGroup_IsThePluralAlone()
    {
        Assert.Equal("pods", ResourceCatalog.BuiltIn.FindType("", "pods")!.QualifiedName);
        Assert.Equal("deployments.apps", ResourceCatalog.BuiltIn.FindType("apps", "deployments")!.QualifiedName);
    }

    [Fact]
    public void IsStored_Reviews_AreNot()
    {
        Assert.False(ResourceCatalog.BuiltIn.FindType("authorization.k8s.io", "selfsubjectaccessreviews")!.IsStored);
        Assert.True(ResourceCatalog.BuiltIn.FindType("", "pods")!.IsStored);
    }

    [Fact]
    public void VersionOrder_Preferred_IsFirst() => Assert.Equal(
        ["v10", "v2", "v1", "v11beta2", "v10beta3", "v3beta1", "v12alpha1", "v11alpha2", "foo1", "foo10", "v0"],
        new[] { "v12alpha1", "v0", "foo10", "v3beta1", "v10", "v2", "foo1", "v1", "v11beta2", "v10beta3", "v11alpha2" }.Order(VersionOrder.PreferredFirst));
}
