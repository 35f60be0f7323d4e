using System.Collections.Immutable;
using Katabira.Model.Mesh;
using Katabira.Model.Resources;

namespace Katabira.Model.Destinations;

/// <summary>What a dialled address stands for when it is a pod's own, not a Service's.</summary>
public static class PodDestination
{
    /// <summary>Finds the headless Service that selects the pod on that port; its rules are the pod's. Null if there is none: then no rule applies.</summary>
    /// <remarks>The identity to expect is the pod's own in either case. Of several Services the first by name counts, so that the answer is stable.</remarks>
    /// <param name="services">Services of the pod's namespace.</param>
    /// <param name="pod">The pod.</param>
    /// <param name="port">The dialled port: the one the pod listens on.</param>
    public static DialledService? Find(IEnumerable<ServiceModel> services, Workload pod, ushort port) =>
        services
            .Where(s => s.IsHeadless && s.Key.Namespace == pod.Key.Namespace && s.Selects(pod.Labels))
            .OrderBy(s => s.Key.Name, StringComparer.Ordinal)
            .SelectMany(s => s.Ports.Where(p => p.TargetPort == port).Select(p => new DialledService(s.Host, s.Key.Namespace, p.Port)))
            .FirstOrDefault();
}

/// <summary>What decisions need to know of a Service. Immutable.</summary>
/// <param name="Key">Namespace and name.</param>
/// <param name="Host">Full name, in lower case.</param>
/// <param name="IsHeadless">True if it has no address of its own.</param>
/// <param name="Selector">Labels of its pods; empty selects none.</param>
/// <param name="Ports">Its ports.</param>
public sealed record ServiceModel(
    ObjectKey Key, string Host, bool IsHeadless, ImmutableDictionary<string, string> Selector, ImmutableArray<ServicePortModel> Ports)
{
    /// <summary>True if every label of the selector is there.</summary>
    public bool Selects(IReadOnlyDictionary<string, string> labels) =>
        !Selector.IsEmpty && Selector.All(want => labels.TryGetValue(want.Key, out var actual) && actual == want.Value);
}

/// <summary>One port of a Service.</summary>
/// <param name="Port">The Service's port.</param>
/// <param name="TargetPort">The port its pods listen on, after names are resolved.</param>
public readonly record struct ServicePortModel(uint Port, ushort TargetPort);
