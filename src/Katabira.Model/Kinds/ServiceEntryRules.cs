using Katabira.Model.Resources;
using Katabira.Model.Validation;

namespace Katabira.Model.Kinds;

/// <summary>What a schema cannot say about <see cref="ServiceEntry"/>.</summary>
internal static class ServiceEntryRules
{
    /// <summary>Sends a service's traffic through a waypoint, unless it is <c>none</c>.</summary>
    private const string WaypointLabel = "istio.io/use-waypoint";

    public static void Check(Resource<ServiceEntry> resource, Findings findings)
    {
        var entry = resource.Spec;
        if (entry is { WorkloadSelector: not null, Endpoints: not null })
        {
            findings.Broken("spec", "only one of WorkloadSelector or Endpoints can be set");
        }
        entry.WorkloadSelector?.Check("spec.workloadSelector", findings);
        CheckHosts(entry, findings);
        CheckAddresses(entry, findings);
        CheckPorts(entry, findings);
        CheckEndpoints(entry, findings);
        CheckResolution(resource, findings);
        CheckTellingApart(entry, findings);
        findings.CheckExportTo(entry.ExportTo, resource.Metadata.Namespace, mayHide: true);
    }

    private static void CheckHosts(ServiceEntry entry, Findings findings)
    {
        for (var i = 0; i < Hosts(entry).Count; i++)
        {
            var (host, path) = (Hosts(entry)[i], $"spec.hosts[{i}]");
            if (host == "*")
            {
                findings.Invalid(path, host, "hostname cannot be wildcard");
                continue;
            }
            findings.CheckHostPattern(path, host);
            if (Resolution(entry) != ServiceResolution.DynamicDns && HostChecks.IsPartialWildcard(host))
            {
                findings.Warn($"{path}: a * that is not a whole label matches nothing in many places");
            }
        }
    }

    private static void CheckAddresses(ServiceEntry entry, Findings findings)
    {
        findings.CheckNetworks("spec.addresses", entry.Addresses);
        var hasNetwork = entry.Addresses?.Any(a => a.Contains('/')) == true;
        if (hasNetwork && Resolution(entry) is not (ServiceResolution.None or ServiceResolution.Static))
        {
            findings.Broken("spec", "CIDR addresses are allowed only for NONE/STATIC resolution types");
        }
    }

    private static void CheckPorts(ServiceEntry entry, Findings findings)
    {
        var numbers = new HashSet<uint>();
        for (var i = 0; i < Ports(entry).Count; i++)
        {
            var (port, path) = (Ports(entry)[i], $"spec.ports[{i}]");
            findings.CheckPortName($"{path}.name", port.Name);
            findings.CheckProtocol($"{path}.protocol", port.Protocol);
            findings.CheckPort($"{path}.number", port.Number);
            findings.CheckPort($"{path}.targetPort", port.TargetPort);
            if (port.Number is { } number && !numbers.Add(number))
            {
                findings.Invalid($"{path}.number", number, "port number cannot be duplicated");
            }
            if (entry.Addresses is not { Count: > 0 } && Resolution(entry) == ServiceResolution.None && IsOpaque(port))
            {
                findings.Warn($"{path}: without spec.addresses, every address on this port belongs to the service");
            }
        }
    }

    private static void CheckEndpoints(ServiceEntry entry, Findings findings)
    {
        var forms = Resolution(entry) switch
        {
            ServiceResolution.Static => AddressForms.Ip | AddressForms.UnixSocket,
            ServiceResolution.Dns or ServiceResolution.DnsRoundRobin => AddressForms.Ip | AddressForms.HostName,
            _ => AddressForms.Any,
        };
        var names = Ports(entry).Select(p => p.Name ?? "").ToHashSet(StringComparer.Ordinal);
        for (var i = 0; i < entry.Endpoints?.Count; i++)
        {
            var (endpoint, path) = (entry.Endpoints[i], $"spec.endpoints[{i}]");
            WorkloadEntryRules.Check(endpoint, path, findings, forms);
            foreach (var name in endpoint.Ports?.Keys.Where(n => !names.Contains(n)) ?? [])
            {
                findings.Invalid($"{path}.ports", name, "must be the name of a port in spec.ports");
            }
            if (AddressChecks.IsUnixSocket(endpoint.Address) && Ports(entry).Count != 1)
            {
                findings.Invalid($"{path}.address", endpoint.Address!, "exactly 1 service port required for unix endpoints");
            }
        }
    }

