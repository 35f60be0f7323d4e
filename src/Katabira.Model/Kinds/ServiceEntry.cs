using System.Text.Json.Serialization;
using Katabira.Model.Resources;
using Katabira.Model.Schema;

namespace Katabira.Model.Kinds;

/// <summary>Adds a service to those that Kubernetes knows: one outside the mesh, or one of workloads that are no pods.</summary>
/// <remarks>Source: istio/api networking/v1alpha3/service_entry.proto.</remarks>
[Cel("!has(self.workloadSelector) || !has(self.endpoints)", "only one of WorkloadSelector or Endpoints can be set")]
[Cel("!has(self.addresses) || !self.addresses.exists(a, a.contains('/')) || !has(self.resolution) || self.resolution in ['NONE', 'STATIC']",
    "CIDR addresses are allowed only for NONE/STATIC resolution types")]
[Cel("!has(self.endpoints) || (has(self.resolution) && self.resolution != 'NONE')", "NONE mode cannot set endpoints")]
[Cel("!has(self.resolution) || self.resolution != 'DNS_ROUND_ROBIN' || !has(self.endpoints) || size(self.endpoints) < 2",
    "DNS_ROUND_ROBIN mode cannot have multiple endpoints")]
public sealed record ServiceEntry : Extensible
{
    /// <summary>Names of the service, as clients ask for it; a name may begin with a wildcard, but not be one.</summary>
    [Field(Required = true, MinItems = 1, MaxItems = 256)]
    [Cel("self != '*'", "hostname cannot be wildcard", Items = true)]
    public IReadOnlyList<string>? Hosts { get; init; }

    /// <summary>Addresses or networks that clients dial. Left out, the service is known by its ports alone, or gets an address.</summary>
    [Field(MaxItems = 256), Item(MaxLength = 64)]
    public IReadOnlyList<string>? Addresses { get; init; }

    /// <summary>Ports of the service.</summary>
    [Field(MaxItems = 256, ListMapKey = "name")]
    [Cel("self.all(p, self.exists_one(q, q.number == p.number))", "port number cannot be duplicated")]
    public IReadOnlyList<ServicePort>? Ports { get; init; }

    /// <summary>Whether the mesh ends before the service. Left out, MESH_EXTERNAL.</summary>
    public ServiceLocation? Location { get; init; }

    /// <summary>How a proxy finds the endpoints. Left out, NONE.</summary>
    public ServiceResolution? Resolution { get; init; }

    /// <summary>The endpoints. Excludes workloadSelector.</summary>
    [Field(MaxItems = 4096)]
    public IReadOnlyList<WorkloadEntry>? Endpoints { get; init; }

    /// <summary>Pods and WorkloadEntries of the own namespace that are the endpoints. Excludes endpoints.</summary>
    public WorkloadLabels? WorkloadSelector { get; init; }

    /// <summary>Namespaces that see the service: names, . for the own one, * for all, ~ for none. Left out, as the mesh has it (all).</summary>
    public IReadOnlyList<string>? ExportTo { get; init; }

    /// <summary>Names of which a server's certificate must bear one.</summary>
    public IReadOnlyList<string>? SubjectAltNames { get; init; }

    /// <summary>The kind.</summary>
    public static ResourceKind<ServiceEntry> Kind { get; } = new()
    {
        Group = "networking.istio.io",
        Versions = ["v1", "v1beta1", "v1alpha3"],
        StorageVersion = "v1",
        Kind = "ServiceEntry",
        Plural = "serviceentries",
        ShortNames = ["se"],
        Columns =
        [
            new("Hosts", ".spec.hosts"), new("Location", ".spec.location"), new("Resolution", ".spec.resolution"), PrinterColumn.Age,
        ],
        NeedsSpec = true,
        Json = SchemaJson.Default.ResourceServiceEntry,
        Rules = ServiceEntryRules.Check,
    };
}

/// <summary>A port of a service.</summary>
public sealed record ServicePort : Extensible
{
    /// <summary>The number that clients dial.</summary>
    [Field(Required = true), PortNumber]
    public uint? Number { get; init; }

    /// <summary>What is spoken: HTTP, HTTPS, GRPC, HTTP2, MONGO, TCP, TLS and the like. Left out, it is found out.</summary>
    [Field(MaxLength = 256)]
    public string? Protocol { get; init; }

    /// <summary>The name of the port, once in the service.</summary>
    [Field(Required = true, MaxLength = 256)]
    public string? Name { get; init; }

    /// <summary>The number that endpoints listen on. Left out, the same.</summary>
    [PortNumber]
    public uint? TargetPort { get; init; }
}

/// <summary>Whether a service belongs to the mesh.</summary>
[JsonConverter(typeof(UpperSnakeEnum<ServiceLocation>))]
public enum ServiceLocation
{
    /// <summary>No: nothing is encrypted to it by itself.</summary>
    MeshExternal,

    /// <summary>Yes: its workloads have identities.</summary>
    MeshInternal,
}

/// <summary>How a proxy finds the endpoints of a service.</summary>
[JsonConverter(typeof(UpperSnakeEnum<ServiceResolution>))]
public enum ServiceResolution
{
    /// <summary>Not at all: the client has dialled the endpoint already.</summary>
    None,

    /// <summary>They are listed, or selected.</summary>
    Static,

    /// <summary>By asking DNS for the endpoints' names, or the service's; all answers are used.</summary>
    Dns,

    /// <summary>By asking DNS; a new connection goes to the first answer, old ones stay.</summary>
    DnsRoundRobin,

    /// <summary>By asking DNS for the name each request is for. For hosts with a wildcard.</summary>
    DynamicDns,
}
