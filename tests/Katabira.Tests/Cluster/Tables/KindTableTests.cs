using Katabira.Cluster.Resources;
using Xunit;

namespace Katabira.Tests.Cluster.Tables;

/// <summary>One typical and one bare object of every kind with a table of its own.</summary>
public class KindTableTests
{
    private const string Template = "'template':{'spec':{'containers':[{'name':'a','image':'img:1'},{'name':'b','image':'img:2'}],'nodeSelector':{'disk':'ssd'}}}";
    private const string Selector = "'selector':{'matchLabels':{'b':'2','a':'1'},'matchExpressions':[{'key':'c','operator':'In','values':['y','x']},{'key':'d','operator':'DoesNotExist'}]}";

    [Theory]
    [InlineData("{'type':'ClusterIP','clusterIP':'10.96.0.1','clusterIPs':['10.96.0.1'],'ports':[{'port':80,'protocol':'TCP'},{'port':53,'protocol':'UDP'}],'selector':{'b':'2','a':'1'}}",
        "['s','ClusterIP','10.96.0.1','<none>','80/TCP,53/UDP','5m','a=1,b=2']")]
    [InlineData("{'type':'ClusterIP','clusterIPs':['None']}", "['s','ClusterIP','None','<none>','<none>','5m','<none>']")]
    [InlineData("{'type':'NodePort','clusterIPs':['10.96.0.2'],'ports':[{'port':80,'nodePort':30080,'protocol':'TCP'}]}", "['s','NodePort','10.96.0.2','<none>','80:30080/TCP','5m','<none>']")]
    [InlineData("{'type':'LoadBalancer','clusterIPs':['10.96.0.3']}", "['s','LoadBalancer','10.96.0.3','<pending>','<none>','5m','<none>']")]
    [InlineData("{'type':'ExternalName','externalName':'db.example.com'}", "['s','ExternalName','<none>','db.example.com','<none>','5m','<none>']")]
    [InlineData("{'type':'ClusterIP','externalIPs':['1.2.3.4','1.2.3.5']}", "['s','ClusterIP','<none>','1.2.3.4,1.2.3.5','<none>','5m','<none>']")]
    public void Service_Row_IsExact(string spec, string expected) =>
        Assert.Equal(expected, Rows.Cells("services", $"{{'metadata':{{'name':'s','creationTimestamp':'2026-03-01T11:55:00Z'}},'spec':{spec}}}"));

    [Fact]
    public void Service_LoadBalancerAddresses_AreSortedAndShownOnce() => Assert.Equal(
        "['s','LoadBalancer','<none>','127.77.0.2,lb.example.com,9.9.9.9','<none>','<unknown>','<none>']",
        Rows.Cells("services", "{'metadata':{'name':'s'},'spec':{'type':'LoadBalancer','externalIPs':['9.9.9.9']},"
            + "'status':{'loadBalancer':{'ingress':[{'hostname':'lb.example.com'},{'ip':'127.77.0.2'},{'ip':'127.77.0.2'}]}}}"));

    [Theory]
    [InlineData("deployments.apps", "'spec':{'replicas':3," + Template + "," + Selector + "},'status':{'readyReplicas':2,'updatedReplicas':3,'availableReplicas':1}",
        "['x','2/3',3,1,'60m','a,b','img:1,img:2','a=1,b=2,c in (x,y),!d']")]
    [InlineData("deployments.apps", "'spec':{}", "['x','0/0',0,0,'60m','','','<none>']")]
    [InlineData("replicasets.apps", "'spec':{'replicas':3," + Template + "," + Selector + "},'status':{'replicas':2,'readyReplicas':1}",
        "['x',3,2,1,'60m','a,b','img:1,img:2','a=1,b=2,c in (x,y),!d']")]
    [InlineData("replicationcontrollers", "'spec':{'replicas':1,'selector':{'a':'1'}}", "['x',1,0,0,'60m','','','a=1']")]
    [InlineData("statefulsets.apps", "'spec':{'replicas':1," + Template + "},'status':{'readyReplicas':1}", "['x','1/1','60m','a,b','img:1,img:2']")]
    [InlineData("daemonsets.apps", "'spec':{" + Template + "},'status':{'desiredNumberScheduled':5,'currentNumberScheduled':4,'numberReady':3,'updatedNumberScheduled':2,'numberAvailable':1}",
        "['x',5,4,3,2,1,'disk=ssd','60m','a,b','img:1,img:2','<none>']")]
    [InlineData("controllerrevisions.apps", "'revision':7", "['x','<none>',7,'60m']")]
    public void Workload_Row_IsExact(string resource, string fields, string expected) => Equal(resource, fields, expected);

