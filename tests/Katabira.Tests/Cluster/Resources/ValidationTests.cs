using Katabira.Cluster.Resources;
using Xunit;

namespace Katabira.Tests.Cluster.Resources;

/// <summary>What users get wrong, and what they are told.</summary>
public class ValidationTests
{
    private const string Meta = "'metadata':{'name':'x','namespace':'n'}";
    private const string ClusterMeta = "'metadata':{'name':'x'}";
    private const string Subdomain = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character "
        + "(e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
    private const string Label = "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character "
        + "(e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
    private const string Dns1035 = "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character "
        + "(e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";
    private const string Qualified = "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character "
        + "(e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";

    [Theory]
    [InlineData("configmaps", "{'metadata':{'namespace':'n'}}", "metadata.name: Required value: name or generateName is required")]
    [InlineData("configmaps", "{'metadata':{'name':'Foo','namespace':'n'}}", "metadata.name: Invalid value: 'Foo': " + Subdomain)]
    [InlineData("configmaps", "{'metadata':{'name':'a.b-c','namespace':'n'}}", "")]
    [InlineData("configmaps", "{'metadata':{'name':'a..b','namespace':'n'}}", "metadata.name: Invalid value: 'a..b': " + Subdomain)]
    [InlineData("configmaps", "{'metadata':{'name':'x','generateName':'pre-','namespace':'n'}}", "")]
    [InlineData("configmaps", "{'metadata':{'name':'x'}}", "metadata.namespace: Required value")]
    [InlineData("namespaces", "{'metadata':{'name':'a.b'}}", "metadata.name: Invalid value: 'a.b': " + Label)]
    [InlineData("namespaces", "{'metadata':{'name':'x','namespace':'n'}}", "metadata.namespace: Forbidden: not allowed on this type")]
    [InlineData("namespaces", "{'metadata':{'name':'x','labels':{'kubernetes.io/metadata.name':'y'}}}", "metadata.labels[kubernetes.io/metadata.name]: Invalid value: map[string]string{'kubernetes.io/metadata.name':'y'}: must be 'x'")]
    [InlineData("services", "{'metadata':{'name':'1a','namespace':'n'},'spec':{'ports':[{'port':1}]}}", "metadata.name: Invalid value: '1a': " + Dns1035)]
    [InlineData("roles.rbac.authorization.k8s.io", "{'metadata':{'name':'system:a/b','namespace':'n'}}", "metadata.name: Invalid value: 'system:a/b': may not contain '/'")]
    [InlineData("configmaps", "{'metadata':{'name':'x','namespace':'n','labels':{'a b':'c','ok':'-'}}}",
        "metadata.labels: Invalid value: 'a b': name part " + Qualified
        + "|metadata.labels: Invalid value: '-': a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character "
        + "(e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')")]
    [InlineData("configmaps", "{'metadata':{'name':'x','namespace':'n','annotations':{'/a':''}}}", "metadata.annotations: Invalid value: '/a': prefix part must be non-empty")]
    [InlineData("configmaps", "{'metadata':{'name':'x','namespace':'n','annotations':{'a/b/c':''}}}",
        "metadata.annotations: Invalid value: 'a/b/c': a qualified name " + Qualified + " with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')")]
    [InlineData("configmaps", "{'metadata':{'name':'x','namespace':'n','finalizers':['mine']}}", "metadata.finalizers: Invalid value: 'mine': name is neither a standard finalizer name nor is it fully qualified")]
    [InlineData("configmaps", "{'metadata':{'name':'x','namespace':'n','ownerReferences':[{'apiVersion':'v1','kind':'A','name':'a'}]}}", "metadata.ownerReferences[0].uid: Invalid value: '': uid must not be empty")]
    public void Metadata_Rules_AreTold(string resource, string item, string expected) => Equal(resource, item, expected);

