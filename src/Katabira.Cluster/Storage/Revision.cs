using System.Buffers.Text;
using System.Globalization;

namespace Katabira.Cluster.Storage;

/// <summary>
/// A moment of the whole store: the number of changes since it was created. Clients see it, in decimal, as
/// resourceVersion. Every change takes the next one, so revisions have no gaps and never repeat.
/// </summary>
internal readonly record struct Revision(long Value) : IComparable<Revision>
{
    /// <summary>Digits of the largest revision.</summary>
    public const int MaxDigits = 19;

    /// <summary>Of a store that nothing was ever written to.</summary>
    public static Revision None => default;

    public Revision Next => new(Value + 1);

    public static bool operator <(Revision left, Revision right) => left.Value < right.Value;

    public static bool operator >(Revision left, Revision right) => left.Value > right.Value;

    public static bool operator <=(Revision left, Revision right) => left.Value <= right.Value;

    public static bool operator >=(Revision left, Revision right) => left.Value >= right.Value;

    /// <summary>How many changes lie between two moments.</summary>
    public static long operator -(Revision left, Revision right) => left.Value - right.Value;

    /// <summary>Reads decimal digits, as a client sends them; no sign, no blanks.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Revision revision)
    {
        var valid = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value);
        revision = new Revision(value);
        return valid;
    }

    /// <summary>Writes the decimal digits; <paramref name="destination"/> holds at least <see cref="MaxDigits"/>.</summary>
    /// <returns>How many were written.</returns>
    public int Format(Span<byte> destination) =>
        Utf8Formatter.TryFormat(Value, destination, out var written)
            ? written
            : throw new ArgumentException("too short for a revision", nameof(destination));

    public int CompareTo(Revision other) => Value.CompareTo(other.Value);

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
