namespace Katabira.Cluster.Cel;

/// <summary>What one running expression has in its hands: the variables and the meter. Owned by one evaluation at a time; not thread-safe.</summary>
internal sealed class CelFrame(CelMeter meter)
{
    private CelValue[] _slots = new CelValue[4];

    public CelMeter Meter => meter;

    /// <summary>Variables by the number that the compiler gave them.</summary>
    public ref CelValue this[int slot] => ref _slots[slot];

    public void Reserve(int slots)
    {
        if (_slots.Length < slots)
        {
            Array.Resize(ref _slots, slots);
        }
    }
}
