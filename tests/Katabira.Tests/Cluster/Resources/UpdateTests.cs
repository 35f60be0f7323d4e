using Katabira.Cluster.Resources;
using Xunit;

namespace Katabira.Tests.Cluster.Resources;

/// <summary>What an update keeps, and what it may not change.</summary>
public class UpdateTests
{
    private const string Template = "'template':{'metadata':{'labels':{'a':'b'}},'spec':{'containers':[{'name':'c','image':'i:1'}]}}";

    [Theory]
    [InlineData("deployments.apps", "{'metadata':{'name':'d'},'spec':{'selector':{'matchLabels':{'a':'b'}}," + Template + "}}", "{'metadata':{'name':'d'},'spec':{'selector':{'matchLabels':{'a':'c'}}," + Template + "}}",
        "spec.selector: Invalid value: v1.LabelSelector{MatchLabels:map[string]string{'a':'c'}, MatchExpressions:[]v1.LabelSelectorRequirement(nil)}: field is immutable")]
    [InlineData("deployments.apps", "{'metadata':{'name':'d'},'spec':{'replicas':1,'selector':{'matchLabels':{'a':'b'}}," + Template + "}}", "{'metadata':{'name':'d'},'spec':{'replicas':2,'selector':{'matchLabels':{'a':'b'}}," + Template + "}}", "")]
    [InlineData("statefulsets.apps", "{'metadata':{'name':'s'},'spec':{'serviceName':'a'}}", "{'metadata':{'name':'s'},'spec':{'serviceName':'b'}}",
        "spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden")]
    [InlineData("statefulsets.apps", "{'metadata':{'name':'s'},'spec':{'replicas':1}}", "{'metadata':{'name':'s'},'spec':{'replicas':2}}", "")]
    [InlineData("secrets", "{'metadata':{'name':'s'},'type':'a'}", "{'metadata':{'name':'s'},'type':'b'}", "type: Invalid value: 'b': field is immutable")]
    [InlineData("secrets", "{'metadata':{'name':'s'},'immutable':true,'data':{'a':'YQ=='}}", "{'metadata':{'name':'s'},'immutable':true,'data':{'a':'Yg=='}}", "data: Forbidden: field is immutable when `immutable` is set")]
    [InlineData("configmaps", "{'metadata':{'name':'c'},'immutable':true,'data':{'a':'b'}}", "{'metadata':{'name':'c'},'data':{'a':'b'}}", "immutable: Forbidden: field is immutable when `immutable` is set")]
    [InlineData("configmaps", "{'metadata':{'name':'c'},'data':{'a':'b'}}", "{'metadata':{'name':'c'},'data':{'a':'c'},'immutable':true}", "")]
    [InlineData("rolebindings.rbac.authorization.k8s.io", "{'metadata':{'name':'b'},'roleRef':{'kind':'Role','name':'a'}}", "{'metadata':{'name':'b'},'roleRef':{'kind':'Role','name':'b'}}",
        "roleRef: Invalid value: {'kind':'Role','name':'b','apiGroup':'rbac.authorization.k8s.io'}: cannot change roleRef")]
    [InlineData("services", "{'metadata':{'name':'s'},'spec':{'clusterIP':'10.96.0.1','ports':[{'port':1}]}}", "{'metadata':{'name':'s'},'spec':{'clusterIP':'10.96.0.2','clusterIPs':['10.96.0.2'],'ports':[{'port':1}]}}",
        "spec.clusterIPs[0]: Invalid value: []string{'10.96.0.2'}: may not change once set")]
    [InlineData("services", "{'metadata':{'name':'s'},'spec':{'clusterIP':'10.96.0.1','ports':[{'port':1}]}}", "{'metadata':{'name':'s'},'spec':{'ports':[{'port':2}]}}", "")]
    [InlineData("services", "{'metadata':{'name':'s'},'spec':{'clusterIP':'10.96.0.1','ports':[{'port':1}]}}", "{'metadata':{'name':'s'},'spec':{'type':'ExternalName','externalName':'a.b'}}", "")]
    [InlineData("pods", "{'metadata':{'name':'p'},'spec':{'containers':[{'name':'c','image':'i:1'}]}}", "{'metadata':{'name':'p'},'spec':{'containers':[{'name':'c','image':'i:2'}],'activeDeadlineSeconds':5,'tolerations':[{'key':'k','operator':'Exists'}]}}", "")]
    [InlineData("pods", "{'metadata':{'name':'p'},'spec':{'containers':[{'name':'c','image':'i:1'}]}}", "{'metadata':{'name':'p'},'spec':{'containers':[{'name':'c','image':'i:1'},{'name':'d','image':'i:1'}]}}",
        "spec.containers: Forbidden: pod updates may not add or remove containers")]
    [InlineData("pods", "{'metadata':{'name':'p'},'spec':{'activeDeadlineSeconds':5,'containers':[{'name':'c','image':'i:1'}]}}", "{'metadata':{'name':'p'},'spec':{'containers':[{'name':'c','image':'i:1'}]}}",
        "spec.activeDeadlineSeconds: Invalid value: null: must not update from a positive integer to nil value")]
    [InlineData("pods", "{'metadata':{'name':'p'},'spec':{'containers':[{'name':'c','image':'i:1'}]}}", "{'metadata':{'name':'p'},'spec':{'hostNetwork':true,'containers':[{'name':'c','image':'i:1'}]}}",
        "spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),"
        + "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)")]
    [InlineData("endpointslices.discovery.k8s.io", "{'metadata':{'name':'e'},'addressType':'IPv4'}", "{'metadata':{'name':'e'},'addressType':'IPv6'}", "addressType: Invalid value: 'IPv6': field is immutable")]
    [InlineData("configmaps", "{'metadata':{'name':'c','namespace':'n','uid':'u'}}", "{'metadata':{'name':'d','namespace':'m','uid':'u'}}",
        "metadata.name: Invalid value: 'd': field is immutable|metadata.namespace: Invalid value: 'm': field is immutable")]
    [InlineData("configmaps", "{'metadata':{'name':'c','deletionTimestamp':'2026-01-01T00:00:00Z','finalizers':['a/b']}}", "{'metadata':{'name':'c','finalizers':['a/b','c/d']}}",
        "metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{'c/d'}")]
    public void Update_OfWhatMayNotChange_IsRefused(string resource, string before, string after, string expected) =>
        Assert.Equal(expected, string.Join('|', Objects.UpdateIssues(resource, before, after)));

