using System.Text;
using System.Text.Json.Nodes;

namespace Katabira.Benchmarks.Api;

/// <summary>Objects as clients send them.</summary>
internal static class Samples
{
    /// <summary>A ConfigMap of about so many bytes.</summary>
    public static byte[] ConfigMap(string name, int sizeBytes)
    {
        var head = $$$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"{{{name}}}","labels":{"app.kubernetes.io/name":"bench"}},"data":{"settings.yaml":""";
        return Encoding.UTF8.GetBytes($"{head}\"{new string('x', Math.Max(0, sizeBytes - head.Length - 4))}\"}}}}");
    }

    /// <summary>A pod with one container. Nobody owns it: the garbage collector would ask where the owner is.</summary>
    public static byte[] Pod(int number) => Encoding.UTF8.GetBytes($$$$"""
        {"apiVersion":"v1","kind":"Pod","metadata":{"name":"{{{{PodName(number)}}}}","labels":{"app":"shop-{{{{number % 50}}}}","pod-template-hash":"6d5f9b7c4d"}},
        "spec":{"nodeName":"node","serviceAccountName":"shop","containers":[
        {"name":"server","image":"katabira/boutique:0.1.0","args":["frontend"],"ports":[{"containerPort":8080,"name":"http"}],
        "env":[{"name":"PORT","value":"8080"},{"name":"CART_SERVICE_ADDR","value":"cartservice:7070"}],
        "resources":{"requests":{"cpu":"100m","memory":"64Mi"},"limits":{"cpu":"200m","memory":"128Mi"}},
        "readinessProbe":{"httpGet":{"path":"/_healthz","port":8080},"initialDelaySeconds":10}}]}}
        """);

    /// <summary>The pod with the status that its node writes when it runs.</summary>
    public static byte[] Running(byte[] pod, int number)
    {
        var item = JsonNode.Parse(pod)!.AsObject();
        item["status"] = JsonNode.Parse($$$$"""
            {"phase":"Running","podIP":"10.244.{{{{number / 250}}}}.{{{{number % 250}}}}","podIPs":[{"ip":"10.244.{{{{number / 250}}}}.{{{{number % 250}}}}"}],"hostIP":"10.0.0.1","startTime":"2026-01-01T00:00:00Z","qosClass":"Burstable",
            "conditions":[{"type":"Initialized","status":"True","lastTransitionTime":"2026-01-01T00:00:00Z"},{"type":"Ready","status":"True","lastTransitionTime":"2026-01-01T00:00:03Z"},
            {"type":"ContainersReady","status":"True","lastTransitionTime":"2026-01-01T00:00:03Z"},{"type":"PodScheduled","status":"True","lastTransitionTime":"2026-01-01T00:00:00Z"}],
            "containerStatuses":[
            {"name":"server","ready":true,"restartCount":0,"image":"katabira/boutique:0.1.0","imageID":"katabira/boutique","started":true,"state":{"running":{"startedAt":"2026-01-01T00:00:02Z"}}}]}
            """);
        return Encoding.UTF8.GetBytes(item.ToJsonString());
    }

    public static string PodName(int number) => $"shop-{number % 50}-6d5f9b7c4d-{number:x5}";
}
