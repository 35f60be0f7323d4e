using System.Text.Json.Nodes;
using Katabira.Cluster.Schemas;
using Xunit;

namespace Katabira.Tests.Cluster.Schemas;

/// <summary>The most important kind of the mesh, judged by its manifest alone.</summary>
public sealed class PeerAuthenticationTests
{
    private static readonly CustomResourceModel s_model = CustomResourceModel.Compile(ManifestTests.Load("peerauthentications.security.istio.io.yaml"), Widgets.Patterns);

    [Theory]
    [InlineData("{}")]
    [InlineData("{mtls: {mode: STRICT}}")]
    [InlineData("{mtls: {mode: UNSET}}")]
    [InlineData("{mtls: {}}")]
    [InlineData("{selector: {matchLabels: {}}, mtls: {mode: PERMISSIVE}}")]
    [InlineData("{selector: {matchLabels: {app: foo}}, mtls: {mode: DISABLE}}")]
    [InlineData("{selector: {}}")]
    [InlineData("{selector: {matchLabels: {app: foo}}, portLevelMtls: {'8080': {mode: DISABLE}, '1': {}}}")]
    [InlineData("{selector: {matchLabels: {app: foo}}, portLevelMtls: {'65535': {mode: UNSET}}}")]
    public void Policy_Valid_IsAccepted(string spec) => Assert.Empty(Judge(spec));

    [Theory]
    [InlineData("{mtls: {mode: BLAH}}", "spec.mtls.mode: Unsupported value: \"BLAH\": supported values: \"UNSET\", \"DISABLE\", \"PERMISSIVE\", \"STRICT\"", Blocked)]
    [InlineData("{mtls: {mode: 1}}", "spec.mtls.mode: Invalid value: \"integer\": spec.mtls.mode in body must be of type string: \"integer\"", "spec.mtls.mode: Unsupported value: 1: supported values: \"UNSET\", \"DISABLE\", \"PERMISSIVE\", \"STRICT\"", Blocked)]
    [InlineData("{mtls: [STRICT]}", "spec.mtls: Invalid value: \"array\": spec.mtls in body must be of type object: \"array\"", Blocked)]
    [InlineData("{selector: {matchLabels: {app: foo}}, portLevelMtls: {}}", "spec.portLevelMtls: Invalid value: 0: spec.portLevelMtls in body should have at least 1 properties")]
    [InlineData("{portLevelMtls: {'80': {mode: STRICT}}}", "spec: Invalid value: \"object\": portLevelMtls requires selector")]
    [InlineData("{selector: {matchLabels: {}}, portLevelMtls: {'80': {mode: STRICT}}}", "spec: Invalid value: \"object\": portLevelMtls requires selector")]
    [InlineData("{selector: {matchLabels: {app: foo}}, portLevelMtls: {'0': {mode: STRICT}}}", "spec.portLevelMtls: Invalid value: \"object\": port must be between 1-65535")]
    [InlineData("{selector: {matchLabels: {app: foo}}, portLevelMtls: {'42949672': {mode: STRICT}}}", "spec.portLevelMtls: Invalid value: \"object\": port must be between 1-65535")]
    [InlineData("{selector: {matchLabels: {app: foo}}, portLevelMtls: {acd: {mode: STRICT}}}", "spec.portLevelMtls: Invalid value: \"object\": type conversion error from 'string' to 'int' evaluating rule: port must be between 1-65535")]
    [InlineData("{selector: {matchLabels: {app: foo}}, portLevelMtls: {'80': {mode: NO}}}", "spec.portLevelMtls.80.mode: Unsupported value: \"NO\": supported values: \"UNSET\", \"DISABLE\", \"PERMISSIVE\", \"STRICT\"", Blocked)]
    [InlineData("{selector: {matchLabels: {'*': v}}}", "spec.selector.matchLabels: Invalid value: \"object\": wildcard not allowed in label key match")]
    [InlineData("{selector: {matchLabels: {'': v}}}", "spec.selector.matchLabels: Invalid value: \"object\": key must not be empty")]
    [InlineData("{selector: {matchLabels: {app: 'f*o'}}}", "spec.selector.matchLabels[app]: Invalid value: \"f*o\": wildcard not allowed in label value match")]
    [InlineData("{selector: {matchLabels: {app: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa}}}", "spec.selector.matchLabels.app: Too long: may not be more than 63 bytes", Blocked)]
    public void Policy_Invalid_IsRefusedInTheApiServersWords(string spec, params string[] lines) => Assert.Equal(lines, Judge(spec));

