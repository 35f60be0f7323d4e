using System.Collections.Immutable;
using Katabira.Cluster.Storage;

namespace Katabira.Cluster.Controllers;

/// <summary>Who is owned by whom, by uid. One owner; not for several threads.</summary>
internal sealed class OwnerIndex
{
    private readonly Dictionary<StoreKey, ImmutableArray<string>> _owners = [];
    private readonly Dictionary<string, HashSet<StoreKey>> _dependents = new(StringComparer.Ordinal);

    /// <summary>The objects that name an owner. A copy: the index may change meanwhile.</summary>
    public IReadOnlyList<StoreKey> DependentsOf(string uid) => _dependents.TryGetValue(uid, out var found) ? [.. found] : [];

    /// <summary>Takes in an object's owners; none if it is gone.</summary>
    public void Set(StoreKey key, ImmutableArray<string> owners)
    {
        if (_owners.Remove(key, out var before))
        {
            foreach (var uid in before)
            {
                if (_dependents.TryGetValue(uid, out var set) && set.Remove(key) && set.Count == 0)
                {
                    _dependents.Remove(uid);
                }
            }
        }
        if (owners.IsEmpty)
        {
            return;
        }
        _owners[key] = owners;
        foreach (var uid in owners)
        {
            if (!_dependents.TryGetValue(uid, out var set))
            {
                _dependents[uid] = set = [];
            }
            set.Add(key);
        }
    }
}
