using Katabira.Model.Mesh;

namespace Katabira.Model.Authorization;

/// <summary>Policies go on meaning the same people while a mesh changes its trust domain: what is said of one alias is said of all.</summary>
/// <remarks>Source: istio/istio pilot/pkg/security/trustdomain/bundle.go.</remarks>
internal static class TrustDomainAliases
{
    /// <summary>Always means our own trust domain, whatever it is called.</summary>
    private const string LocalByConvention = "cluster.local";

    /// <summary>The principals that a principal of a policy stands for; itself, if it names no trust domain of ours.</summary>
    public static IEnumerable<string> OfPrincipal(string principal, MeshSettings settings)
    {
        var parts = principal.Split('/', 6);
        if (parts.Length != 5 || parts[0] == "*" || !(parts[0] == LocalByConvention || Ours(settings).Any(domain => Names(parts[0], domain))))
        {
            return [principal];
        }
        var rest = principal[parts[0].Length..];
        return Ours(settings).Select(domain => parts[0][0] == '*' && Names(parts[0], domain) ? principal : domain + rest).Distinct(StringComparer.Ordinal);
    }

    /// <summary>The trust domains that a trust domain of a policy stands for.</summary>
    public static IEnumerable<string> OfTrustDomain(string trustDomain, MeshSettings settings) =>
        Ours(settings).Contains(trustDomain, StringComparer.Ordinal) ? Ours(settings) : [trustDomain];

    private static IEnumerable<string> Ours(MeshSettings settings) => [settings.TrustDomain, .. settings.TrustDomainAliases];

    /// <summary>The first segment of a principal may begin with a star, because the principal may.</summary>
    private static bool Names(string written, string domain) =>
        written.StartsWith('*') ? domain.EndsWith(written[1..], StringComparison.Ordinal) : written == domain;
}
