using Katabira.Model.Resources;

namespace Katabira.Model.Kinds;

/// <summary>Decides where requests and connections to some hosts go: by path, header, port or server name, and by weight.</summary>
/// <remarks>Source: istio/api networking/v1alpha3/virtual_service.proto.</remarks>
public sealed record VirtualService : Extensible
{
    /// <summary>The names clients ask for; a leading wildcard is allowed, a short name is completed with this object's namespace. Left out, this is a delegate: it has effect only where another virtual service refers to it.</summary>
    public IReadOnlyList<string>? Hosts { get; init; }

    /// <summary>Where the routes hold: gateways as namespace/name, and the word mesh for every sidecar. Left out, it means mesh.</summary>
    public IReadOnlyList<string>? Gateways { get; init; }

    /// <summary>Routes of HTTP requests, tried in order; the first that matches decides.</summary>
    public IReadOnlyList<HttpRoute>? Http { get; init; }

    /// <summary>Routes of TLS connections that are passed through unopened, chosen by server name; the first that matches decides.</summary>
    public IReadOnlyList<TlsRoute>? Tls { get; init; }

    /// <summary>Routes of all other connections; the first that matches decides.</summary>
    public IReadOnlyList<TcpRoute>? Tcp { get; init; }

    /// <summary>Namespaces that see this object: names, a dot for its own, or an asterisk alone for all. Left out, all.</summary>
    public IReadOnlyList<string>? ExportTo { get; init; }

    /// <summary>The kind.</summary>
    public static ResourceKind<VirtualService> Kind { get; } = new()
    {
        Group = "networking.istio.io",
        Versions = ["v1", "v1beta1", "v1alpha3"],
        StorageVersion = "v1",
        Kind = "VirtualService",
        Plural = "virtualservices",
        ShortNames = ["vs"],
        Columns = [new("Gateways", ".spec.gateways"), new("Hosts", ".spec.hosts"), PrinterColumn.Age],
        Json = Schema.SchemaJson.Default.ResourceVirtualService,
        Rules = VirtualServiceRules.Check,
    };
}
