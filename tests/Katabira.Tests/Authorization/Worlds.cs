using System.Collections.Immutable;
using System.Net;
using CsCheck;
using Katabira.Model.Authorization;
using Katabira.Model.Kinds;
using Katabira.Model.Resources;

namespace Katabira.Tests.Authorization;

/// <summary>Random policies and connections, small enough that they do meet: few namespaces, accounts, networks and ports.</summary>
internal static class Worlds
{
    private static readonly string[] s_identityKeys = ["source.principal", "source.namespace", "source.serviceAccount", "source.trustDomain"];

    /// <summary>Who matches no pattern of these worlds but a lone star.</summary>
    public static readonly PeerIdentity Stranger = new("stranger.test", "nowhere", "nobody");

    private static readonly Gen<IReadOnlyList<string>?> s_principals =
        Some("cluster.local/ns/demo/sa/a", "cluster.local/ns/prod/sa/b", "other.example/ns/demo/sa/a", "cluster.local/ns/demo/*", "*/sa/b", "*");
    private static readonly Gen<IReadOnlyList<string>?> s_namespaces = Some("demo", "prod", "d*o", "p*", "*");
    private static readonly Gen<IReadOnlyList<string>?> s_accounts = Some("demo/a", "b", "prod/b");
    private static readonly Gen<IReadOnlyList<string>?> s_domains = Some("cluster.local", "other.*", "*.example", "*");
    private static readonly Gen<IReadOnlyList<string>?> s_blocks = Some("10.0.0.0/8", "10.1.0.0/16", "192.0.2.1", "fd00::/8", "::ffff:10.1.0.0/112");
    private static readonly Gen<IReadOnlyList<string>?> s_ports = Some("80", "8080", "9090");
    private static readonly Gen<IReadOnlyList<string>?> s_names = Some("a.example", "*.example", "b*");

    private static readonly Gen<AuthorizationSource> s_source = Gen.Select(
        Gen.Select(s_principals, s_principals), Gen.Select(s_namespaces, s_namespaces), Gen.Select(s_accounts, s_accounts),
        Gen.Select(s_domains, s_domains), Gen.Select(s_blocks, s_blocks),
        (principals, namespaces, accounts, domains, blocks) => new AuthorizationSource
        {
            Principals = principals.Item1,
            NotPrincipals = principals.Item2,
            Namespaces = namespaces.Item1,
            NotNamespaces = namespaces.Item2,
            ServiceAccounts = accounts.Item1,
            NotServiceAccounts = accounts.Item2,
            TrustDomains = domains.Item1,
            NotTrustDomains = domains.Item2,
            IpBlocks = blocks.Item1,
            NotRemoteIpBlocks = blocks.Item2,
        });

    private static readonly Gen<AuthorizationTo> s_to = Gen.Select(s_ports, s_ports, (ports, notPorts) =>
        new AuthorizationTo { Operation = new AuthorizationOperation { Ports = ports ?? ["8080"], NotPorts = notPorts } });

    /// <summary>Conditions about connections.</summary>
    public static Gen<AuthorizationCondition> Conditions { get; } = Gen.OneOf(
        Condition("source.principal", s_principals), Condition("source.namespace", s_namespaces), Condition("source.serviceAccount", s_accounts),
        Condition("source.trustDomain", s_domains), Condition("source.ip", s_blocks), Condition("remote.ip", s_blocks),
        Condition("destination.ip", s_blocks), Condition("destination.port", s_ports), Condition("connection.sni", s_names));

    private static readonly Gen<AuthorizationRule> s_rule = Gen.Select(
        s_source.Array[0, 2], s_to.Array[0, 2], Conditions.Array[0, 1], Gen.Int[0, 3], (from, to, when, mask) => new AuthorizationRule
        {
            From = from.Length == 0 ? null : [.. from.Select(source => new AuthorizationFrom { Source = source })],
            To = to.Length == 0 || mask == 0 ? null : to,
            When = when.Length == 0 || mask < 2 ? null : when,
        });