    [Theory]
    [InlineData("'spec':{'completions':3},'status':{'succeeded':1,'startTime':'2026-03-01T11:58:30Z'}", "['x','Running','1/3','90s','60m','','','<none>']")]
    [InlineData("'spec':{'parallelism':4},'status':{'conditions':[{'type':'Complete','status':'True'}],'startTime':'2026-03-01T11:00:00Z','completionTime':'2026-03-01T11:00:20Z'}",
        "['x','Complete','0/1 of 4','20s','60m','','','<none>']")]
    [InlineData("'status':{'conditions':[{'type':'Failed','status':'True'}]}", "['x','Failed','0/1','','60m','','','<none>']")]
    [InlineData("'status':{'conditions':[{'type':'Suspended','status':'True'}]}", "['x','Suspended','0/1','','60m','','','<none>']")]
    [InlineData("'status':{'conditions':[{'type':'FailureTarget','status':'True'}]}", "['x','FailureTarget','0/1','','60m','','','<none>']")]
    public void Job_Row_IsExact(string fields, string expected) => Equal("jobs.batch", fields, expected);

    [Theory]
    [InlineData("'spec':{'schedule':'*/5 * * * *','timeZone':'Etc/UTC','suspend':false,'jobTemplate':{'spec':{" + Template + "}}},'status':{'active':[{}],'lastScheduleTime':'2026-03-01T11:59:00Z'}",
        "['x','*/5 * * * *','Etc/UTC','False',1,'60s','60m','a,b','img:1,img:2','<none>']")]
    [InlineData("'spec':{'suspend':true}", "['x','','<none>','True',0,'<none>','60m','','','<none>']")]
    [InlineData("'spec':{}", "['x','','<none>','<unset>',0,'<none>','60m','','','<none>']")]
    public void CronJob_Row_IsExact(string fields, string expected) => Equal("cronjobs.batch", fields, expected);

    [Theory]
    [InlineData("'status':{'conditions':[{'type':'Ready','status':'True'}],'addresses':[{'type':'InternalIP','address':'10.0.0.1'}],"
        + "'nodeInfo':{'kubeletVersion':'v1.33.0','osImage':'Debian','kernelVersion':'6.1','containerRuntimeVersion':'processes://1'}}",
        "['x','Ready','<none>','60m','v1.33.0','10.0.0.1','<none>','Debian','6.1','processes://1']")]
    [InlineData("'spec':{'unschedulable':true},'status':{'conditions':[{'type':'Ready','status':'False'}]}",
        "['x','NotReady,SchedulingDisabled','<none>','60m','','<none>','<none>','<unknown>','<unknown>','<unknown>']")]
    [InlineData("'spec':{}", "['x','Unknown','<none>','60m','','<none>','<none>','<unknown>','<unknown>','<unknown>']")]
    public void Node_Row_IsExact(string fields, string expected) => Equal("nodes", fields, expected);

    [Fact]
    public void Node_Roles_AreSorted() => Assert.Equal(
        "['n','Unknown','control-plane,worker','<unknown>','','<none>','<none>','<unknown>','<unknown>','<unknown>']",
        Rows.Cells("nodes", "{'metadata':{'name':'n','labels':{'node-role.kubernetes.io/worker':'','node-role.kubernetes.io/control-plane':'','node-role.kubernetes.io/':''}}}"));

