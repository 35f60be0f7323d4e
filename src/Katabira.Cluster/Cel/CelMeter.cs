namespace Katabira.Cluster.Cel;

/// <summary>Counts what the rules of one object cost, so that a hostile rule or object ends in bounded time. Owned by one validation; not
/// thread-safe.</summary>
/// <remarks>
/// A unit is about one step, or ten characters looked at; the limits are Kubernetes' own (a call about 0.1 s, an object about 1 s).
/// Once a limit is passed every further step fails, and the object is refused.
/// </remarks>
internal sealed class CelMeter
{
    public const long PerCallLimit = 1_000_000;

    public const long PerObjectLimit = 10_000_000;

    private readonly long _perObject;
    private readonly long _perCall;
    private long _left;
    private long _callStart;
    private long _callLeft;

    public CelMeter(long perObject = PerObjectLimit, long perCall = PerCallLimit)
    {
        _left = _perObject = perObject;
        _perCall = perCall;
    }

    /// <summary>The running or last call passed a limit.</summary>
    public bool Exhausted => _callLeft < 0;

    /// <summary>The object as a whole has nothing left.</summary>
    public bool ObjectExhausted => _left <= 0;

    /// <summary>What the object has spent, finished calls only.</summary>
    public long Spent => _perObject - _left;

    public void BeginCall() => _callLeft = _callStart = Math.Min(_perCall, _left);

    public void EndCall() => _left -= _callStart - Math.Max(_callLeft, 0);

    /// <summary>False once the budget is gone. Sizes are charged before the work is done and the memory taken.</summary>
    public bool Spend(long units = 1)
    {
        // A huge size must not wrap around to credit.
        _callLeft = units > _callLeft ? -1 : _callLeft - units;
        return _callLeft >= 0;
    }

    /// <summary>Charges for looking at that many characters or bytes.</summary>
    public bool SpendText(long length) => Spend((length / 10) + 1);
}
