using System.Buffers.Binary;
using System.Net;
using System.Text.Json.Nodes;
using Katabira.Cluster.Resources;
using Katabira.Cluster.State;
using Katabira.Cluster.Storage;

namespace Katabira.Cluster.Objects;

/// <summary>
/// Gives Services their cluster IP and their node ports. What is taken is read from the Services themselves, so nothing can leak or drift; the
/// caller lets one writer in at a time. Not thread-safe.
/// </summary>
internal sealed class ServiceAddresses(Store store, Random random)
{
    /// <summary>The addresses of Services (10.96.0.0/16).</summary>
    private const uint FirstAddress = 0x0A60_0000;

    private const int Addresses = 1 << 16;
    private const int FirstNodePort = 30_000;
    private const int NodePorts = 2_768;
    private const string Range = "10.96.0.0/16";

    private readonly ParsedObjects _services = new(new("", "services"));

    /// <summary>May change: fills in what the Service needs and does not have.</summary>
    /// <returns>What it asks for and cannot have.</returns>
    public IReadOnlyList<FieldIssue> Allocate(JsonObject service)
    {
        var issues = new FieldIssues();
        if (service.Child("spec") is not { } spec || spec.Text("type") == "ExternalName")
        {
            return [];
        }
        var others = _services.Read(store.Current)
            .Where(o => o.NameOf() != service.NameOf() || o.NamespaceOf() != service.NamespaceOf()).Select(o => o.Child("spec")).ToList();
        GiveAddress(spec, [.. others.SelectMany(o => o.Texts("clusterIPs"))], issues);
        if (spec.Text("type") is "NodePort" || (spec.Text("type") is "LoadBalancer" && spec["allocateLoadBalancerNodePorts"].AsBoolean() != false))
        {
            GivePorts(spec, [.. others.SelectMany(o => o.Items("ports")).Select(p => p.Count("nodePort"))], issues);
        }
        return issues.All;
    }

    private void GiveAddress(JsonObject spec, HashSet<string> taken, FieldIssues issues)
    {
        var wanted = spec.Text("clusterIP");
        if (wanted == "None")
        {
            return;
        }
        if (wanted.Length == 0)
        {
            wanted = Free(Addresses - 2, i => Address(i + 1), a => !taken.Contains(a)) ?? "";
            if (wanted.Length == 0)
            {
                issues.Invalid("spec.clusterIPs", spec["clusterIPs"], $"failed to allocate an IP: range {Range} is full");
                return;
            }
            spec["clusterIP"] = wanted;
            spec["clusterIPs"] = new JsonArray(wanted);
        }
        else if (IPAddress.TryParse(wanted, out var address) && !IsInRange(address))
        {
            issues.Invalid("spec.clusterIPs", spec["clusterIPs"], $"failed to allocate IP {wanted}: the provided IP ({wanted}) is not in the valid range. The range of valid IPs is {Range}");
        }
        else if (taken.Contains(wanted))
        {
            issues.Invalid("spec.clusterIPs", spec["clusterIPs"], $"failed to allocate IP {wanted}: provided IP is already allocated");
        }
    }

    private void GivePorts(JsonObject spec, HashSet<long> taken, FieldIssues issues)
    {
        foreach (var (index, port) in spec.Items("ports").Index())
        {
            var wanted = port.Count("nodePort");
            if (wanted == 0 && Free<object>(NodePorts, i => (long)(FirstNodePort + i), p => !taken.Contains((long)p)) is long free)
            {
                port["nodePort"] = free;
                taken.Add(free);
            }
            else if (wanted is not 0 and (< FirstNodePort or >= FirstNodePort + NodePorts))
            {
                issues.Invalid($"spec.ports[{index}].nodePort", wanted, "provided port is not in the valid range. The range of valid ports is 30000-32767");
            }
            else if (wanted == 0 || !taken.Add(wanted))
            {
                issues.Invalid($"spec.ports[{index}].nodePort", wanted, "provided port is already allocated");
            }
        }
    }

    /// <summary>The first free one from a random place on: addresses do not come back at once when a Service is made again.</summary>
    private T? Free<T>(int count, Func<int, T> at, Func<T, bool> isFree)
        where T : class
    {
        var start = random.Next(count);
        for (var i = 0; i < count; i++)
        {
            var candidate = at((start + i) % count);
            if (isFree(candidate))
            {
                return candidate;
            }
        }
        return null;
    }

    private static string Address(int index)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, FirstAddress + (uint)index);
        return new IPAddress(bytes).ToString();
    }

    private static bool IsInRange(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        return address.TryWriteBytes(bytes, out var length) && length == 4 && BinaryPrimitives.ReadUInt32BigEndian(bytes) - FirstAddress < Addresses;
    }
}