    private static void CheckResolution(Resource<ServiceEntry> resource, Findings findings)
    {
        var entry = resource.Spec;
        switch (Resolution(entry))
        {
            case ServiceResolution.None:
                CheckNone(entry, findings);
                break;
            case ServiceResolution.Dns:
            case ServiceResolution.DnsRoundRobin:
                CheckDns(entry, findings);
                break;
            case ServiceResolution.DynamicDns:
                CheckDynamic(entry, findings);
                if (entry.Location == ServiceLocation.MeshInternal && UsesWaypoint(resource.Metadata))
                {
                    findings.Forbidden("spec.location", "MESH_INTERNAL does not go with DYNAMIC_DNS and a waypoint");
                }
                break;
        }
    }

    private static void CheckNone(ServiceEntry entry, Findings findings)
    {
        if (entry.Endpoints is not null)
        {
            findings.Broken("spec", "NONE mode cannot set endpoints");
        }
        if (entry.WorkloadSelector is not null)
        {
            findings.Warn("spec.workloadSelector has no effect with resolution NONE");
        }
    }

    private static void CheckDns(ServiceEntry entry, Findings findings)
    {
        if (entry.Endpoints is not { Count: > 0 })
        {
            for (var i = 0; i < Hosts(entry).Count; i++)
            {
                // what is no host at all has been said already
                if (Hosts(entry)[i] is ['*', _, ..])
                {
                    findings.Invalid($"spec.hosts[{i}]", Hosts(entry)[i], "DNS cannot be asked for a wildcard: list endpoints, or use DYNAMIC_DNS");
                }
            }
        }
        if (entry is { Resolution: ServiceResolution.DnsRoundRobin, Endpoints.Count: > 1 })
        {
            findings.Broken("spec", "DNS_ROUND_ROBIN mode cannot have multiple endpoints");
        }
        if (entry.Addresses is { Count: > 0 } && Hosts(entry).Count > 1 && Ports(entry).Any(p => AppProtocols.Parse(p.Protocol).IsTcp()))
        {
            findings.Warn("spec: several hosts share spec.addresses, so TCP connections to them cannot be told apart");
        }
    }

    private static void CheckDynamic(ServiceEntry entry, Findings findings)
    {
        for (var i = 0; i < Hosts(entry).Count; i++)
        {
            if (!Hosts(entry)[i].StartsWith('*'))
            {
                findings.Invalid($"spec.hosts[{i}]", Hosts(entry)[i], "host must be wildcarded for resolution mode DYNAMIC_DNS");
            }
        }
        if (entry.Addresses is { Count: > 0 })
        {
            findings.Forbidden("spec.addresses", "may not be set with resolution DYNAMIC_DNS");
        }
        if (entry.Endpoints is { Count: > 0 })
        {
            findings.Forbidden("spec.endpoints", "may not be set with resolution DYNAMIC_DNS");
        }
        for (var i = 0; i < Ports(entry).Count; i++)
        {
            var protocol = Ports(entry)[i].Protocol;
            if (AppProtocols.Parse(protocol) is not (AppProtocol.Http or AppProtocol.Http2 or AppProtocol.Grpc or AppProtocol.Tls))
            {
                findings.Invalid($"spec.ports[{i}].protocol", protocol ?? "", "must be HTTP, HTTP2, GRPC or TLS for resolution DYNAMIC_DNS");
            }
        }
    }

    /// <summary>Several hosts behind one port are told apart by what the client says first; plain TCP says nothing.</summary>
    private static void CheckTellingApart(ServiceEntry entry, Findings findings)
    {
        if (Resolution(entry) == ServiceResolution.None || Hosts(entry).Count < 2)
        {
            return;
        }
        for (var i = 0; i < Ports(entry).Count; i++)
        {
            if (IsOpaque(Ports(entry)[i]))
            {
                findings.Invalid($"spec.ports[{i}].protocol", Ports(entry)[i].Protocol ?? "", "multiple hosts provided with non-HTTP, non-TLS ports");
            }
        }
    }

    /// <summary>True if no name can be read from the connection's first bytes.</summary>
    private static bool IsOpaque(ServicePort port) => AppProtocols.Parse(port.Protocol) is var protocol && !protocol.IsHttp() && !protocol.IsTls();

    private static bool UsesWaypoint(ObjectMeta metadata) =>
        metadata.Labels?.GetValueOrDefault(WaypointLabel) is { Length: > 0 } waypoint && !waypoint.Equals("none", StringComparison.OrdinalIgnoreCase);

    private static ServiceResolution Resolution(ServiceEntry entry) => entry.Resolution ?? ServiceResolution.None;

    private static IReadOnlyList<string> Hosts(ServiceEntry entry) => entry.Hosts ?? [];

    private static IReadOnlyList<ServicePort> Ports(ServiceEntry entry) => entry.Ports ?? [];
}