    [Fact]
    public void Metadata_Lengths_AreTold()
    {
        Equal("configmaps", $"{{'metadata':{{'name':'{new string('a', 254)}','namespace':'n'}}}}", $"metadata.name: Invalid value: '{new string('a', 254)}': must be no more than 253 characters");
        Equal("configmaps", $"{{'metadata':{{'name':'x','namespace':'n','labels':{{'k':'{new string('a', 64)}'}}}}}}", $"metadata.labels: Invalid value: '{new string('a', 64)}': must be no more than 63 characters");
        Equal("configmaps", $"{{'metadata':{{'name':'x','namespace':'n','annotations':{{'k':'{new string('a', 262_144)}'}}}}}}", "metadata.annotations: Too long: may not be more than 262144 bytes");
        Equal("configmaps", $"{{'metadata':{{'name':'x','namespace':'n','annotations':{{'k':'{new string('a', 262_143)}'}}}}}}", "");
    }

    [Theory]
    [InlineData("", "spec.selector: Required value|spec.template.spec.containers: Required value")]
    [InlineData("'selector':{},'template':{'spec':{'containers':[{'name':'c','image':'i'}]}}", "spec.selector: Invalid value: {}: empty selector is invalid for deployment")]
    [InlineData("'selector':{'matchLabels':{'app':'a'}},'template':{'metadata':{'labels':{'app':'b'}},'spec':{'containers':[{'name':'c','image':'i'}]}}",
        "spec.template.metadata.labels: Invalid value: map[string]string{'app':'b'}: `selector` does not match template `labels`")]
    [InlineData("'replicas':-1,'selector':{'matchLabels':{'app':'a'}},'template':{'metadata':{'labels':{'app':'a'}},'spec':{'restartPolicy':'Never','containers':[{'name':'c','image':'i'}]}}",
        "spec.replicas: Invalid value: -1: must be greater than or equal to 0|spec.template.spec.restartPolicy: Unsupported value: 'Never': supported values: 'Always'")]
    [InlineData("'strategy':{'type':'Recreate','rollingUpdate':{}},'selector':{'matchLabels':{'app':'a'}},'template':{'metadata':{'labels':{'app':'a'}},'spec':{'containers':[{'name':'c','image':'i'}]}}",
        "spec.strategy.rollingUpdate: Forbidden: may not be specified when strategy `type` is 'Recreate'")]
    [InlineData("'strategy':{'rollingUpdate':{'maxSurge':0,'maxUnavailable':'0%'}},'selector':{'matchExpressions':[{'key':'app','operator':'Exists'}]},'template':{'metadata':{'labels':{'app':'a'}},'spec':{'containers':[{'name':'c','image':'i'}]}}",
        "spec.strategy.rollingUpdate.maxUnavailable: Invalid value: '0%': may not be 0 when `maxSurge` is 0")]
    public void Deployment_Rules_AreTold(string spec, string expected) => Equal("deployments.apps", $"{{{Meta},'spec':{{{spec}}}}}", expected);

