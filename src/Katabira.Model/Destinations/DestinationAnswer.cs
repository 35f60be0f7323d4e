using System.Collections.Immutable;
using Katabira.Model.Kinds;
using Katabira.Model.Mesh;
using Katabira.Model.Resources;

namespace Katabira.Model.Destinations;

/// <summary>The rule a client follows towards one port of one destination, what it means for TLS, and what became of the other rules. Immutable.</summary>
public sealed class DestinationAnswer
{
    private readonly MeshSettings _settings;
    private readonly DestinationClient _client;
    private readonly DialledService _destination;
    private readonly MergedRule? _found;
    private readonly Lazy<ImmutableArray<DestinationRuleModel>> _considered;

    internal DestinationAnswer(
        MeshSettings settings, DestinationClient client, DialledService destination, MergedRule? found, Lazy<ImmutableArray<DestinationRuleModel>> considered)
    {
        _settings = settings;
        _client = client;
        _destination = destination;
        _found = found;
        _considered = considered;
        (Policy, Tls) = PolicyResolution.Resolve(found, client, destination);
    }

    /// <summary>The rules that apply, the one that gives the traffic policy first; empty if there is none.</summary>
    public ImmutableArray<ObjectKey> Rules => _found is null ? [] : [.. _found.Members.OrderBy(m => m != _found.Policy).Select(m => m.Key)];

    /// <summary>The traffic policy of the port and subset, with port-level settings already applied; null if no rule has one.</summary>
    public TrafficPolicy? Policy { get; }

    /// <summary>What the client does about TLS.</summary>
    public ClientTls Tls { get; }

    /// <summary>Labels that narrow the endpoints to the subset; null without a subset, or if no rule defines it.</summary>
    public IReadOnlyDictionary<string, string>? SubsetLabels =>
        _destination.Subset is { } name && _found is not null && _found.Subsets.TryGetValue(name, out var subset)
            ? subset.Subset.Labels ?? ImmutableDictionary<string, string>.Empty
            : null;

    /// <summary>Every rule whose host fits the destination, each with its fate, in the order they are heard.</summary>
    public ImmutableArray<DestinationRung> Explain() => [.. _considered.Value.Select(r => DestinationLadder.Rung(_settings, r, _found, _client, _destination))];
}
