using System.Collections.Immutable;
using System.Net;
using System.Text.Json.Nodes;
using Katabira.Cluster.Api;
using Katabira.Cluster.Controllers;
using Katabira.Cluster.Network.Gates;
using Katabira.Cluster.Resources;
using Katabira.Cluster.State;
using Katabira.Cluster.Storage;
using Microsoft.Extensions.Logging;

namespace Katabira.Cluster.Network.Balancers;

/// <summary>
/// Gives LoadBalancer Services an address of the host's loopback and lets the gate carry its ports, and node ports on 127.0.0.1 besides. A Service of which a
/// port cannot be bound stays pending, and an Event names the process that is in the way. One owner runs it.
/// </summary>
internal sealed class BalancerController(ClusterClient client, Gate gate, IPNetwork range, ILogger logger)
{
    private static readonly GroupResource s_services = new("", "services");

    /// <summary>How soon a port that somebody else had is tried again: nobody tells when it is free.</summary>
    private static readonly TimeSpan s_again = TimeSpan.FromSeconds(5);

    private readonly EventRecorder _events = new(client, "service-controller");
    private readonly Dictionary<StoreKey, Held> _held = [];

    public Task RunAsync(CancellationToken cancel) => new Reconciler(client, [new(s_services, change => [change.Object.Key])], ReconcileAsync,
        (e, key) => ControllerLog.Stumbled(logger, e, "load balancer", key)).RunAsync(cancel);

    private async Task<TimeSpan?> ReconcileAsync(StoreKey key, CancellationToken cancel)
    {
        var service = client.Find(s_services, key.Namespace, key.Name);
        var held = _held.GetValueOrDefault(key, Held.Nothing);
        var address = service.Child("spec").Text("type") == "LoadBalancer" ? AddressFor(key, service, held.Address) : null;
        var plan = BalancerPlan.Of(service, address);
        CloseAll(held.Ports.Except(plan.Balanced).Except(plan.NodePorts));
        _held.Remove(key);
        if (service is null || plan == BalancerPlan.None)
        {
            await SetAddressAsync(key, service, null, cancel);
            return null;
        }
        // before they are opened, so that none is forgotten if it goes wrong in between
        _held[key] = held with { Ports = [.. plan.Balanced, .. plan.NodePorts] };
        var (open, refused) = await OpenAsync(plan.Balanced);
        if (refused is not null)
        {
            CloseAll(open);
            open = [];
        }
        var (nodePorts, nodeRefused) = await OpenEachAsync(plan.NodePorts);
        var told = Told(service, plan, address, refused, nodeRefused);
        _held[key] = new([.. open, .. nodePorts], refused is null && plan.IsBalanced ? address : null, told);
        await SetAddressAsync(key, service, _held[key].Address, cancel);
        foreach (var (type, reason, message) in told.Except(held.Told))
        {
            await _events.TellAsync(service, type, reason, message, cancel);
        }
        return refused is null && nodeRefused is null && (address is not null || !plan.IsBalanced) ? null : s_again;
    }

    /// <summary>The one it has, as long as nobody else has it; else a free one. Null if there is none.</summary>
    private IPAddress? AddressFor(StoreKey key, JsonObject? service, IPAddress? held)
    {
        if (held is not null)
        {
            return held;
        }
        var others = ClusterState.All(client.State.Store.Current, s_services).Where(s => s.NamespaceOf() != key.Namespace || s.NameOf() != key.Name);
        HashSet<IPAddress> taken = [.. others.SelectMany(s => BalancerPlan.AddressesOf(s, range)), .. _held.Where(h => h.Key != key).Select(h => h.Value.Address).OfType<IPAddress>()];
        return BalancerPlan.AddressesOf(service, range).FirstOrDefault(a => !taken.Contains(a)) ?? BalancerRange.Free(range, taken);
    }