    [Theory]
    [InlineData("{'image':'i'}", "spec.containers[0].name: Required value")]
    [InlineData("{'name':'c'}", "spec.containers[0].image: Required value")]
    [InlineData("{'name':'C','image':' i'}", "spec.containers[0].name: Invalid value: 'C': " + Label + "|spec.containers[0].image: Invalid value: ' i': must not have leading or trailing whitespace")]
    [InlineData("{'name':'c','image':'i'},{'name':'c','image':'i'}", "spec.containers[1].name: Duplicate value: 'c'")]
    [InlineData("{'name':'c','image':'i','imagePullPolicy':'Sometimes'}", "spec.containers[0].imagePullPolicy: Unsupported value: 'Sometimes': supported values: 'Always', 'IfNotPresent', 'Never'")]
    [InlineData("{'name':'c','image':'i','ports':[{'containerPort':0},{'containerPort':65536},{'containerPort':1,'name':'a'},{'containerPort':2,'name':'a','protocol':'tcp'}]}",
        "spec.containers[0].ports[0].containerPort: Required value|spec.containers[0].ports[1].containerPort: Invalid value: 65536: must be between 1 and 65535, inclusive"
        + "|spec.containers[0].ports[3].name: Duplicate value: 'a'|spec.containers[0].ports[3].protocol: Unsupported value: 'tcp': supported values: 'SCTP', 'TCP', 'UDP'")]
    [InlineData("{'name':'c','image':'i','ports':[{'containerPort':1,'name':'-Much_too-long-a--name'}]}",
        "spec.containers[0].ports[0].name: Invalid value: '-Much_too-long-a--name': must be no more than 15 characters"
        + "|spec.containers[0].ports[0].name: Invalid value: '-Much_too-long-a--name': must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)"
        + "|spec.containers[0].ports[0].name: Invalid value: '-Much_too-long-a--name': must not contain consecutive hyphens"
        + "|spec.containers[0].ports[0].name: Invalid value: '-Much_too-long-a--name': must not begin or end with a hyphen")]
    [InlineData("{'name':'c','image':'i','env':[{'value':'x'},{'name':'A=B'},{'name':'C','value':'v','valueFrom':{'fieldRef':{'fieldPath':'x'}}},{'name':'D','valueFrom':{}},{'name':'E','valueFrom':{'secretKeyRef':{'name':'s'}}}]}",
        "spec.containers[0].env[0].name: Required value"
        + "|spec.containers[0].env[1].name: Invalid value: 'A=B': a valid environment variable name must consist only of printable ASCII characters other than '='"
        + "|spec.containers[0].env[2].valueFrom: Invalid value: '': may not be specified when `value` is not empty"
        + "|spec.containers[0].env[3].valueFrom: Invalid value: '': must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`"
        + "|spec.containers[0].env[4].valueFrom.secretKeyRef.key: Required value")]
    [InlineData("{'name':'c','image':'i','volumeMounts':[{'name':'v','mountPath':'/a'},{'name':'w','mountPath':'/a'},{'name':'v','subPath':'../x'}]}",
        "spec.containers[0].volumeMounts[1].name: Not found: 'w'|spec.containers[0].volumeMounts[1].mountPath: Invalid value: '/a': must be unique"
        + "|spec.containers[0].volumeMounts[2].mountPath: Required value|spec.containers[0].volumeMounts[2].subPath: Invalid value: '../x': must not contain '..'")]
    [InlineData("{'name':'c','image':'i','livenessProbe':{},'readinessProbe':{'exec':{},'tcpSocket':{'port':1}}}",
        "spec.containers[0].livenessProbe: Required value: must specify a handler type|spec.containers[0].readinessProbe.tcpSocket: Forbidden: may not specify more than 1 handler type"
        + "|spec.containers[0].readinessProbe.exec.command: Required value")]
    [InlineData("{'name':'c','image':'i','livenessProbe':{'httpGet':{'port':0},'successThreshold':2,'periodSeconds':-1}}",
        "spec.containers[0].livenessProbe.httpGet.port: Invalid value: 0: must be between 1 and 65535, inclusive|spec.containers[0].livenessProbe.periodSeconds: Invalid value: -1: must be greater than or equal to 0"
        + "|spec.containers[0].livenessProbe.successThreshold: Invalid value: 2: must be 1")]
    [InlineData("{'name':'c','image':'i','resources':{'limits':{'cpu':'100m'},'requests':{'cpu':'200m'}}}", "spec.containers[0].resources.requests: Invalid value: '200m': must be less than or equal to cpu limit of 100m")]
    [InlineData("{'name':'c','image':'i','securityContext':{'runAsUser':-1}}", "spec.containers[0].securityContext.runAsUser: Invalid value: -1: must be between 0 and 2147483647, inclusive")]
    public void Container_Rules_AreTold(string containers, string expected) =>
        Equal("pods", $"{{{Meta},'spec':{{'containers':[{containers}],'volumes':[{{'name':'v'}}]}}}}", expected);

