using System.Globalization;
using System.Text.Json.Serialization;
using Katabira.Model.Resources;
using Katabira.Model.Schema;
using Katabira.Model.Validation;

namespace Katabira.Model.Kinds;

/// <summary>Decides whether connections to a workload must be mutual TLS: for the mesh, a namespace, some workloads or single ports of them.</summary>
/// <remarks>Source: istio/api security/v1beta1/peer_authentication.proto.</remarks>
[Cel("!has(self.portLevelMtls) || (has(self.selector) && has(self.selector.matchLabels) && size(self.selector.matchLabels) > 0)",
    "portLevelMtls requires selector")]
public sealed record PeerAuthentication : Extensible
{
    /// <summary>The workloads it is about. Left out, it holds for the namespace; in the root namespace, for the mesh.</summary>
    public WorkloadSelector? Selector { get; init; }

    /// <summary>The mode of every port that is not named below. Left out, the next wider policy decides.</summary>
    public MutualTls? Mtls { get; init; }

    /// <summary>Modes of single ports. A port is the one the workload listens on, not the Service's.</summary>
    [Field(MinProperties = 1)]
    [Cel("self.all(port, int(port) > 0 && int(port) < 65536)", PortNumberAttribute.Complaint)]
    public IReadOnlyDictionary<string, MutualTls>? PortLevelMtls { get; init; }

    /// <summary>The kind.</summary>
    public static ResourceKind<PeerAuthentication> Kind { get; } = new()
    {
        Group = "security.istio.io",
        Versions = ["v1", "v1beta1"],
        StorageVersion = "v1",
        Kind = "PeerAuthentication",
        Plural = "peerauthentications",
        ShortNames = ["pa"],
        Columns = [new("Mode", ".spec.mtls.mode"), PrinterColumn.Age],
        Json = SchemaJson.Default.ResourcePeerAuthentication,
        Rules = (resource, findings) => resource.Spec.Check(findings),
    };

    private void Check(Findings findings)
    {
        Selector?.Check("spec.selector", findings);
        if (PortLevelMtls is null)
        {
            return;
        }
        if (Selector is not { Selects: true })
        {
            findings.Broken("spec", "portLevelMtls requires selector");
        }
        foreach (var port in PortLevelMtls.Keys)
        {
            if (!TryParsePort(port, out _))
            {
                findings.Invalid($"spec.portLevelMtls[{port}]", port, PortNumberAttribute.Complaint);
            }
        }
    }

    /// <summary>Reads a key of <see cref="PortLevelMtls"/>: decimal digits, 1 to 65535.</summary>
    internal static bool TryParsePort(string text, out ushort port) =>
        ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port != 0;
}

/// <summary>Mutual TLS settings of one scope.</summary>
public sealed record MutualTls : Extensible
{
    /// <summary>What is accepted. Left out or UNSET, the next wider policy decides.</summary>
    public MutualTlsMode? Mode { get; init; }
}

/// <summary>What a port accepts, as it is written in a policy.</summary>
[JsonConverter(typeof(UpperSnakeEnum<MutualTlsMode>))]
public enum MutualTlsMode
{
    /// <summary>Says nothing: the next wider policy decides.</summary>
    Unset,

    /// <summary>No mutual TLS: connections reach the application untouched.</summary>
    Disable,

    /// <summary>Plaintext and mutual TLS.</summary>
    Permissive,

    /// <summary>Mutual TLS only.</summary>
    Strict,
}
