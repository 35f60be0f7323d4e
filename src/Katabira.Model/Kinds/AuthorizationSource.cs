using Katabira.Model.Resources;
using Katabira.Model.Schema;
using Katabira.Model.Validation;

namespace Katabira.Model.Kinds;

/// <summary>Who traffic comes from: all fields must match, and of each field one value. A field that begins with not must match none.</summary>
[Cel("!(has(self.serviceAccounts) || has(self.notServiceAccounts)) || "
    + "!(has(self.principals) || has(self.notPrincipals) || has(self.namespaces) || has(self.notNamespaces))",
    ServiceAccountsAlone)]
public sealed record AuthorizationSource : Extensible
{
    private const string ServiceAccountsAlone = "Cannot set serviceAccounts with namespaces or principals";

    /// <summary>Identities, as TRUSTDOMAIN/ns/NAMESPACE/sa/ACCOUNT; a * first, last or alone is a wildcard. They need mutual TLS.</summary>
    public IReadOnlyList<string>? Principals { get; init; }

    /// <summary>Identities that must not match.</summary>
    public IReadOnlyList<string>? NotPrincipals { get; init; }

    /// <summary>Identities of the request's token, as ISSUER/SUBJECT. They need HTTP and a RequestAuthentication.</summary>
    public IReadOnlyList<string>? RequestPrincipals { get; init; }

    /// <summary>Identities of the request's token that must not match.</summary>
    public IReadOnlyList<string>? NotRequestPrincipals { get; init; }

    /// <summary>Namespaces of the identity; every * is a wildcard. They need mutual TLS.</summary>
    public IReadOnlyList<string>? Namespaces { get; init; }

    /// <summary>Namespaces that must not match.</summary>
    public IReadOnlyList<string>? NotNamespaces { get; init; }

    /// <summary>Service accounts of the identity, as NAMESPACE/ACCOUNT or ACCOUNT in the policy's own namespace, without wildcards. They need mutual TLS.</summary>
    [Field(MaxItems = 16), Item(MaxLength = 320)]
    public IReadOnlyList<string>? ServiceAccounts { get; init; }

    /// <summary>Service accounts that must not match.</summary>
    [Field(MaxItems = 16), Item(MaxLength = 320)]
    public IReadOnlyList<string>? NotServiceAccounts { get; init; }

    /// <summary>Trust domains of the identity; a * first, last or alone is a wildcard. They need mutual TLS.</summary>
    public IReadOnlyList<string>? TrustDomains { get; init; }

    /// <summary>Trust domains that must not match.</summary>
    public IReadOnlyList<string>? NotTrustDomains { get; init; }

    /// <summary>Addresses or networks of whoever opened the connection.</summary>
    public IReadOnlyList<string>? IpBlocks { get; init; }

    /// <summary>Addresses or networks that must not match.</summary>
    public IReadOnlyList<string>? NotIpBlocks { get; init; }

    /// <summary>Addresses or networks of the original client, as a trusted gateway reports it.</summary>
    public IReadOnlyList<string>? RemoteIpBlocks { get; init; }

    /// <summary>Addresses or networks of the original client that must not match.</summary>
    public IReadOnlyList<string>? NotRemoteIpBlocks { get; init; }

    /// <summary>The fields as clauses, set or not.</summary>
    internal IEnumerable<AuthorizationClause> Clauses =>
    [
        new("principals", AuthorizationAttribute.SourcePrincipal, Principals),
        new("notPrincipals", AuthorizationAttribute.SourcePrincipal, NotPrincipals, Negated: true),
        new("requestPrincipals", AuthorizationAttribute.RequestPrincipal, RequestPrincipals),
        new("notRequestPrincipals", AuthorizationAttribute.RequestPrincipal, NotRequestPrincipals, Negated: true),
        new("namespaces", AuthorizationAttribute.SourceNamespace, Namespaces),
        new("notNamespaces", AuthorizationAttribute.SourceNamespace, NotNamespaces, Negated: true),
        new("serviceAccounts", AuthorizationAttribute.SourceServiceAccount, ServiceAccounts),
        new("notServiceAccounts", AuthorizationAttribute.SourceServiceAccount, NotServiceAccounts, Negated: true),
        new("trustDomains", AuthorizationAttribute.SourceTrustDomain, TrustDomains),
        new("notTrustDomains", AuthorizationAttribute.SourceTrustDomain, NotTrustDomains, Negated: true),
        new("ipBlocks", AuthorizationAttribute.SourceIp, IpBlocks),
        new("notIpBlocks", AuthorizationAttribute.SourceIp, NotIpBlocks, Negated: true),
        new("remoteIpBlocks", AuthorizationAttribute.RemoteIp, RemoteIpBlocks),
        new("notRemoteIpBlocks", AuthorizationAttribute.RemoteIp, NotRemoteIpBlocks, Negated: true),
    ];

    internal void Check(string path, Findings findings)
    {
        if ((ServiceAccounts is not null || NotServiceAccounts is not null)
            && (Principals is not null || NotPrincipals is not null || Namespaces is not null || NotNamespaces is not null))
        {
            findings.Broken(path, ServiceAccountsAlone);
        }
    }
}
