using System.Collections.Immutable;
using System.Net;
using Katabira.Net.Linux;

namespace Katabira.Cluster.Network.Rules;

/// <summary>The protocols that Services forward, by their number in IP.</summary>
internal enum ServiceProtocol : byte
{
    Tcp = 6,
    Udp = 17,
}

/// <summary>What a client dials.</summary>
internal readonly record struct ServiceFrontend(IPAddress Address, ServiceProtocol Protocol, ushort Port);

/// <summary>Who answers.</summary>
internal readonly record struct ServiceBackend(IPAddress Address, ushort Port);

/// <summary>One frontend and the slots behind it.</summary>
internal readonly record struct ServiceForward(ServiceFrontend Frontend, ImmutableArray<ServiceBackend> Slots);

/// <summary>
/// Everything that the node forwards at one moment: for each frontend the 16 slots from which the kernel draws one per connection. A frontend that
/// nobody answers for is not in it, so that it is refused. Nobody changes it.
/// </summary>
internal sealed record ServiceTable(IReadOnlyDictionary<ServiceFrontend, ImmutableArray<ServiceBackend>> Slots)
{
    /// <summary>Slots per frontend. More endpoints than slots cannot all be drawn.</summary>
    public const int SlotCount = 16;

    /// <summary>No Services.</summary>
    public static ServiceTable Empty { get; } = new(new Dictionary<ServiceFrontend, ImmutableArray<ServiceBackend>>());

    /// <summary>Whether a UDP endpoint is no longer what it was, so that flows may lead nowhere.</summary>
    public static bool LosesDatagrams(ServiceTable from, ServiceTable to) => from.Slots.Any(before => before.Key.Protocol == ServiceProtocol.Udp
        && !(to.Slots.TryGetValue(before.Key, out var after) && before.Value.All(b => after.Contains(b))));

    /// <summary>
    /// Whether a UDP flow is translated to an endpoint that it would not be translated to today. A client that uses one port for long never begins a new flow by
    /// itself; TCP connections end with their endpoint.
    /// </summary>
    public bool IsStale(TrackedFlow flow) => flow.Protocol == (byte)ServiceProtocol.Udp && !flow.Dialled.Equals(flow.Answers)
        && !(Slots.TryGetValue(new(flow.Dialled.Address, ServiceProtocol.Udp, (ushort)flow.Dialled.Port), out var slots)
            && slots.Contains(new(flow.Answers.Address, (ushort)flow.Answers.Port)));

    /// <summary>Deals the slots out in turn, so that shares differ by one slot at most.</summary>
    /// <param name="backends">In a fixed order; at least one.</param>
    public static ImmutableArray<ServiceBackend> Deal(IReadOnlyList<ServiceBackend> backends) =>
        [.. Enumerable.Range(0, SlotCount).Select(slot => backends[slot % backends.Count])];
}