    [Theory]
    [InlineData("namespaces", "'status':{'phase':'Active'}", "['x','Active','60m']")]
    [InlineData("configmaps", "'data':{'a':'1','b':'2'},'binaryData':{'c':'AA=='}", "['x',3,'60m']")]
    [InlineData("configmaps", "'data':null", "['x',0,'60m']")]
    [InlineData("secrets", "'type':'Opaque','data':{'a':'MQ=='}", "['x','Opaque',1,'60m']")]
    [InlineData("serviceaccounts", "'secrets':[{'name':'s'}]", "['x',1,'60m']")]
    [InlineData("podtemplates", "'template':{'metadata':{'labels':{'a':'1'}},'spec':{'containers':[{'name':'c','image':'i'}]}}", "['x','c','i','a=1']")]
    [InlineData("leases.coordination.k8s.io", "'spec':{'holderIdentity':'me'}", "['x','me','60m']")]
    [InlineData("mutatingwebhookconfigurations.admissionregistration.k8s.io", "'webhooks':[{},{}]", "['x',2,'60m']")]
    [InlineData("validatingwebhookconfigurations.admissionregistration.k8s.io", "'kind':'x'", "['x',0,'60m']")]
    [InlineData("networkpolicies.networking.k8s.io", "'spec':{'podSelector':{'matchLabels':{'a':'1'}}}", "['x','a=1','60m']")]
    [InlineData("networkpolicies.networking.k8s.io", "'spec':{'podSelector':{}}", "['x','<none>','60m']")]
    [InlineData("poddisruptionbudgets.policy", "'spec':{'minAvailable':'50%'},'status':{'disruptionsAllowed':2}", "['x','50%','N/A',2,'60m']")]
    [InlineData("poddisruptionbudgets.policy", "'spec':{'maxUnavailable':1}", "['x','N/A','1',0,'60m']")]
    [InlineData("clusterrolebindings.rbac.authorization.k8s.io",
        "'roleRef':{'kind':'ClusterRole','name':'view'},'subjects':[{'kind':'User','name':'u'},{'kind':'Group','name':'g'},{'kind':'ServiceAccount','namespace':'n','name':'s'},{'kind':'User','name':'v'}]",
        "['x','ClusterRole/view','60m','u, v','g','n/s']")]
    [InlineData("roles.rbac.authorization.k8s.io", "'rules':[]", "['x','2026-03-01T11:00:00Z']")]
    [InlineData("customresourcedefinitions.apiextensions.k8s.io", "'spec':{}", "['x','2026-03-01T11:00:00Z']")]
    [InlineData("resourcequotas", "'status':{'hard':{'requests.cpu':'2','limits.cpu':'4','pods':'10'},'used':{'requests.cpu':'1','pods':'3'}}",
        "['x','pods: 3/10, requests.cpu: 1/2','limits.cpu: 0/4','60m']")]
    [InlineData("persistentvolumes", "'spec':{'capacity':{'storage':'1Gi'},'accessModes':['ReadWriteOnce','ReadOnlyMany'],'persistentVolumeReclaimPolicy':'Retain','claimRef':{'namespace':'n','name':'c'},'storageClassName':'sc','volumeMode':'Filesystem'},'status':{'phase':'Bound'}",
        "['x','1Gi','RWO,ROX','Retain','Bound','n/c','sc','<unset>','','60m','Filesystem']")]
    [InlineData("persistentvolumeclaims", "'spec':{'volumeName':'v'},'status':{'phase':'Bound','capacity':{'storage':'1Gi'},'accessModes':['ReadWriteOncePod']}",
        "['x','Bound','v','1Gi','RWOP','','<unset>','60m','<unset>']")]
    [InlineData("persistentvolumeclaims", "'status':{'phase':'Pending','capacity':{'storage':'1Gi'}}", "['x','Pending','','','','','<unset>','60m','<unset>']")]
    public void Simple_Row_IsExact(string resource, string fields, string expected) => Equal(resource, fields, expected);

    [Theory]
    [InlineData("'subsets':[{'addresses':[{'ip':'10.0.0.1'},{'ip':'10.0.0.2'}],'ports':[{'port':80},{'port':443}]}]", "['x','10.0.0.1:80,10.0.0.2:80,10.0.0.1:443 + 1 more...','60m']")]
    [InlineData("'subsets':[{'addresses':[{'ip':'fd00::1'}],'ports':[{'port':80}]},{'addresses':[{'ip':'10.0.0.9'}]}]", "['x','[fd00::1]:80,10.0.0.9','60m']")]
    [InlineData("'subsets':null", "['x','<none>','60m']")]
    public void Endpoints_Row_IsExact(string fields, string expected) => Equal("endpoints", fields, expected);

    [Theory]
    [InlineData("'addressType':'IPv4','ports':[{'port':80},{'name':'web'},{}],'endpoints':[{'addresses':['1.1.1.1','1.1.1.2']},{'addresses':['1.1.1.3','1.1.1.4','1.1.1.5']}]",
        "['x','IPv4','80,web,*','1.1.1.1,1.1.1.2,1.1.1.3 + 2 more...','60m']")]
    [InlineData("'addressType':'IPv6'", "['x','IPv6','<unset>','<unset>','60m']")]
    public void EndpointSlice_Row_IsExact(string fields, string expected) => Equal("endpointslices.discovery.k8s.io", fields, expected);

    [Theory]
    [InlineData("'spec':{'rules':[{'host':'a.b'},{'host':'c.d'}],'tls':[{}],'ingressClassName':'nginx'},'status':{'loadBalancer':{'ingress':[{'ip':'1.1.1.1'}]}}",
        "['x','nginx','a.b,c.d','1.1.1.1','80, 443','60m']")]
    [InlineData("'spec':{'rules':[{}]}", "['x','<none>','*','','80','60m']")]
    public void Ingress_Row_IsExact(string fields, string expected) => Equal("ingresses.networking.k8s.io", fields, expected);

