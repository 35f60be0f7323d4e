using System.Text.Json.Nodes;
using Katabira.Cluster.Resources;
using Katabira.Cluster.Selectors;
using Xunit;

namespace Katabira.Tests.Cluster.Selectors;

public class FieldSelectorTests
{
    private const string Pod = "{'metadata':{'name':'web,1','namespace':'demo'},'spec':{'nodeName':'n1'},'status':{'phase':'Running','podIP':'10.0.0.1'}}";

    [Theory]
    [InlineData("Pod", Pod, "", true)]
    [InlineData("Pod", Pod, ",,", true)]
    [InlineData("Pod", Pod, "metadata.namespace=demo", true)]
    [InlineData("Pod", Pod, "metadata.namespace==demo,status.phase!=Failed", true)]
    [InlineData("Pod", Pod, "metadata.namespace=demo,status.phase!=Running", false)]
    [InlineData("Pod", Pod, "metadata.name=web\\,1", true)]
    [InlineData("Pod", Pod, "spec.schedulerName=", true)]
    [InlineData("Pod", Pod, "spec.schedulerName!=", false)]
    [InlineData("Pod", Pod, "spec.hostNetwork=false", true)]
    [InlineData("Pod", "{'spec':{'hostNetwork':true}}", "spec.hostNetwork=true", true)]
    [InlineData("Pod", Pod, "status.podIP=10.0.0.1,status.podIPs=10.0.0.1", true)]
    [InlineData("Event", "{'source':{'component':'kubelet'},'involvedObject':{'name':'p'}}", "source=kubelet,involvedObject.name=p", true)]
    [InlineData("Job", "{'status':{'succeeded':2}}", "status.successful=2", true)]
    [InlineData("Job", "{}", "status.successful=0", true)]
    [InlineData("ReplicaSet", "{'status':{'replicas':3}}", "status.replicas=3", true)]
    [InlineData("Node", "{'spec':{'unschedulable':true}}", "spec.unschedulable=false", false)]
    [InlineData("Secret", "{'type':'a=b\\\\'}", "type=a\\=b\\\\", true)]
    [InlineData("ConfigMap", "{'metadata':{'name':'x'}}", "metadata.name=x", true)]
    public void Matches_Object_AsTheTermsSay(string kind, string json, string text, bool expected)
    {
        var fields = BuiltIn(kind);
        var obj = JsonNode.Parse(json.Replace('\'', '"'))!.AsObject();
        Assert.True(FieldSelector.TryParse(text, fields, out var selector, out var problem), problem);
        Assert.Equal(expected, selector.Matches(field => fields.ValueOf(obj, field)));
    }

    [Theory]
    [InlineData("Pod", "spec.foo=1", "field label not supported: spec.foo")]
    [InlineData("ConfigMap", "spec.foo=1", "\"spec.foo\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\"")]
    [InlineData("Pod", "metadata.name", "invalid selector: 'metadata.name'; can't understand 'metadata.name'")]
    [InlineData("Pod", "status.phase=a,b", "invalid selector: 'status.phase=a,b'; can't understand 'b'")]
    [InlineData("Pod", "status.phase=a=b", "invalid field selector: unescaped character in value: 61")]
    [InlineData("Pod", "status.phase===a", "invalid field selector: unescaped character in value: 61")]
    [InlineData("Pod", "status.phase=a\\b", "invalid field selector: invalid escape sequence: \\b")]
    [InlineData("Pod", "status.phase=a\\", "invalid field selector: invalid escape sequence: \\")]
    public void TryParse_BadText_SaysWhatKubernetesSays(string kind, string text, string message)
    {
        Assert.False(FieldSelector.TryParse(text, BuiltIn(kind), out _, out var problem));
        Assert.Equal(message, problem);
    }

    [Fact]
    public void TryParse_TooManyTerms_IsRefused()
    {
        var fields = BuiltIn("Pod");
        Assert.True(FieldSelector.TryParse(string.Join(',', Enumerable.Repeat("type=x", 1000)), BuiltIn("Secret"), out _, out _));
        Assert.False(FieldSelector.TryParse(string.Join(',', Enumerable.Repeat("status.phase=x", 1_000_000)), fields, out _, out var problem));
        Assert.Equal("too many terms: must have at most 1000", problem);
    }

    [Theory]
    [InlineData("metadata.name=x", "x")]
    [InlineData("status.phase=a,metadata.name==x", "x")]
    [InlineData("metadata.name!=x", null)]
    [InlineData("", null)]
    public void ExactValue_OfName_IsTheOneDemanded(string text, string? expected)
    {
        Assert.True(FieldSelector.TryParse(text, BuiltIn("Pod"), out var selector, out _));
        Assert.Equal(expected, selector.ExactValue("metadata.name"));
    }

    [Fact]
    public void Of_CustomVersion_SupportsItsFieldsBesideNameAndNamespace()
    {
        var fields = SelectableFields.Of(new ServedVersion { Name = "v1", SelectableFields = [SelectableField.At("spec.color")] }, isCustom: true);
        Assert.Equal("blue", fields.ValueOf(JsonNode.Parse("""{"spec":{"color":"blue"}}""")!.AsObject(), "spec.color"));
        Assert.True(fields.Supports("metadata.name"));
        Assert.Equal("field label not supported: spec.size", fields.Refusal("spec.size"));
    }

    [Theory]
    [InlineData("{'source':{'component':'kubelet'}}", "kubelet")]
    [InlineData("{'reportingComponent':'scheduler'}", "scheduler")]
    [InlineData("{}", "")]
    public void ValueOf_FieldWithASecondPlace_ReadsTheFirstThatIsThere(string json, string expected) =>
        Assert.Equal(expected, BuiltIn("Event").ValueOf(JsonNode.Parse(json.Replace('\'', '"'))!.AsObject(), "source"));

    private static SelectableFields BuiltIn(string kind) => SelectableFields.Of(ResourceCatalog.BuiltIn.Types.First(t => t.Kind == kind).Versions[0], isCustom: false);
}
