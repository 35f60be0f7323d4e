using Katabira.Cluster.Protobuf;
using Katabira.Cluster.Resources;
using Xunit;

namespace Katabira.Tests.Cluster.Resources;

public class FieldCheckTests
{
    private static readonly GroupVersionKind s_deployment = new("apps", "v1", "Deployment");

    [Fact]
    public void Run_AWholeObject_FindsNothingAndChangesNothing()
    {
        const string item = "{'apiVersion':'apps/v1','kind':'Deployment','metadata':{'name':'a','labels':{'x':'y'},'creationTimestamp':'2026-01-01T00:00:00Z'},'spec':{'replicas':2,"
            + "'strategy':{'rollingUpdate':{'maxSurge':'25%','maxUnavailable':1}},'template':{'spec':{'containers':[{'name':'c','env':[{'name':'A','value':'1'}],'resources':{'limits':{'cpu':'1','memory':'1Gi'}}}],"
            + "'volumes':[{'name':'v','projected':{'sources':[{'secret':{'name':'s'}}]}}]}}}}";
        var deployment = Json.Object(item);

        var found = FieldCheck.Run(deployment, FieldTable.Find(s_deployment)!);

        Assert.Null(found.StrictError(s_deployment));
        Assert.Equal(item, Json.Line(deployment));
    }

    [Fact]
    public void Run_UnknownFields_AreNamedInOrderAndDropped()
    {
        var deployment = Json.Object("{'kind':'Deployment','specs':{},'spec':{'replcas':1,'template':{'spec':{'containers':[{'name':'a'},{'name':'b','imagee':'x','ports':[{'containerPort':80,'x.y':1}]}],'a':1}}},'zzz':[]}");

        var found = FieldCheck.Run(deployment, FieldTable.Find(s_deployment)!);

        Assert.Equal(
            "Deployment in version \"v1\" cannot be handled as a Deployment: strict decoding error: unknown field \"specs\", unknown field \"spec.replcas\", "
            + "unknown field \"spec.template.spec.containers[1].imagee\", unknown field \"spec.template.spec.containers[1].ports[0].x.y\", unknown field \"spec.template.spec.a\", unknown field \"zzz\"",
            found.StrictError(s_deployment));
        Assert.Null(found.LenientError(s_deployment));
        Assert.Equal("{'kind':'Deployment','spec':{'template':{'spec':{'containers':[{'name':'a'},{'name':'b','ports':[{'containerPort':80}]}]}}}}", Json.Line(deployment));
    }

    [Fact]
    public void Run_Nulls_AreAbsence()
    {
        var deployment = Json.Object("{'metadata':{'creationTimestamp':null,'labels':{'a':null}},'spec':{'replicas':null,'selector':null},'status':null}");

        FieldCheck.Run(deployment, FieldTable.Find(s_deployment)!);

        Assert.Equal("{'metadata':{'labels':{'a':''}},'spec':{}}", Json.Line(deployment));
    }

    [Theory]
    [InlineData("{'spec':{'replicas':'two'}}", "json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32")]
    [InlineData("{'spec':{'replicas':1.5}}", "json: cannot unmarshal number 1.5 into Go struct field DeploymentSpec.spec.replicas of type int32")]
    [InlineData("{'spec':{'replicas':4294967296}}", "json: cannot unmarshal number 4294967296 into Go struct field DeploymentSpec.spec.replicas of type int32")]
    [InlineData("{'spec':{'paused':'yes'}}", "json: cannot unmarshal string into Go struct field DeploymentSpec.spec.paused of type bool")]
    [InlineData("{'spec':{'template':{'spec':{'containers':[{'env':[{'name':'A','value':1}]}]}}}}", "json: cannot unmarshal number into Go struct field EnvVar.spec.template.spec.containers.env.value of type string")]
    [InlineData("{'spec':{'template':{'spec':{'containers':{}}}}}", "json: cannot unmarshal object into Go struct field PodSpec.spec.template.spec.containers of type []v1.Container")]
    [InlineData("{'spec':'x'}", "json: cannot unmarshal string into Go struct field Deployment.spec of type v1.DeploymentSpec")]
    [InlineData("{'metadata':{'labels':{'a':1}}}", "json: cannot unmarshal number into Go struct field ObjectMeta.metadata.labels of type string")]
    [InlineData("{'metadata':{'labels':[]}}", "json: cannot unmarshal array into Go struct field ObjectMeta.metadata.labels of type map[string]string")]
    [InlineData("{'metadata':{'creationTimestamp':'yesterday'}}", "parsing time \"yesterday\" as \"2006-01-02T15:04:05Z07:00\": cannot parse \"yesterday\" as \"2006\"")]
    [InlineData("{'spec':{'template':{'spec':{'containers':[{'resources':{'limits':{'cpu':'lots'}}}]}}}}", "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'")]
    [InlineData("{'spec':{'strategy':{'rollingUpdate':{'maxSurge':true}}}}", "json: cannot unmarshal bool into Go struct field RollingUpdateDeployment.spec.strategy.rollingUpdate.maxSurge of type intstr.IntOrString")]
    // of two mistakes the first is told
    [InlineData("{'spec':{'replicas':'a','paused':'b'}}", "json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32")]
    public void Run_AWrongType_IsTheDecodersError(string item, string expected)
    {
        var found = FieldCheck.Run(Json.Object(item), FieldTable.Find(s_deployment)!);

        Assert.Equal(expected, found.TypeError);
        Assert.Equal($"Deployment in version \"v1\" cannot be handled as a Deployment: {expected}", found.LenientError(s_deployment));
    }

    [Fact]
    public void RunMetadata_OfACustomResource_LooksAtNothingElse()
    {
        var item = Json.Object("{'metadata':{'name':'u','lables':{}},'spec':{'anything':null}}");

        Assert.Equal(["unknown field \"metadata.lables\""], FieldCheck.RunMetadata(item).Unknown);
        Assert.Equal("{'metadata':{'name':'u'},'spec':{'anything':null}}", Json.Line(item));
        Assert.Equal(
            "json: cannot unmarshal number into Go struct field ObjectMeta.metadata.name of type string",
            FieldCheck.RunMetadata(Json.Object("{'metadata':{'name':7}}")).TypeError);
    }

    [Fact]
    public void Run_SecretData_MustBeBase64()
    {
        var secret = FieldTable.Find(new("", "v1", "Secret"))!;

        Assert.Equal("illegal base64 data at input byte 2", FieldCheck.Run(Json.Object("{'data':{'a':'ab!c'}}"), secret).TypeError);
        Assert.Equal("", FieldCheck.Run(Json.Object("{'data':{'a':'YWI='}}"), secret).TypeError);
    }

    [Fact]
    public void Run_AMillionUnknownFields_NamesAHundred()
    {
        var item = Json.Object("{}");
        for (var i = 0; i < 1_000_000; i++)
        {
            item[$"f{i}"] = 1;
        }

        var found = FieldCheck.Run(item, FieldTable.Find(s_deployment)!);

        Assert.Equal(100, found.Unknown.Length);
        Assert.Empty(item);
    }
}