    /// <summary>All of them or, with the reason, those that could be opened before the first that could not.</summary>
    private async Task<(ImmutableArray<GatePort> Open, string? Refused)> OpenAsync(ImmutableArray<GatePort> ports)
    {
        for (var i = 0; i < ports.Length; i++)
        {
            if (await gate.OpenAsync(ports[i].Listen, ports[i].Target) is { } refused)
            {
                return (ports[..i], refused);
            }
        }
        return (ports, null);
    }

    /// <summary>Those that can be opened, and why the first of the others cannot.</summary>
    private async Task<(ImmutableArray<GatePort> Open, string? Refused)> OpenEachAsync(ImmutableArray<GatePort> ports)
    {
        var (open, first) = (ImmutableArray.CreateBuilder<GatePort>(), (string?)null);
        foreach (var port in ports)
        {
            if (await gate.OpenAsync(port.Listen, port.Target) is { } refused)
            {
                first ??= refused;
            }
            else
            {
                open.Add(port);
            }
        }
        return (open.ToImmutable(), first);
    }

    private void CloseAll(IEnumerable<GatePort> ports)
    {
        foreach (var port in ports)
        {
            gate.Close(port.Listen);
        }
    }

    /// <summary>What people should know about a Service. A node port of a LoadBalancer is only a second way, so it is not talked about.</summary>
    private static ImmutableArray<(string Type, string Reason, string Message)> Told(JsonObject service, BalancerPlan plan, IPAddress? address, string? refused, string? nodeRefused)
    {
        var told = ImmutableArray.CreateBuilder<(string Type, string Reason, string Message)>();
        if (plan.IsBalanced && (refused ?? (address is null ? "no address is free" : null)) is { } why)
        {
            told.Add(("Warning", "SyncLoadBalancerFailed", $"Error syncing load balancer: failed to ensure load balancer: {why}"));
        }
        else if (plan.IsBalanced && address is not null && !BalancerPlan.AddressesOf(service, new(address, 32)).Any())
        {
            told.Add(("Normal", "EnsuredLoadBalancer", "Ensured load balancer"));
        }
        if (nodeRefused is not null && service.Child("spec").Text("type") == "NodePort")
        {
            told.Add(("Warning", "NodePortUnavailable", $"The node port is reached from pods, and not from the host: {nodeRefused}"));
        }
        if (plan.Left.Length > 0)
        {
            told.Add(("Warning", "UnsupportedProtocol", $"Reached from pods, and not from the host, from where TCP alone is carried: {string.Join(", ", plan.Left)}"));
        }
        return told.ToImmutable();
    }

    /// <summary>Writes or removes the address in the status; others' addresses stay.</summary>
    private async Task SetAddressAsync(StoreKey key, JsonObject? service, IPAddress? address, CancellationToken cancel)
    {
        if (service is null || BalancerPlan.AddressesOf(service, range).SequenceEqual(address is null ? [] : [address]))
        {
            return;
        }
        try
        {
            await client.TryUpdateAsync(key, "status", live => SetAddress(live, address), cancel);
        }
        catch (ApiException refused) when (refused.Failure.Code == 409)
        {
            // another Service of the same name has come
        }
    }

    private static void SetAddress(JsonObject live, IPAddress? address)
    {
        if (live.ChildOrNew("status") is not { } status)
        {
            return;
        }
        // traffic to it comes through a proxy, so nothing inside may take a short cut (KEP-1860)
        status["loadBalancer"] = address is null ? new JsonObject() : new JsonObject { ["ingress"] = new JsonArray(new JsonObject { ["ip"] = address.ToString(), ["ipMode"] = "Proxy" }) };
    }

    /// <param name="Ports">Open at the gate.</param>
    /// <param name="Address">Its own; null while it is pending or not balanced.</param>
    /// <param name="Told">Events that need not be told again.</param>
    private sealed record Held(ImmutableArray<GatePort> Ports, IPAddress? Address, ImmutableArray<(string Type, string Reason, string Message)> Told)
    {
        public static Held Nothing { get; } = new([], null, []);
    }
}