    /// <summary>Policies that hold for the workload, none of them a dry run.</summary>
    public static Gen<Resource<AuthorizationPolicy>> Policy { get; } = Gen.Select(
        Gen.Int[0, 999], Among(AuthorizationAction.Allow, AuthorizationAction.Deny, AuthorizationAction.Audit, AuthorizationAction.Custom), s_rule.Array[0, 3],
        (number, action, rules) => new Resource<AuthorizationPolicy>
        {
            ApiVersion = "security.istio.io/v1",
            Kind = "AuthorizationPolicy",
            Metadata = new ObjectMeta { Namespace = number % 2 == 0 ? "demo" : "istio-system", Name = $"p{number}" },
            Spec = new AuthorizationPolicy
            {
                Action = action,
                Rules = rules,
                Provider = action == AuthorizationAction.Custom ? new AuthorizationProvider { Name = "opa" } : null,
            },
        });

    /// <summary>Connections, a third of them in plaintext.</summary>
    public static Gen<AuthorizationRequest> Requests { get; } = Gen.Select(
        Among(null, null, new("cluster.local", "demo", "a"), new("cluster.local", "prod", "b"), new("other.example", "demo", "a"), Stranger),
        Among("10.0.0.1", "10.1.2.3", "192.0.2.1", "fd00::1"), Among<string?>(null, "10.1.9.9", "192.0.2.1"), Among<ushort>(80, 8080, 9090),
        Among<string?>(null, "a.example", "b.example", "bb"),
        (peer, source, remote, port, name) => new AuthorizationRequest(peer, IPAddress.Parse(source), IPAddress.Parse("10.1.0.9"), port)
        {
            Remote = remote is null ? null : IPAddress.Parse(remote),
            Sni = name,
        });

    /// <summary>Policies with different keys, and one connection.</summary>
    public static Gen<World> All { get; } = Gen.Select(Policy.Array[0, 5], Requests, (policies, request) => new World([.. policies.DistinctBy(p => p.Key)], request));

    /// <summary>One of the values.</summary>
    public static Gen<T> Among<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    /// <summary>True if the rule may admit a peer that shows no identity.</summary>
    public static bool AsksForNoIdentity(AuthorizationRule rule) =>
        rule.When?.Any(c => s_identityKeys.Contains(c.Key)) is not true
        && (rule.From is null || rule.From.Any(f => f.Source is
        {
            Principals: null, NotPrincipals: null, Namespaces: null, NotNamespaces: null,
            ServiceAccounts: null, NotServiceAccounts: null, TrustDomains: null, NotTrustDomains: null,
        }));

    /// <summary>True if a positive clause lists everybody with an identity.</summary>
    public static bool NamesEverybody(AuthorizationRule rule) =>
        rule.When?.Any(c => s_identityKeys.Contains(c.Key) && c.Values?.Contains("*") == true) == true
        || rule.From?.Any(f => new[] { f.Source!.Principals, f.Source.Namespaces, f.Source.TrustDomains }.Any(list => list?.Contains("*") == true)) == true;

    /// <summary>None in three of four cases, else one or two of the values.</summary>
    private static Gen<IReadOnlyList<string>?> Some(params string[] values) =>
        Gen.Select(Gen.Int[0, 3], Among(values), Among(values), (which, a, b) =>
            which < 3 ? null : a == b ? (IReadOnlyList<string>?)[a] : [a, b]);

    private static Gen<AuthorizationCondition> Condition(string key, Gen<IReadOnlyList<string>?> values) =>
        Gen.Select(values.Where(v => v is not null), Gen.Bool, (list, negated) =>
            new AuthorizationCondition { Key = key, Values = negated ? null : list, NotValues = negated ? list : null });

    internal sealed record World(ImmutableArray<Resource<AuthorizationPolicy>> Policies, AuthorizationRequest Request)
    {
        public AuthorizationDecision Decide() => Policies.Model().Decide(Request);

        public World With(Resource<AuthorizationPolicy> policy) => this with { Policies = [.. Policies.Where(p => p.Key != policy.Key), policy] };
    }
}
