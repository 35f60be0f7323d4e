using Katabira.Model.Resources;

namespace Katabira.Model.Mtls;

/// <summary>The policies of one namespace, arranged so that a workload finds its own without looking at all of them.</summary>
/// <remarks>A selector policy is filed under one of its labels: a workload looks only under the labels it has.</remarks>
internal sealed class NamespacePolicies
{
    private readonly Dictionary<string, PeerAuthenticationModel> _byName = new(StringComparer.Ordinal);
    private readonly List<PeerAuthenticationModel> _wide = [];
    private readonly Dictionary<KeyValuePair<string, string>, List<PeerAuthenticationModel>> _byLabel = [];

    public bool IsEmpty => _byName.Count == 0;

    public IEnumerable<PeerAuthenticationModel> All => _byName.Values;

    /// <summary>Files a policy and returns the version it replaces.</summary>
    public PeerAuthenticationModel? Replace(PeerAuthenticationModel policy)
    {
        var old = Remove(policy.Key);
        _byName[policy.Key.Name] = policy;
        var list = ListOf(policy);
        var place = list.BinarySearch(policy, s_byAge);
        list.Insert(place < 0 ? ~place : place, policy);
        return old;
    }

    /// <summary>Takes a policy out of the files; null if it is not there.</summary>
    public PeerAuthenticationModel? Remove(ObjectKey key)
    {
        if (!_byName.Remove(key.Name, out var old))
        {
            return null;
        }
        var list = ListOf(old);
        list.Remove(old);
        if (list.Count == 0 && Label(old) is { } label)
        {
            _byLabel.Remove(label);
        }
        return old;
    }

    /// <summary>The oldest policy of a scope that has no selector.</summary>
    public PeerAuthenticationModel? Oldest(PolicyScope scope) => _wide.Count > 0 && _wide[0].Scope == scope ? _wide[0] : null;

    /// <summary>The oldest policy that selects these labels; policies of the root namespace select nothing.</summary>
    public PeerAuthenticationModel? OldestSelecting(IReadOnlyDictionary<string, string> labels)
    {
        if (_byLabel.Count == 0)
        {
            return null;
        }
        PeerAuthenticationModel? oldest = null;
        foreach (var label in labels)
        {
            if (_byLabel.TryGetValue(label, out var list) && FirstSelecting(list, labels) is { } first
                && (oldest is null || PeerAuthenticationModel.ByAge(first, oldest) < 0))
            {
                oldest = first;
            }
        }
        return oldest;
    }

    private static readonly Comparer<PeerAuthenticationModel> s_byAge = Comparer<PeerAuthenticationModel>.Create(PeerAuthenticationModel.ByAge);

    private static PeerAuthenticationModel? FirstSelecting(List<PeerAuthenticationModel> byAge, IReadOnlyDictionary<string, string> labels)
    {
        foreach (var policy in byAge)
        {
            if (policy.Scope == PolicyScope.Workload && policy.Selects(labels))
            {
                return policy;
            }
        }
        return null;
    }

    private List<PeerAuthenticationModel> ListOf(PeerAuthenticationModel policy)
    {
        if (Label(policy) is not { } label)
        {
            return _wide;
        }
        if (!_byLabel.TryGetValue(label, out var list))
        {
            _byLabel[label] = list = [];
        }
        return list;
    }

    private static KeyValuePair<string, string>? Label(PeerAuthenticationModel policy) => policy.Selector.IsEmpty ? null : policy.Selector[0];
}
