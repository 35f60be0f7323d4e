using System.Diagnostics.CodeAnalysis;

namespace Katabira.Model.Authorization;

/// <summary>Who is at the other end of a connection, as its verified certificate says. Immutable; made once per handshake.</summary>
/// <remarks>The three parts of a SPIFFE id in Istio's form. Nothing is verified here: whoever makes one has seen the certificate.</remarks>
public sealed record PeerIdentity
{
    private const string Scheme = "spiffe://";

    /// <exception cref="ArgumentException">A part is empty or has a slash, with which it could pose as another identity.</exception>
    public PeerIdentity(string trustDomain, string @namespace, string serviceAccount)
    {
        TrustDomain = Part(trustDomain, nameof(trustDomain));
        Namespace = Part(@namespace, nameof(@namespace));
        ServiceAccount = Part(serviceAccount, nameof(serviceAccount));
        Principal = $"{trustDomain}/ns/{@namespace}/sa/{serviceAccount}";
    }

    /// <summary>The trust domain, e.g. <c>cluster.local</c>.</summary>
    public string TrustDomain { get; }

    /// <summary>The namespace.</summary>
    public string Namespace { get; }

    /// <summary>The service account.</summary>
    public string ServiceAccount { get; }

    /// <summary>The form policies use: <c>TRUSTDOMAIN/ns/NAMESPACE/sa/ACCOUNT</c>, without a scheme.</summary>
    public string Principal { get; }

    /// <summary>Reads an identity with or without <c>spiffe://</c>.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out PeerIdentity? identity)
    {
        identity = null;
        var parts = (text.StartsWith(Scheme, StringComparison.Ordinal) ? text[Scheme.Length..] : text).Split('/', 6);
        if (parts is not [{ Length: > 0 } trustDomain, "ns", { Length: > 0 } @namespace, "sa", { Length: > 0 } account])
        {
            return false;
        }
        identity = new(trustDomain, @namespace, account);
        return true;
    }

    /// <summary>The SPIFFE id.</summary>
    public override string ToString() => Scheme + Principal;

    private static string Part(string value, string name) =>
        value.Length > 0 && !value.Contains('/') ? value : throw new ArgumentException("must not be empty or have a slash", name);
}
