using Katabira.Cluster.Resources;
using Katabira.Tests.Support;
using Xunit;

namespace Katabira.Tests.Cluster.Resources;

public class DefaultsTests
{
    /// <summary>File name, resource, what the user wrote.</summary>
    public static TheoryData<string, string, string> Cases => new()
    {
        { "pod", "pods", """
            {'apiVersion':'v1','kind':'Pod','metadata':{'name':'p'},'spec':{
              'containers':[{'name':'a','image':'reg:5000/shop/a','ports':[{'containerPort':80}],
                'env':[{'name':'IP','valueFrom':{'fieldRef':{'fieldPath':'status.podIP'}}}],
                'resources':{'limits':{'cpu':'1','memory':'1Gi'},'requests':{'cpu':'500m'}},
                'livenessProbe':{'httpGet':{'port':80}},'readinessProbe':{'grpc':{'port':1},'periodSeconds':3},
                'lifecycle':{'preStop':{'httpGet':{'port':80,'path':'/bye'}}}},
               {'name':'b','image':'b@sha256:0123'},{'name':'c','image':'c:latest'},{'name':'d','image':'d:v1','imagePullPolicy':'Never'}],
              'initContainers':[{'name':'i','image':'i:1'}],
              'volumes':[{'name':'nothing'},{'name':'s','secret':{'secretName':'x'}},{'name':'c','configMap':{'name':'x','defaultMode':0}},{'name':'h','hostPath':{'path':'/x'}},
               {'name':'p','projected':{'sources':[{'serviceAccountToken':{'path':'token'}},{'downwardAPI':{'items':[{'path':'n','fieldRef':{'fieldPath':'metadata.name'}}]}}]}}]},
             'status':{'phase':'Running'}}
            """ },
        { "deployment", "deployments.apps", """
            {'metadata':{'name':'d'},'spec':{'selector':{'matchLabels':{'a':'b'}},'template':{'metadata':{'labels':{'a':'b'}},
              'spec':{'serviceAccountName':'robot','hostNetwork':true,'containers':[{'name':'c','image':'i:1','ports':[{'containerPort':80}]}]}}},'status':{'replicas':9}}
            """ },
        { "deployment-recreate", "deployments.apps", "{'metadata':{'name':'d'},'spec':{'replicas':0,'strategy':{'type':'Recreate'},'revisionHistoryLimit':0,'template':{'spec':{'containers':[]}}}}" },
        { "statefulset", "statefulsets.apps", "{'metadata':{'name':'d'},'spec':{'serviceName':'x'}}" },
        { "daemonset", "daemonsets.apps", "{'metadata':{'name':'d'}}" },
        { "service", "services", "{'metadata':{'name':'s'},'spec':{'clusterIP':'10.96.0.9','ports':[{'port':80},{'port':81,'targetPort':'http','name':'x'},{'port':82,'targetPort':0,'protocol':'UDP','name':'y'}]}}" },
        { "service-loadbalancer", "services", "{'metadata':{'name':'s'},'spec':{'type':'LoadBalancer','sessionAffinity':'ClientIP','ports':[{'port':80}]}}" },
        { "service-external", "services", "{'metadata':{'name':'s'},'spec':{'type':'ExternalName','externalName':'db.example.com'}}" },
        { "job", "jobs.batch", "{'metadata':{'name':'j','uid':'u-1'},'spec':{'template':{'metadata':{'labels':{'a':'b'}},'spec':{'restartPolicy':'Never','containers':[{'name':'c','image':'i'}]}}}}" },
        { "cronjob", "cronjobs.batch", "{'metadata':{'name':'j'},'spec':{'schedule':'@daily','jobTemplate':{'spec':{'template':{'spec':{'restartPolicy':'Never'}}}}}}" },
        { "namespace", "namespaces", "{'metadata':{'name':'shop','labels':{'a':'b'}}}" },
        { "secret", "secrets", "{'metadata':{'name':'s'},'data':{'a':'b2xk','b':'a2VlcA=='},'stringData':{'a':'new','c':'ü'}}" },
        { "configmap", "configmaps", "{'metadata':{'name':'c'},'data':{'a':'b'}}" },
        { "rolebinding", "rolebindings.rbac.authorization.k8s.io", "{'metadata':{'name':'b'},'roleRef':{'kind':'Role','name':'r'},'subjects':[{'kind':'User','name':'u'},{'kind':'ServiceAccount','name':'s','namespace':'n'}]}" },
        { "mutatingwebhook", "mutatingwebhookconfigurations.admissionregistration.k8s.io",
            "{'metadata':{'name':'m'},'webhooks':[{'name':'a.b.c','clientConfig':{'service':{'name':'s','namespace':'n'}},'rules':[{'operations':['*']}]}]}" },
        { "endpoints", "endpoints", "{'metadata':{'name':'e'},'subsets':[{'ports':[{'port':1},{'port':2,'protocol':'UDP'}]}]}" },
        { "endpointslice", "endpointslices.discovery.k8s.io", "{'metadata':{'name':'e'},'addressType':'IPv4','ports':[{'port':1}]}" },
        { "networkpolicy", "networkpolicies.networking.k8s.io", "{'metadata':{'name':'n'},'spec':{'podSelector':{},'egress':[{'ports':[{'port':53}]}]}}" },
        { "autoscaler", "horizontalpodautoscalers.autoscaling", "{'apiVersion':'autoscaling/v2','metadata':{'name':'h'},'spec':{'maxReplicas':3}}" },
        { "claim", "persistentvolumeclaims", "{'metadata':{'name':'p'},'spec':{'accessModes':['ReadWriteOnce']}}" },
        { "custom", "umbrellas.weather.example.com", "{'metadata':{'name':'u'},'spec':{'color':'red'},'status':{'wet':true}}" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Created_WhatTheUserLeftOut_IsAsReviewed(string file, string resource, string text) =>
        Golden.Equal($"tests/Katabira.Tests/Cluster/Resources/golden/{file}.json", PrettyJson.Of(Objects.Created(resource, text)));

    [Theory]
    [MemberData(nameof(Cases))]
    public void Default_Twice_ChangesNothingMore(string file, string resource, string text)
    {
        Assert.NotEmpty(file);
        var once = Json.Object(text);
        Strategies.Default(Objects.Type(resource), once);
        var twice = once.DeepClone().AsObject();
        Strategies.Default(Objects.Type(resource), twice);

        Assert.Equal(Json.Line(once), Json.Line(twice));
    }

    [Theory]
    [InlineData("{'limits':{'cpu':'1','memory':'1Gi'},'requests':{'cpu':'1000m','memory':'1Gi'}}", "Guaranteed")]
    [InlineData("{'limits':{'cpu':'1','memory':'1Gi'}}", "Guaranteed")]
    [InlineData("{'limits':{'cpu':'1','memory':'1Gi'},'requests':{'cpu':'500m'}}", "Burstable")]
    [InlineData("{'requests':{'memory':'1'}}", "Burstable")]
    [InlineData("{'requests':{'memory':'0'}}", "BestEffort")]
    [InlineData("{}", "BestEffort")]
    public void Created_APod_HasItsQualityClass(string resources, string expected) => Assert.Equal(
        expected,
        (string?)Objects.Created("pods", $"{{'metadata':{{'name':'p'}},'spec':{{'containers':[{{'name':'c','image':'i','resources':{resources}}}]}}}}")["status"]!["qosClass"]);

    public static TheoryData<string> Resources => [.. ResourceCatalog.BuiltIn.Types.Where(t => t.IsStored).Select(t => t.QualifiedName)];

    [Theory]
    [MemberData(nameof(Resources))]
    public void AnyKind_ObjectsOfAnyShape_AreBorne(string resource)
    {
        string[] hostile =
        [
            "{}", "{'metadata':[],'spec':3,'status':'x','data':[],'webhooks':{},'subjects':'x','roleRef':[],'subsets':3,'ports':{}}",
            "{'metadata':{'labels':[],'annotations':'x','ownerReferences':{},'finalizers':[1]},'spec':{'template':[],'selector':'a','ports':[1,null,{}],'containers':{},'volumes':[null,{}],'rules':[[]],"
            + "'strategy':'x','updateStrategy':[],'clusterIPs':{},'jobTemplate':1,'scaleTargetRef':[],'resources':1},'data':{'a':1},'stringData':[],'webhooks':[{'rules':[{}],'clientConfig':3}],"
            + "'subjects':[{}],'rules':[{}],'subsets':[{'addresses':[{}],'ports':[{}]}]}",
        ];
        Assert.All(hostile, text =>
        {
            Objects.Issues(resource, text);
            Objects.UpdateIssues(resource, text, "{}");
            Objects.UpdateIssues(resource, "{}", text);
        });
    }
}
