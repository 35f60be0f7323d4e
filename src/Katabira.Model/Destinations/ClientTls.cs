using Katabira.Model.Kinds;
using Katabira.Model.Resources;

namespace Katabira.Model.Destinations;

/// <summary>What a client was told about TLS towards one port of one destination, and by whom. Immutable.</summary>
/// <param name="Mode">What to do.</param>
/// <param name="Settings">Certificates, names and checks of the deciding rule; null where none decides.</param>
/// <param name="Rule">The deciding rule; null where none decides.</param>
/// <param name="Field">The deciding field, e.g. <c>spec.trafficPolicy.portLevelSettings[0].tls</c>; empty where none decides.</param>
public sealed record ClientTls(TlsIntent Mode, ClientTlsSettings? Settings, ObjectKey? Rule, string Field)
{
    /// <summary>Nobody said anything.</summary>
    public static ClientTls Unsaid { get; } = new(TlsIntent.Automatic, null, null, "");

    /// <summary>Why the rule cannot be honoured, in words; null if it can. A connection is then refused, never downgraded.</summary>
    public string? Problem { get; init; }

    /// <summary>Who says so, in words.</summary>
    public string Origin => Rule is { } rule ? $"DestinationRule {rule} ({Field})" : "no DestinationRule";
}

/// <summary>What a client does about TLS.</summary>
public enum TlsIntent
{
    /// <summary>Mutual TLS wherever the other end can do it.</summary>
    Automatic,

    /// <summary>None.</summary>
    Disable,

    /// <summary>TLS to a server of the outside world.</summary>
    Simple,

    /// <summary>Mutual TLS with certificates that the rule names.</summary>
    Mutual,

    /// <summary>Mutual TLS with mesh identities.</summary>
    IstioMutual,
}

/// <summary>The names of modes as users write them.</summary>
public static class TlsIntentText
{
    /// <summary><c>DISABLE</c>, <c>SIMPLE</c>, <c>MUTUAL</c>, <c>ISTIO_MUTUAL</c>, or <c>automatic</c>.</summary>
    public static string Text(this TlsIntent mode) => mode switch
    {
        TlsIntent.Automatic => "automatic",
        TlsIntent.Disable => "DISABLE",
        TlsIntent.Simple => "SIMPLE",
        TlsIntent.Mutual => "MUTUAL",
        TlsIntent.IstioMutual => "ISTIO_MUTUAL",
        _ => throw new ArgumentOutOfRangeException(nameof(mode)),
    };
}
