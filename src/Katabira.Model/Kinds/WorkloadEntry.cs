using Katabira.Model.Resources;
using Katabira.Model.Schema;

namespace Katabira.Model.Kinds;

/// <summary>A workload outside Kubernetes, such as a virtual machine, as an endpoint of services.</summary>
/// <remarks>Source: istio/api networking/v1alpha3/workload_entry.proto.</remarks>
[Cel("has(self.address) || has(self.network)", "Address is required")]
[Cel("!has(self.address) || !self.address.startsWith('unix://') || !has(self.ports)", "UDS may not include ports")]
public sealed record WorkloadEntry : Extensible
{
    /// <summary>Where it is, without port: an IP address, a host name where names are resolved, or unix:///path. May be left out only with a network.</summary>
    [Field(MaxLength = 256)]
    [Cel("!self.startsWith('unix://') || self.startsWith('unix:///') || self.startsWith('unix://@')", "UDS must be an absolute path or abstract socket")]
    [Cel("!self.startsWith('unix://') || !self.endsWith('/')", "UDS may not be a dir")]
    public string? Address { get; init; }

    /// <summary>Its port for each port of the service, by the port's name. Left out, the service's targetPort, or the same number.</summary>
    [Field(MaxProperties = 128), PortNumber(Items = true)]
    [Cel("self.all(name, size(name) < 63 && name.matches('^[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?$'))", "port name must be valid")]
    public IReadOnlyDictionary<string, uint>? Ports { get; init; }

    /// <summary>Labels by which selectors find it.</summary>
    [Field(MaxProperties = 256)]
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    /// <summary>The network it is in; workloads of one network reach each other directly.</summary>
    [Field(MaxLength = 2048)]
    public string? Network { get; init; }

    /// <summary>Its place, as region/zone/subzone.</summary>
    [Field(MaxLength = 2048)]
    public string? Locality { get; init; }

    /// <summary>Its share of the traffic, compared with other endpoints. Left out, 1.</summary>
    public uint? Weight { get; init; }

    /// <summary>The service account it runs as, of its own namespace: its identity in the mesh.</summary>
    [Field(MaxLength = 253)]
    public string? ServiceAccount { get; init; }

    /// <summary>The kind.</summary>
    public static ResourceKind<WorkloadEntry> Kind { get; } = new()
    {
        Group = "networking.istio.io",
        Versions = ["v1", "v1beta1", "v1alpha3"],
        StorageVersion = "v1",
        Kind = "WorkloadEntry",
        Plural = "workloadentries",
        ShortNames = ["we"],
        Columns = [PrinterColumn.Age, new("Address", ".spec.address")],
        NeedsSpec = true,
        Json = SchemaJson.Default.ResourceWorkloadEntry,
        Rules = (resource, findings) => WorkloadEntryRules.Check(resource.Spec, "spec", findings),
    };
}