    [Theory]
    [InlineData("'containers':[]", "spec.containers: Required value")]
    [InlineData("'containers':[{'name':'a','image':'i'}],'initContainers':[{'name':'a','image':'i'}]", "spec.initContainers[0].name: Duplicate value: 'a'")]
    [InlineData("'containers':[{'name':'a','image':'i'}],'restartPolicy':'Sometimes','dnsPolicy':'Mine'",
        "spec.restartPolicy: Unsupported value: 'Sometimes': supported values: 'Always', 'OnFailure', 'Never'|spec.dnsPolicy: Unsupported value: 'Mine': supported values: 'ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None'")]
    [InlineData("'containers':[{'name':'a','image':'i'}],'volumes':[{'emptyDir':{}},{'name':'v','emptyDir':{},'secret':{'secretName':'s'}},{'name':'v','secret':{}}]",
        "spec.volumes[0].name: Required value|spec.volumes[1].secret: Forbidden: may not specify more than 1 volume type|spec.volumes[2].name: Duplicate value: 'v'|spec.volumes[2].secret.secretName: Required value")]
    [InlineData("'containers':[{'name':'a','image':'i'}],'volumes':[{'name':'v','configMap':{'name':'c','defaultMode':512,'items':[{'key':'a','path':'/x'}]}}]",
        "spec.volumes[0].configMap.defaultMode: Invalid value: 512: must be a number between 0 and 0777 (octal), both inclusive|spec.volumes[0].configMap.items[0].path: Invalid value: '/x': must be a relative path")]
    [InlineData("'containers':[{'name':'a','image':'i'}],'activeDeadlineSeconds':0,'hostname':'A_b'",
        "spec.activeDeadlineSeconds: Invalid value: 0: must be between 1 and 2147483647, inclusive|spec.hostname: Invalid value: 'A_b': " + Label)]
    [InlineData("'containers':[{'name':'a','image':'i'}],'tolerations':[{'key':'k','operator':'Exists','value':'v'},{'operator':'Equal'}]",
        "spec.tolerations[0].operator: Invalid value: 'v': value must be empty when `operator` is 'Exists'"
        + "|spec.tolerations[1].operator: Invalid value: 'Equal': operator must be Exists when `key` is empty, which means \\'match all values and all keys\\'")]
    public void Pod_Rules_AreTold(string spec, string expected) => Equal("pods", $"{{{Meta},'spec':{{{spec}}}}}", expected.Replace("\\'", "'"));

    [Theory]
    [InlineData("", "spec.ports: Required value")]
    [InlineData("'clusterIP':'None'", "")]
    [InlineData("'ports':[{'port':0}]", "spec.ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive|spec.ports[0].targetPort: Invalid value: 0: must be between 1 and 65535, inclusive")]
    [InlineData("'ports':[{'port':1},{'port':2}]", "spec.ports[0].name: Required value|spec.ports[1].name: Required value")]
    [InlineData("'ports':[{'port':1,'name':'a'},{'port':1,'name':'a'}]", "spec.ports[1].name: Duplicate value: 'a'|spec.ports[1]: Duplicate value: '1/TCP'")]
    [InlineData("'ports':[{'port':1,'targetPort':'UPPER'}]", "spec.ports[0].targetPort: Invalid value: 'UPPER': must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)|spec.ports[0].targetPort: Invalid value: 'UPPER': must contain at least one letter (a-z)")]
    [InlineData("'ports':[{'port':1,'nodePort':30000}]", "spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'")]
    [InlineData("'type':'NodePort','ports':[{'port':1,'nodePort':80}]", "spec.ports[0].nodePort: Invalid value: 80: provided port is not in the valid range. The range of valid ports is 30000-32767")]
    [InlineData("'type':'Cluster','ports':[{'port':1}]", "spec.type: Unsupported value: 'Cluster': supported values: 'ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'")]
    [InlineData("'type':'ExternalName'", "spec.externalName: Required value")]
    [InlineData("'type':'LoadBalancer','clusterIP':'None','ports':[{'port':1}]", "spec.clusterIPs[0]: Invalid value: 'None': may not be set to 'None' for LoadBalancer services")]
    [InlineData("'clusterIP':'10.0.0.1','ports':[{'port':1}],'externalIPs':['x']", "spec.externalIPs[0]: Invalid value: 'x': must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)")]
    public void Service_Rules_AreTold(string spec, string expected) => Equal("services", $"{{{Meta},'spec':{{{spec}}}}}", expected);