    [Theory]
    [InlineData("'spec':{'scaleTargetRef':{'kind':'Deployment','name':'d'},'maxReplicas':5}", "['x','Deployment/d','<none>','<unset>',5,0,'60m']")]
    [InlineData("'spec':{'scaleTargetRef':{'kind':'Deployment','name':'d'},'minReplicas':2,'maxReplicas':5,'metrics':[{'type':'Resource','resource':{'name':'cpu','target':{'averageUtilization':80}}},"
        + "{'type':'Resource','resource':{'name':'memory','target':{'averageValue':'1Gi'}}},{'type':'Pods','pods':{}}]},'status':{'currentReplicas':3,'currentMetrics':[{'type':'Resource','resource':{'name':'cpu','current':{'averageUtilization':12}}}]}",
        "['x','Deployment/d','cpu: 12%/80%,memory: <unknown>/1Gi + 1 more...','2',5,3,'60m']")]
    [InlineData("'spec':{'maxReplicas':5,'targetCPUUtilizationPercentage':50}", "['x','/','cpu: <unknown>/50%','<unset>',5,0,'60m']")]
    public void Autoscaler_Row_IsExact(string fields, string expected) => Equal("horizontalpodautoscalers.autoscaling", fields, expected);

    [Theory]
    [InlineData("events", "'involvedObject':{'kind':'Pod','name':'p','fieldPath':'spec.containers{c}'},'type':'Normal','reason':'Pulled','message':' done \\n','source':{'component':'agent','host':'n1'},"
        + "'firstTimestamp':'2026-03-01T11:50:00Z','lastTimestamp':'2026-03-01T11:59:30Z','count':4",
        "['30s','Normal','Pulled','pod/p','spec.containers{c}','agent, n1','done','10m',4,'x']")]
    [InlineData("events", "'involvedObject':{'kind':'Pod','name':'p'},'eventTime':'2026-03-01T11:59:00.123456Z','reportingComponent':'sched','reportingInstance':'i'",
        "['59s','','','pod/p','','sched, i','','59s',1,'x']")]
    [InlineData("events.events.k8s.io", "'regarding':{'kind':'Node'},'note':'hello','eventTime':'2026-03-01T11:50:00Z','series':{'count':9,'lastObservedTime':'2026-03-01T11:59:50.5Z'},'reportingController':'c'",
        "['9s','','','node','','c','hello','10m',9,'x']")]
    public void Event_Row_IsExact(string resource, string fields, string expected) => Equal(resource, fields, expected);

    [Fact]
    public void ControllerRevision_WithAnOwner_NamesIt() => Assert.Equal(
        "['r','statefulset.apps/web',2,'<unknown>']",
        Rows.Cells("controllerrevisions.apps", "{'metadata':{'name':'r','ownerReferences':[{'kind':'Other','name':'o'},{'controller':true,'apiVersion':'apps/v1','kind':'StatefulSet','name':'web'}]},'revision':2}"));

    [Theory]
    [InlineData("'spec':{'color':'red','ribs':8,'tags':['a','b'],'weight':1.5},'status':{'openedAt':'2026-03-01T11:58:00Z','wet':true}", "['x','red',8,'2m','[\\'a\\',\\'b\\']',true,1.5]")]
    [InlineData("'spec':{'color':7,'ribs':8.9,'tags':{'k':'v'}},'status':{'openedAt':'yesterday','wet':'yes'}", "['x','7',8,'<invalid>','{\\'k\\':\\'v\\'}',null,null]")]
    [InlineData("'spec':null", "['x',null,null,null,null,null,null]")]
    public void CustomResource_Row_HasItsTypedColumns(string fields, string expected) => Equal("umbrellas.weather.example.com", fields, expected);

    [Fact]
    public void CustomResource_WithoutColumns_ShowsItsAge()
    {
        var layout = Katabira.Cluster.Tables.CustomTable.Layout([], (item, _) => item["metadata"]);

        Assert.Equal(["Name", "Age"], layout.Columns.Select(c => c.Name));
        Assert.Equal("date", layout.Columns[1].Type);
    }

    public static TheoryData<string> Resources => [.. ResourceCatalog.BuiltIn.Types.Where(t => t.IsStored).Select(t => t.QualifiedName)];

    [Theory]
    [MemberData(nameof(Resources))]
    public void AnyKind_ObjectsOfAnyShape_GiveOneCellForEachColumn(string resource)
    {
        // every field that a rule reads, but of a wrong type
        string[] hostile = ["{}", "{'metadata':1,'spec':[],'status':'x'}", "{'metadata':{'name':[],'creationTimestamp':{}},'spec':{'containers':{},'template':[],'selector':'a','ports':[1,null]},"
            + "'status':{'conditions':'no','containerStatuses':[null,3]},'subsets':{},'involvedObject':[],'webhooks':'w','data':[],'revision':'x'}"];

        Assert.All(hostile, item => Rows.Cells(resource, item));
    }

    private static void Equal(string resource, string fields, string expected) =>
        Assert.Equal(expected, Rows.Cells(resource, $"{{'metadata':{{'name':'x','creationTimestamp':'2026-03-01T11:00:00Z'}},{fields}}}"));
}
