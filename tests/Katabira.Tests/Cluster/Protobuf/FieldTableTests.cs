using Katabira.Cluster.Protobuf;
using Katabira.Cluster.Resources;
using Xunit;

namespace Katabira.Tests.Cluster.Protobuf;

public class FieldTableTests
{
    [Fact]
    public void Find_EveryBuiltInKindAndBody_IsThere()
    {
        var kinds = ResourceCatalog.BuiltIn.Types
            .SelectMany(t => t.Versions.SelectMany(v => v.Subresources.Select(s => s.Kind).Append(t.KindIn(v))));

        Assert.All(kinds, kind => Assert.True(FieldTable.Find(kind) is { IsKind: true }, $"{kind} is missing"));
    }

    [Theory]
    [InlineData("", "v1", "PodSpec")]                    // a type, but no kind
    [InlineData("policy.example.com", "v1", "Eviction")] // a custom group whose name begins like a built-in one
    [InlineData("apps", "v1beta1", "Deployment")]
    public void Find_WhatIsNoBuiltInKind_IsNull(string group, string version, string kind) => Assert.Null(FieldTable.Find(new(group, version, kind)));

    [Fact]
    public void ByJsonName_AnInlinedField_StandsInItsOwner()
    {
        var volume = FieldTable.Types["core.v1.Volume"];

        Assert.Equal("core.v1.SecretVolumeSource", volume.ByJsonName("secret")!.TypeName);
        Assert.Null(volume.ByJsonName("volumeSource"));
        Assert.Null(volume.ByNumber(3));
    }

    /// <summary>Names that do not follow from upstream's protobuf names.</summary>
    [Theory]
    [InlineData("authentication.v1.BoundObjectReference", 4, "uid")]
    [InlineData("apiextensions.v1.JSONSchemaProps", 2, "$schema")]
    [InlineData("apiextensions.v1.JSONSchemaProps", 3, "$ref")]
    [InlineData("apiextensions.v1.JSONSchemaProps", 38, "x-kubernetes-preserve-unknown-fields")]
    public void ByNumber_AnIrregularField_HasItsJsonName(string type, int number, string name) =>
        Assert.Equal(name, FieldTable.Types[type].ByNumber(number)!.Name);

    /// <summary>Zeros that mean zero, and zeros that mean nothing was set.</summary>
    [Theory]
    [InlineData("apps.v1.DeploymentSpec", "replicas", true)]
    [InlineData("apps.v1.DeploymentSpec", "minReadySeconds", false)]
    [InlineData("core.v1.PodSpec", "terminationGracePeriodSeconds", true)]
    [InlineData("core.v1.PodSpec", "hostNetwork", false)]
    [InlineData("core.v1.SecretVolumeSource", "defaultMode", true)]
    [InlineData("core.v1.ServicePort", "nodePort", false)]
    [InlineData("core.v1.EnvVarSource", "configMapKeyRef", false)]
    [InlineData("core.v1.ConfigMapKeySelector", "optional", true)]
    [InlineData("meta.v1.OwnerReference", "controller", true)]
    [InlineData("coordination.v1.LeaseSpec", "leaseTransitions", true)]
    [InlineData("discovery.v1.EndpointConditions", "ready", true)]
    [InlineData("admissionregistration.v1.MutatingWebhook", "timeoutSeconds", true)]
    public void Presence_OfPointers_IsKnown(string type, string field, bool expected) =>
        Assert.Equal(expected, FieldTable.Types[type].ByJsonName(field)!.HasPresence);

    [Fact]
    public void Types_NumbersAndNames_AreUniqueInEach() => Assert.All(FieldTable.Types.Values, type =>
    {
        Assert.Distinct(type.Fields.Select(f => f.Number));
        Assert.Distinct(type.JsonFields.Select(f => f.Name));
    });

    [Theory]
    [InlineData("Pod metadata=1 string")]
    [InlineData("Pod: metadata 1 string")]
    [InlineData("Pod: metadata=x string")]
    public void Parse_ABrokenLine_IsRefused(string line) => Assert.Throws<FormatException>(() => FieldTableText.Parse("p", line).ToArray());

    [Fact]
    public void Parse_ContinuationsAndMarks_AreRead()
    {
        var type = FieldTableText.Parse("p", "# note\nkind A: b=1 []string*,\n  c=2 {}q.T, d=3 int32?!\n").Single();

        Assert.Equal(("p.A", true), (type.Name, type.IsKind));
        Assert.Equal(
            [
                new MessageField("b", 1, FieldShape.List, ScalarKind.String, "string") { IsRequired = true },
                new MessageField("c", 2, FieldShape.Map, ScalarKind.None, "q.T"),
                new MessageField("d", 3, FieldShape.One, ScalarKind.Int32, "int32") { HasPresence = true, IsAlwaysWritten = true },
            ],
            type.Fields);
    }
}
