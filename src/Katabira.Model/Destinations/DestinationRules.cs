using System.Collections.Immutable;
using Katabira.Model.Kinds;
using Katabira.Model.Mesh;
using Katabira.Model.Resources;

namespace Katabira.Model.Destinations;

/// <summary>All DestinationRules of a mesh, ready to be asked. Immutable and thread-safe: a change gives a new snapshot that shares all but one namespace.</summary>
/// <remarks>Source of the order: istio/istio pilot/pkg/model/push_context.go, destination_rule.go.</remarks>
public sealed class DestinationRules
{
    private readonly MeshSettings _settings;
    private readonly ImmutableDictionary<string, NamespaceRules> _byNamespace;

    private DestinationRules(MeshSettings settings, ImmutableDictionary<string, NamespaceRules> byNamespace)
    {
        _settings = settings;
        _byNamespace = byNamespace;
    }

    /// <summary>A mesh without rules.</summary>
    public static DestinationRules None(MeshSettings settings) => new(settings, ImmutableDictionary.Create<string, NamespaceRules>(StringComparer.Ordinal));

    /// <summary>Compiles many rules at once.</summary>
    public static DestinationRules Of(MeshSettings settings, IEnumerable<Resource<DestinationRule>> rules) =>
        new(settings, rules.Select(r => DestinationRuleModel.Compile(r, settings)).GroupBy(r => r.Key.Namespace, StringComparer.Ordinal)
            .ToImmutableDictionary(g => g.Key, NamespaceRules.Compile, StringComparer.Ordinal));

    /// <summary>The same with one rule added, or replaced by its newer version.</summary>
    public DestinationRules With(Resource<DestinationRule> rule) => Replace(rule.Key, DestinationRuleModel.Compile(rule, _settings));

    /// <summary>The same without one rule.</summary>
    public DestinationRules Without(ObjectKey key) => Replace(key, null);

    /// <summary>Finds the rule that a client follows towards a service.</summary>
    public DestinationAnswer Find(DestinationClient client, DialledService destination)
    {
        foreach (var (step, ns) in Steps(client, destination))
        {
            if (_byNamespace.TryGetValue(ns, out var rules) && Find(rules, step, client, destination) is { } found)
            {
                return new(_settings, client, destination, found, Considered(client, destination));
            }
        }
        return new(_settings, client, destination, null, Considered(client, destination));
    }

    private static MergedRule? Find(NamespaceRules rules, LookupStep step, DestinationClient client, DialledService destination) => step switch
    {
        // at home, rules for other clients do not count, so that one of them never hides a rule for everybody
        LookupStep.ClientNamespace => rules.Find(destination.Host, r => r.First.Visibility.Includes(client.Namespace) && Selects(r.First, client)),
        LookupStep.ClientIsRoot => rules.Find(destination.Host, r => r.First.Visibility.IsPrivate && Selects(r.First, client)),
        // abroad the most specific host is found first and its visibility asked afterwards, as Istio does
        _ => rules.Find(destination.Host, r => r.First.Selector is null) is { } best
            && rules.Find(destination.Host, r => r.First.Host == best.First.Host && r.First.Selector is null && r.First.Visibility.Includes(client.Namespace)) is { } seen
            ? seen
            : null,
    };

    private static bool Selects(DestinationRuleModel rule, DestinationClient client) => rule.Selector?.Matches(client.Labels) ?? true;

    /// <summary>The namespaces in the order they are asked. The first with a rule for the host wins; rules of two namespaces are never merged.</summary>
    private IEnumerable<(LookupStep Step, string Namespace)> Steps(DestinationClient client, DialledService destination)
    {
        yield return (client.Namespace == _settings.RootNamespace ? LookupStep.ClientIsRoot : LookupStep.ClientNamespace, client.Namespace);
        yield return (LookupStep.ServiceNamespace, destination.Namespace);
        yield return (LookupStep.RootNamespace, _settings.RootNamespace);
    }

    /// <summary>Every rule whose host fits, for the explanation; evaluated only when somebody asks.</summary>
    private Lazy<ImmutableArray<DestinationRuleModel>> Considered(DestinationClient client, DialledService destination) => new(() =>
        [.. Steps(client, destination).Select(s => s.Namespace).Distinct(StringComparer.Ordinal)
            .SelectMany(ns => _byNamespace.TryGetValue(ns, out var rules) ? rules.All : [])
            .Where(r => r.Host.Matches(destination.Host))]);

    private DestinationRules Replace(ObjectKey key, DestinationRuleModel? rule)
    {
        var others = _byNamespace.TryGetValue(key.Namespace, out var rules) ? rules.All.Where(r => r.Key != key) : [];
        var now = NamespaceRules.Compile(rule is null ? others : others.Append(rule));
        return new(_settings, now.All.IsEmpty ? _byNamespace.Remove(key.Namespace) : _byNamespace.SetItem(key.Namespace, now));
    }
}

/// <summary>Where a rule was looked for.</summary>
internal enum LookupStep
{
    ClientNamespace,

    /// <summary>The client lives in the root namespace: its public rules are everybody's and come last.</summary>
    ClientIsRoot,
    ServiceNamespace,
    RootNamespace,
}

/// <summary>Who asks.</summary>
/// <param name="Namespace">The client's namespace.</param>
/// <param name="Labels">The client's labels, for rules with a workloadSelector.</param>
/// <param name="IsGateway">A gateway may use credentials that a sidecar may not.</param>
public sealed record DestinationClient(string Namespace, IReadOnlyDictionary<string, string> Labels, bool IsGateway = false);

/// <summary>What is asked for.</summary>
/// <param name="Host">Full name of the service, in lower case.</param>
/// <param name="Namespace">Namespace of the service.</param>
/// <param name="Port">Port of the service, not of the pod behind it.</param>
/// <param name="Subset">Subset that a route chose; null for the service as a whole.</param>
public sealed record DialledService(string Host, string Namespace, uint Port, string? Subset = null);
