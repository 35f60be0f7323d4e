using Katabira.Net.Linux;

namespace Katabira.Pod;

/// <summary>Something with a descriptor that the loop waits for.</summary>
internal interface IWatched
{
    /// <summary>Below 0 while there is nothing to wait for.</summary>
    int Number { get; }

    Readiness Wanted { get; }

    /// <summary>Called when the descriptor is ready; what is ready may have been used up meanwhile, so nothing in here waits.</summary>
    void Ready(Readiness came);
}

/// <summary>The one thread of a pod: waits, then calls who is ready. What is called may add and remove.</summary>
internal sealed class PollLoop
{
    private readonly List<IWatched> _watched = [];
    private Interest[] _interests = new Interest[16];
    private IWatched[] _waiting = new IWatched[16];
    private bool _stopped;

    public void Add(IWatched watched) => _watched.Add(watched);

    public void Remove(IWatched watched) => _watched.Remove(watched);

    public void Stop() => _stopped = true;

    public void Run()
    {
        while (!_stopped)
        {
            var count = Gather();
            Polling.Wait(_interests.AsSpan(0, count), -1).OrThrow("wait for the pod's descriptors");
            for (var i = 0; i < count && !_stopped; i++)
            {
                // one that an earlier one closed has another number by now
                if (_interests[i].Came != Readiness.None && _waiting[i].Number == _interests[i].Descriptor)
                {
                    _waiting[i].Ready(_interests[i].Came);
                }
            }
        }
    }

    private int Gather()
    {
        if (_interests.Length < _watched.Count)
        {
            _interests = new Interest[_watched.Count * 2];
            _waiting = new IWatched[_watched.Count * 2];
        }
        var count = 0;
        foreach (var watched in _watched)
        {
            if (watched.Number >= 0)
            {
                _interests[count] = new Interest(watched.Number, watched.Wanted);
                _waiting[count++] = watched;
            }
        }
        Array.Clear(_waiting, count, _waiting.Length - count);
        return count;
    }
}
