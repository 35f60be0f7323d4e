using System.Collections.Immutable;
using Katabira.Cluster.Storage;

namespace Katabira.Cluster.State;

/// <summary>
/// Something computed from the objects of some resources, and kept until one of them changes. Who has just been answered a write sees its
/// consequences in the next request: there is no event to wait for. Thread-safe; one thread computes, others wait for it.
/// </summary>
/// <param name="store">Where the objects are.</param>
/// <param name="sources">Whose objects it is computed from.</param>
/// <param name="compute">Computes it from a moment and from what it was before (null the first time). Must not fail on any object.</param>
internal sealed class Derived<T>(Store store, ImmutableArray<GroupResource> sources, Func<Snapshot, T?, T> compute)
    where T : class
{
    private readonly Lock _computing = new();
    private volatile Entry? _kept;

    /// <summary>As of now.</summary>
    public T Current
    {
        get
        {
            var now = store.Current;
            if (_kept is { } kept && IsCurrent(kept, now))
            {
                return kept.Value;
            }
            lock (_computing)
            {
                now = store.Current;
                if (_kept is { } other && IsCurrent(other, now))
                {
                    return other.Value;
                }
                var next = new Entry([.. sources.Select(now.StateOf)], compute(now, _kept?.Value));
                _kept = next;
                return next.Value;
            }
        }
    }

    private bool IsCurrent(Entry kept, Snapshot now)
    {
        for (var i = 0; i < sources.Length; i++)
        {
            if (!ReferenceEquals(kept.States[i], now.StateOf(sources[i])))
            {
                return false;
            }
        }
        return true;
    }

    private sealed record Entry(ImmutableArray<object> States, T Value);
}
