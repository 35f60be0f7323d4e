using System.Text.Json.Nodes;
using Katabira.Cluster.Protobuf;
using Katabira.Cluster.Resources;
using Katabira.Tests.Cluster.Resources;
using Katabira.Tests.Support;
using Xunit;

namespace Katabira.Tests.Cluster.Protobuf;

public class ProtobufBodyTests
{
    private const string Folder = "tests/Katabira.Tests/Cluster/Protobuf/kubectl";

    /// <summary>What kubectl 1.33.9 sent, byte for byte; the file names say for which command.</summary>
    public static TheoryData<string> Captured =>
        [.. Directory.GetFiles(Repository.PathTo(Folder), "*.hex").Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Captured))]
    public void Decode_WhatKubectlSent_IsAsReviewed(string name)
    {
        var body = Convert.FromHexString(Repository.Read($"{Folder}/{name}.hex").ReplaceLineEndings(""));

        var decoded = ProtobufBody.Decode(body, default);

        Assert.Equal("", decoded.Error);
        Golden.Equal($"{Folder}/{name}.json", PrettyJson.Of(decoded.Object!));
    }

    [Theory]
    [MemberData(nameof(Captured))]
    public void Decode_WhatKubectlSentEncodedAgain_IsTheSame(string name)
    {
        var item = ProtobufBody.Decode(Convert.FromHexString(Repository.Read($"{Folder}/{name}.hex").ReplaceLineEndings("")), default).Object!;

        // the table is in JSON's order, the wire in the order of numbers: only the order of members may differ
        Assert.True(JsonNode.DeepEquals(item, ProtobufBody.Decode(TestEncoder.Body(item), default).Object));
    }

    [Theory]
    // Namespace "foo": an empty spec and status, and times that are no times
    [InlineData("Namespace, by hand",
        "6b387300 0a0f 0a027631 12094e616d657370616365 1211 0a0b 0a03666f6f 1200 1a00 4200 1200 1a00",
        "{'apiVersion':'v1','kind':'Namespace','metadata':{'name':'foo'},'spec':{},'status':{}}")]
    // replicas is a pointer: a written 0 is a value. minReadySeconds is none: a written 0 is nothing
    [InlineData("Deployment with no replicas, by hand",
        "6b387300 0a15 0a07617070732f7631 120a4465706c6f796d656e74 120d 0a03 0a0161 1206 0800 2800 3800",
        "{'apiVersion':'apps/v1','kind':'Deployment','metadata':{'name':'a'},'spec':{'replicas':0}}")]
    // ports[0]: port 80, targetPort {1 which = text, 2 number = 0, 3 "http"}, nodePort 0 that nobody set
    [InlineData("Service with a named target port, by hand",
        "6b387300 0a0d 0a027631 120753657276696365 1214 1212 0a10 1850 220a 0801 1000 1a0468747470 2800",
        "{'apiVersion':'v1','kind':'Service','spec':{'ports':[{'port':80,'targetPort':'http'}]}}")]
    [InlineData("TokenRequest, by hand",
        "6b387300 0a280a1861757468656e7469636174696f6e2e6b38732e696f2f7631120c546f6b656e52657175657374 120812060a016120d804",
        "{'apiVersion':'authentication.k8s.io/v1','kind':'TokenRequest','spec':{'audiences':['a'],'expirationSeconds':600}}")]
    // status.allowed is no pointer, but always written in JSON
    [InlineData("SelfSubjectAccessReview, by hand",
        "6b387300 0a320a17617574686f72697a6174696f6e2e6b38732e696f2f7631121753656c665375626a656374416363657373526576696577 1211120b0a090a01671201612201701a020800",
        "{'apiVersion':'authorization.k8s.io/v1','kind':'SelfSubjectAccessReview','spec':{'resourceAttributes':{'namespace':'g','verb':'a','version':'p'}},'status':{'allowed':false}}")]
    [InlineData("DeleteOptions, by hand: a grace of 0 seconds is a value",
        "6b387300 0a130a027631120d44656c6574654f7074696f6e73 120e0800220a4261636b67726f756e64",
        "{'apiVersion':'v1','kind':'DeleteOptions','gracePeriodSeconds':0,'propagationPolicy':'Background'}")]
    public void Decode_ByHand_IsExact(string _, string hex, string expected)
    {
        var decoded = ProtobufBody.Decode(Convert.FromHexString(hex.Replace(" ", "")), default);

        Assert.Equal(expected, decoded.Ok ? Json.Line(decoded.Object) : decoded.Error);
    }

    [Fact]
    public void Decode_DeleteOptions_KeepsTheZeroGrace()
    {
        var body = TestEncoder.Body(Json.Object("{'apiVersion':'apps/v1','kind':'DeleteOptions','gracePeriodSeconds':0,'preconditions':{'uid':'u'},'propagationPolicy':'Background','dryRun':['All']}"));

        var options = ProtobufBody.Decode(body, default).Object!;

        Assert.Equal("{'apiVersion':'apps/v1','kind':'DeleteOptions','gracePeriodSeconds':0,'preconditions':{'uid':'u'},'propagationPolicy':'Background','dryRun':['All']}", Json.Line(options));
    }

    [Theory]
    [InlineData("{'apiVersion':'v1','kind':'Event','metadata':{'creationTimestamp':'2026-01-02T03:04:05Z'},'eventTime':'2026-01-02T03:04:05.123456Z'}")]
    [InlineData("{'apiVersion':'v1','kind':'Pod','spec':{'containers':[{'name':'c','resources':{'limits':{'cpu':'100m'}},'livenessProbe':{'httpGet':{'port':8080},'periodSeconds':-1}}],"
        + "'volumes':[{'name':'v','secret':{'secretName':'s','defaultMode':0}},{'name':'e','emptyDir':{}}],'tolerations':[{'tolerationSeconds':0}],'securityContext':{'supplementalGroups':[0,1]}}}")]
    [InlineData("{'apiVersion':'authorization.k8s.io/v1','kind':'SubjectAccessReview','spec':{'user':'u','extra':{'scopes':['a','b']}},'status':{'allowed':false}}")]
    [InlineData("{'apiVersion':'v1','kind':'Secret','immutable':false,'data':{'a':'AAEC/w==','b':''}}")]
    [InlineData("{'apiVersion':'apps/v1','kind':'ControllerRevision','data':{'a':[1,{'b':null}]},'revision':0}")]
    [InlineData("{'apiVersion':'apiextensions.k8s.io/v1','kind':'CustomResourceDefinition','spec':{'group':'g','names':{'plural':'p','kind':'K'},'scope':'Cluster','versions':[{'name':'v1','served':true,'storage':false,"
        + "'schema':{'openAPIV3Schema':{'$ref':'r','default':{'x':1},'multipleOf':0.5,'items':{'type':'string'},'additionalProperties':false,'enum':['a',1],'dependencies':{'d':['e']},"
        + "'x-kubernetes-preserve-unknown-fields':false,'x-kubernetes-list-map-keys':['k']}}}]}}")]
    public void Decode_SpecialForms_ComeBackAsTheyWere(string item) =>
        Assert.True(JsonNode.DeepEquals(Json.Object(item), ProtobufBody.Decode(TestEncoder.Body(Json.Object(item)), default).Object));

    [Fact]
    public void Decode_WithoutATypeMeta_TakesThePathsKind()
    {
        byte[] body = [.. "k8s\0"u8, .. TestEncoder.Field(2, TestEncoder.Field(1, TestEncoder.Field(1, TestEncoder.Text("x"))))];

        var decoded = ProtobufBody.Decode(body, new GroupVersionKind("", "v1", "ConfigMap"));

        Assert.Equal("{'apiVersion':'v1','kind':'ConfigMap','metadata':{'name':'x'}}", Json.Line(decoded.Object));
    }

    [Fact]
    public void Decode_UnknownFields_AreSkipped()
    {
        byte[] metadata = [.. TestEncoder.Field(1, TestEncoder.Text("x")), .. TestEncoder.Field(999, [1, 2, 3]), .. TestEncoder.VarintField(998, 5), 0xF9, 0x3E, 1, 2, 3, 4, 5, 6, 7, 8, 0xFD, 0x3E, 1, 2, 3, 4];
        byte[] body = [.. "k8s\0"u8, .. TestEncoder.Field(2, TestEncoder.Field(1, metadata))];

        Assert.Equal("{'name':'x'}", Json.Line(ProtobufBody.Decode(body, new("", "v1", "ConfigMap")).Object!["metadata"]));
    }

    [Theory]
    [InlineData("7b7d", "provided data does not appear to be a protobuf message, expected prefix 6b 38 73 00")]
    [InlineData("6b387300 0aff", "the protobuf body could not be decoded: unexpected end inside a number")]
    [InlineData("6b387300 0a05 00", "the protobuf body could not be decoded: a length of 5 goes beyond the end of the message")]
    [InlineData("6b387300 0b 0c", "the protobuf body could not be decoded: wire type 3 is not supported")]
    [InlineData("6b387300 02 00", "the protobuf body could not be decoded: a field number is out of range")]
    [InlineData("6b387300 08ffffffffffffffffffffff", "the protobuf body could not be decoded: a number is longer than ten bytes")]
    [InlineData("6b387300 09 0102", "the protobuf body could not be decoded: unexpected end of the message")]
    [InlineData("6b387300 1a01 78 2200", "the protobuf body holds 'x', which is not supported: send the object itself")]
    [InlineData("6b387300 0a09 0a027631 1203466f6f", "no kind \"Foo\" is registered for version \"v1\"")]
    // metadata.name as a number; as text that is not UTF-8
    [InlineData("6b387300 1204 0a02 0801", "the protobuf body could not be decoded: meta.v1.ObjectMeta.name has wire type 0 where 2 belongs")]
    [InlineData("6b387300 1206 0a04 0a02 c328", "the protobuf body could not be decoded: a string is not valid UTF-8")]
    // creationTimestamp beyond the year 9999
    [InlineData("6b387300 120b 0a09 4207 08 ffffffffff7f", "the protobuf body could not be decoded: a time is out of range")]
    public void Decode_Nonsense_SaysWhatIsWrong(string hex, string expected)
    {
        var decoded = ProtobufBody.Decode(Convert.FromHexString(hex.Replace(" ", "")), new("", "v1", "ConfigMap"));

        Assert.False(decoded.Ok);
        Assert.Equal(expected, decoded.Error);
    }

    [Fact]
    public void Decode_NestedTooDeep_IsAnError()
    {
        var schema = Array.Empty<byte>();
        for (var i = 0; i < 5000; i++)
        {
            schema = TestEncoder.Field(28, schema); // "not" of a JSON schema
        }
        byte[] version = [.. TestEncoder.Field(4, TestEncoder.Field(1, schema))];
        byte[] body = [.. "k8s\0"u8, .. TestEncoder.Field(2, TestEncoder.Field(2, TestEncoder.Field(7, version)))];

        Assert.Contains("nested deeper than 100", ProtobufBody.Decode(body, new("apiextensions.k8s.io", "v1", "CustomResourceDefinition")).Error);
    }

    [Theory]
    [InlineData(63, true)]
    [InlineData(64, false)]
    public void Decode_DeepEmbeddedJson_MustBeReadableAgain(int depth, bool ok)
    {
        var json = new string('[', depth) + new string(']', depth);
        byte[] body = [.. "k8s\0"u8, .. TestEncoder.Field(2, TestEncoder.Field(2, TestEncoder.Field(1, TestEncoder.Text(json))))];

        var decoded = ProtobufBody.Decode(body, new("apps", "v1", "ControllerRevision"));

        Assert.Equal(ok ? "" : "the object is nested deeper than 64", decoded.Error);
        Assert.True(!decoded.Ok || JsonNode.Parse(decoded.Object.ToJsonString()) is not null);
    }

    [Theory]
    [InlineData("core.v1.ConfigMap", 13)]      // ownerReferences: empty messages
    [InlineData("core.v1.ConfigMap", 14)]      // finalizers: empty strings
    public void Decode_AMillionEmptyItems_IsAnError(string _, int field)
    {
        var items = Enumerable.Repeat(TestEncoder.Field(field, []), 1_000_000).SelectMany(f => f).ToArray();
        byte[] body = [.. "k8s\0"u8, .. TestEncoder.Field(2, TestEncoder.Field(1, items))];

        Assert.Contains("more than 250000 values", ProtobufBody.Decode(body, new("", "v1", "ConfigMap")).Error);
    }
}
