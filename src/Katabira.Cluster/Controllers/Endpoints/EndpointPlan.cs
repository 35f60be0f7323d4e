using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Katabira.Cluster.Controllers.Workloads;
using Katabira.Cluster.Resources;

namespace Katabira.Cluster.Controllers.Endpoints;

/// <summary>A port as clients of a Service reach it at a pod.</summary>
internal readonly record struct EndpointPort(string Name, string Protocol, long Number, string AppProtocol);

/// <summary>One address that answers for a Service.</summary>
internal sealed record EndpointAddress(JsonObject Pod, string Address, bool IsReady, bool IsServing, bool IsEnding);

/// <summary>The pods that answer the same ports; pods whose named ports have other numbers are in other subsets.</summary>
internal sealed record EndpointSubset(ImmutableArray<EndpointPort> Ports, ImmutableArray<EndpointAddress> Addresses);

/// <summary>Which pods answer for a Service, and at which ports: the one decision behind Endpoints and EndpointSlices. Pure.</summary>
internal static class EndpointPlan
{
    /// <param name="service">A Service with a selector.</param>
    /// <param name="pods">The pods of its namespace.</param>
    public static ImmutableArray<EndpointSubset> Of(JsonObject service, IEnumerable<JsonObject> pods)
    {
        var spec = service.Child("spec");
        var selector = spec.Pairs("selector").ToList();
        var publishAll = spec.Flag("publishNotReadyAddresses");
        var found = pods
            .Where(p => selector.All(s => p.Labels().GetValueOrDefault(s.Key) == s.Value))
            .Where(p => p.Child("status").Text("podIP").Length > 0 && p.Child("status").Text("phase") is not ("Succeeded" or "Failed"))
            .Select(p => (Address: AddressOf(p, publishAll), Ports: PortsOf(spec, p)))
            .Where(p => !p.Ports.IsEmpty || spec.List("ports") is not { Count: > 0 });
        return
        [
            .. found.GroupBy(f => string.Join(',', f.Ports), StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal)
                .Select(g => new EndpointSubset(g.First().Ports, [.. g.Select(f => f.Address).OrderBy(a => a.Address, StringComparer.Ordinal)])),
        ];
    }

    /// <summary>What a subset says about the pod that answers.</summary>
    public static JsonObject TargetOf(JsonObject pod) => new()
    {
        ["kind"] = "Pod",
        ["namespace"] = pod.NamespaceOf(),
        ["name"] = pod.NameOf(),
        ["uid"] = pod.Child("metadata").Text("uid"),
    };

    private static EndpointAddress AddressOf(JsonObject pod, bool publishAll)
    {
        var (serves, ends) = (PodState.IsReady(pod), pod.Child("metadata").Has("deletionTimestamp"));
        return new(pod, pod.Child("status").Text("podIP"), publishAll || (serves && !ends), serves, ends);
    }

    /// <summary>A port by name is the number that this pod's containers give it; without one the pod does not answer it.</summary>
    private static ImmutableArray<EndpointPort> PortsOf(JsonObject? spec, JsonObject pod)
    {
        var ports = ImmutableArray.CreateBuilder<EndpointPort>();
        foreach (var port in spec.Items("ports"))
        {
            var protocol = port.Text("protocol", "TCP");
            var number = port["targetPort"].AsText() is { } name ? Named(pod, name, protocol) : port.Integer("targetPort") ?? port.Count("port");
            if (number > 0)
            {
                ports.Add(new(port.Text("name"), protocol, number.Value, port.Text("appProtocol")));
            }
        }
        return ports.ToImmutable();
    }

    private static long? Named(JsonObject pod, string name, string protocol) => pod.Child("spec").Items("containers")
        .Concat(pod.Child("spec").Items("initContainers").Where(c => c.Text("restartPolicy") == "Always"))
        .SelectMany(c => c.Items("ports")).FirstOrDefault(p => p.Text("name") == name && p.Text("protocol", "TCP") == protocol).Integer("containerPort");
}