    [Theory]
    [InlineData("configmaps", "{" + Meta + ",'data':{'a b':'','..':''}}",
        "data[a b]: Invalid value: 'a b': a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')"
        + "|data[..]: Invalid value: '..': must not be '..'")]
    [InlineData("configmaps", "{" + Meta + ",'data':{'a':''},'binaryData':{'a':''}}", "data[a]: Invalid value: 'a': duplicate of key present in binaryData")]
    [InlineData("secrets", "{" + Meta + ",'type':'kubernetes.io/tls','data':{'tls.crt':''}}", "data[tls.key]: Required value")]
    [InlineData("roles.rbac.authorization.k8s.io", "{" + Meta + ",'rules':[{'verbs':['get']},{'apiGroups':[''],'resources':['pods']},{'verbs':['get'],'nonResourceURLs':['/x']}]}",
        "rules[0].apiGroups: Required value: resource rules must supply at least one api group|rules[0].resources: Required value: resource rules must supply at least one resource"
        + "|rules[1].verbs: Required value: verbs must contain at least one value|rules[2].nonResourceURLs: Invalid value: ['/x']: namespaced rules cannot apply to non-resource URLs")]
    [InlineData("clusterrolebindings.rbac.authorization.k8s.io", "{" + ClusterMeta + ",'roleRef':{'kind':'Role'},'subjects':[{'kind':'ServiceAccount','name':'s'},{'kind':'Robot','name':'r'}]}",
        "roleRef.kind: Unsupported value: 'Role': supported values: 'ClusterRole'|roleRef.name: Required value|subjects[0].namespace: Required value"
        + "|subjects[1].kind: Unsupported value: 'Robot': supported values: 'ServiceAccount', 'User', 'Group'")]
    [InlineData("validatingwebhookconfigurations.admissionregistration.k8s.io", "{" + ClusterMeta + ",'webhooks':[{'name':'a.b','clientConfig':{},'timeoutSeconds':31,'rules':[{'operations':['*','CREATE','MAKE'],'apiGroups':[''],'apiVersions':['v1'],'resources':['*','pods']}]}]}",
        "webhooks[0].name: Invalid value: 'a.b': should be a domain with at least three segments separated by dots"
        + "|webhooks[0].rules[0].operations: Invalid value: ['*','CREATE','MAKE']: if '*' is present, must not specify other operations"
        + "|webhooks[0].rules[0].operations[2]: Unsupported value: 'MAKE': supported values: '*', 'CONNECT', 'CREATE', 'DELETE', 'UPDATE'"
        + "|webhooks[0].rules[0].resources: Invalid value: ['*','pods']: if '*' is present, must not specify other resources without subresources"
        + "|webhooks[0].sideEffects: Required value: must specify one of None, NoneOnDryRun|webhooks[0].timeoutSeconds: Invalid value: 31: the timeout value must be between 1 and 30 seconds"
        + "|webhooks[0].clientConfig: Required value: exactly one of url or service is required|webhooks[0].admissionReviewVersions: Required value: must specify one of v1, v1beta1")]
    [InlineData("mutatingwebhookconfigurations.admissionregistration.k8s.io", "{" + ClusterMeta + ",'webhooks':[{'name':'a.b.c','clientConfig':{'url':'http://x'},'sideEffects':'None','admissionReviewVersions':['v1']}]}",
        "webhooks[0].clientConfig.url: Invalid value: 'http://x': 'https' is the only allowed URL scheme; desired format: https://host[/path]")]
    [InlineData("jobs.batch", "{'metadata':{'name':'x','namespace':'n','uid':'u'},'spec':{'template':{'spec':{'containers':[{'name':'c','image':'i'}]}}}}",
        "spec.template.spec.restartPolicy: Unsupported value: 'Always': supported values: 'OnFailure', 'Never'")]
    [InlineData("cronjobs.batch", "{" + Meta + ",'spec':{'schedule':'* *','jobTemplate':{'spec':{'template':{'spec':{'restartPolicy':'Never','containers':[{'name':'c','image':'i'}]}}}}}}",
        "spec.schedule: Invalid value: '* *': expected exactly 5 fields, found 2: [* *]")]
    [InlineData("horizontalpodautoscalers.autoscaling", "{" + Meta + ",'spec':{'minReplicas':3,'maxReplicas':2,'scaleTargetRef':{'kind':'Deployment','name':'d'}}}", "spec.maxReplicas: Invalid value: 2: must be greater than or equal to `minReplicas`")]
    [InlineData("poddisruptionbudgets.policy", "{" + Meta + ",'spec':{'minAvailable':'half'}}",
        "spec.minAvailable: Invalid value: 'half': a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')")]
    [InlineData("ingresses.networking.k8s.io", "{" + Meta + ",'spec':{'rules':[{'http':{'paths':[{'path':'x','pathType':'Prefix'},{}]}}]}}",
        "spec.rules[0].http.paths[0].path: Invalid value: 'x': must be an absolute path|spec.rules[0].http.paths[1].pathType: Required value: pathType must be specified")]
    [InlineData("persistentvolumeclaims", "{" + Meta + ",'spec':{}}", "spec.accessModes: Required value: at least 1 access mode is required|spec.resources[storage]: Required value")]
    [InlineData("endpointslices.discovery.k8s.io", "{" + Meta + ",'addressType':'IPv5'}", "addressType: Unsupported value: 'IPv5': supported values: 'FQDN', 'IPv4', 'IPv6'")]
    [InlineData("leases.coordination.k8s.io", "{" + Meta + ",'spec':{'leaseDurationSeconds':0}}", "spec.leaseDurationSeconds: Invalid value: 0: must be greater than 0")]
    public void Kind_Rules_AreTold(string resource, string item, string expected) => Equal(resource, item, expected);