    [Fact]
    public void Job_TemplateAndSelector_MayNotChange()
    {
        const string job = "{'metadata':{'name':'j','uid':'u'},'spec':{'template':{'spec':{'restartPolicy':'Never','containers':[{'name':'c','image':'i:1'}]}}}}";
        var changed = Objects.Created("jobs.batch", job);
        changed["spec"]!["template"]!["spec"]!["containers"]![0]!["image"] = "i:2";
        changed["spec"]!["parallelism"] = 3;

        var issues = Objects.UpdateIssues("jobs.batch", job, changed.ToJsonString());

        Assert.StartsWith("spec.template: Invalid value: {", Assert.Single(issues));
        Assert.EndsWith(": field is immutable", issues[0]);
    }

    [Fact]
    public void PrepareUpdate_StatusAndSystemMetadata_AreTheServers()
    {
        var type = Objects.Type("deployments.apps");
        var item = Json.Object("{'metadata':{'name':'d','creationTimestamp':'1999-01-01T00:00:00Z','generation':99,'labels':{'a':'b'}},'spec':{'replicas':2},'status':{'replicas':7}}");

        Strategies.PrepareUpdate(type, type.StorageVersion, item, Json.Object("{'metadata':{'name':'d','uid':'u','creationTimestamp':'2026-01-01T00:00:00Z','generation':3},'spec':{'replicas':1},'status':{'replicas':1}}"));

        Assert.Equal(
            "{'metadata':{'name':'d','creationTimestamp':'2026-01-01T00:00:00Z','generation':3,'labels':{'a':'b'},'uid':'u'},'spec':{'replicas':2},'status':{'replicas':1}}",
            Json.Line(item));
    }

    [Fact]
    public void PrepareUpdate_ANamespacesFinalizers_StayAsTheyAre()
    {
        var type = Objects.Type("namespaces");
        var item = Json.Object("{'metadata':{'name':'n'},'spec':{'finalizers':[]}}");

        Strategies.PrepareUpdate(type, type.StorageVersion, item, Json.Object("{'metadata':{'name':'n'},'spec':{'finalizers':['kubernetes']},'status':{'phase':'Active'}}"));

        Assert.Equal("{'metadata':{'name':'n'},'spec':{'finalizers':['kubernetes']},'status':{'phase':'Active'}}", Json.Line(item));
    }

    [Fact]
    public void PrepareUpdate_AServiceThatLeavesOutItsPorts_KeepsWhatWasAllocated()
    {
        var type = Objects.Type("services");
        var item = Json.Object("{'metadata':{'name':'s'},'spec':{'type':'NodePort','ports':[{'port':80},{'port':81}]}}");

        Strategies.PrepareUpdate(type, type.StorageVersion, item, Json.Object("{'metadata':{'name':'s'},'spec':{'type':'NodePort','clusterIP':'10.96.0.1','clusterIPs':['10.96.0.1'],'ports':[{'port':80,'protocol':'TCP','nodePort':30001}]}}"));

        Assert.Equal("{'type':'NodePort','ports':[{'port':80,'nodePort':30001},{'port':81}],'clusterIP':'10.96.0.1','clusterIPs':['10.96.0.1']}", Json.Line(item["spec"]));
    }

    [Theory]
    [InlineData("deployments.apps", "{'metadata':{'name':'d','labels':{'new':'1'}},'spec':{'replicas':1},'status':{'replicas':2}}")]
    [InlineData("umbrellas.weather.example.com", "{'metadata':{'name':'d','labels':{'old':'1'}},'spec':{'replicas':1},'status':{'replicas':2}}")]
    public void PrepareStatusUpdate_EverythingElse_StaysAsStored(string resource, string expected)
    {
        var item = Json.Object("{'metadata':{'name':'d','labels':{'new':'1'}},'spec':{'replicas':99},'data':{},'status':{'replicas':2}}");

        Strategies.PrepareStatusUpdate(Objects.Type(resource), item, Json.Object("{'metadata':{'name':'d','labels':{'old':'1'}},'spec':{'replicas':1},'status':{'replicas':1}}"));

        Assert.Equal(expected, Json.Line(item));
    }

    [Theory]
    [InlineData("deployments.apps", "{'spec':{'replicas':2}}", 4)]
    [InlineData("deployments.apps", "{'spec':{'replicas':1},'status':{'x':1}}", 3)]
    [InlineData("umbrellas.weather.example.com", "{'spec':{'replicas':1},'extra':1}", 4)]
    [InlineData("configmaps", "{'spec':{'replicas':2}}", 3)]
    public void NextGeneration_CountsWishesOnly(string resource, string after, long expected)
    {
        var type = Objects.Type(resource);

        Assert.Equal(expected, Strategies.NextGeneration(type, type.StorageVersion, Json.Object(after), Json.Object("{'metadata':{'generation':3},'spec':{'replicas':1}}")));
    }
}