    [Fact]
    public void Policy_WithATypo_LosesItAndStrictValidationNamesIt()
    {
        var policy = Policy("{mtls: {mod: STRICT}, peers: []}");
        Assert.Equal(["spec.mtls.mod", "spec.peers"], s_model.Version("v1")!.Decode(policy, collectUnknown: true));
        Assert.Equal("""{"mtls":{}}""", policy["spec"]!.ToJsonString());
    }

    [Fact]
    public void Policy_StoredAsV1_IsReadAsV1beta1()
    {
        var policy = Policy("{mtls: {mode: STRICT}}");
        s_model.Version("v1beta1")!.Read(policy);
        Assert.Equal("security.istio.io/v1beta1", policy["apiVersion"]!.GetValue<string>());
        Assert.Equal("""{"mtls":{"mode":"STRICT"}}""", policy["spec"]!.ToJsonString());
        Assert.Same(s_model.Version("v1")!.Schema, s_model.Version("v1beta1")!.Schema);
    }

    [Fact]
    public void Status_Written_IsJudgedByItsOwnSchema()
    {
        var old = Policy("{mtls: {mode: STRICT}}");
        var policy = old.DeepClone().AsObject();
        policy["status"] = YamlJson.Read("{conditions: [{type: Enforced, lastTransitionTime: yesterday}], observedGeneration: '3', free: {form: 1}}");
        s_model.Storage.Decode(policy, collectUnknown: false);
        Assert.Equal("{\"form\":1}", policy["status"]!["free"]!.ToJsonString());
        Assert.Equal(
            "status.conditions[0].lastTransitionTime: Invalid value: \"yesterday\": conditions[0].lastTransitionTime in body must be of type date-time: \"yesterday\"",
            s_model.Storage.ValidateStatus(policy, old)[0].ToString());
    }

    [Fact]
    public void Model_Compiled_KnowsNamesColumnsAndSubresources()
    {
        Assert.Equal(("security.istio.io", "peerauthentications", "PeerAuthentication", true), (s_model.Group, s_model.Plural, s_model.Kind, s_model.Namespaced));
        Assert.Equal(["v1", "v1beta1"], s_model.Versions.Select(v => v.Name));
        Assert.Equal("v1", s_model.Storage.Name);
        Assert.True(s_model.Storage.HasStatus);
        Assert.Null(s_model.Storage.Scale);
        Assert.Equal(["Mode .spec.mtls.mode string", "Age .metadata.creationTimestamp date"], s_model.Storage.Columns.Select(c => $"{c.Name} {c.JsonPath} {c.Type}"));
    }

    private const string Blocked =
        "<nil>: Invalid value: \"null\": some validation rules were not checked because the object was invalid; correct the existing errors to complete validation";

    private static string[] Judge(string spec)
    {
        var policy = Policy(spec);
        s_model.Storage.Decode(policy, collectUnknown: false);
        return [.. s_model.Storage.Validate(policy, null).Select(i => i.ToString())];
    }

    private static JsonObject Policy(string spec)
    {
        var policy = YamlJson.Object("{apiVersion: security.istio.io/v1, kind: PeerAuthentication, metadata: {name: default, namespace: foo}}");
        policy["spec"] = YamlJson.Read(spec);
        return policy;
    }
}