    [Fact]
    public void Secret_OverAMebibyte_IsTooLong()
    {
        var big = Convert.ToBase64String(new byte[1024 * 1024 + 1]);

        Equal("secrets", $"{{{Meta},'data':{{'a':'{big}'}}}}", "data: Too long: may not be more than 1048576 bytes");
        Equal("configmaps", $"{{{Meta},'data':{{'a':'{new string('x', 1024 * 1024)}'}}}}", "");
    }

    [Fact]
    public void Issues_OfAHostileObject_AreBounded()
    {
        var containers = string.Join(',', Enumerable.Repeat("{}", 10_000));

        Assert.Equal(FieldIssues.Limit, Objects.Issues("pods", $"{{{Meta},'spec':{{'containers':[{containers}]}}}}").Length);
    }

    [Fact]
    public void Reasons_AreTheWireNames() => Assert.Equal(
        [FieldIssueReason.FieldValueRequired, FieldIssueReason.FieldValueNotFound],
        Strategies.Validate(Objects.Type("pods"), Objects.Created("pods", $"{{{Meta},'spec':{{'containers':[{{'name':'c','volumeMounts':[{{'name':'v','mountPath':'/a'}}]}}]}}}}")).Select(i => i.Reason));

    private static void Equal(string resource, string item, string expected) => Assert.Equal(expected, string.Join('|', Objects.Issues(resource, item)));
}
