namespace Katabira.Pod;

/// <summary>What a container or a command wants of its standard streams; the bits are those of the protocol.</summary>
/// <param name="Bits">1 terminal, 2 input.</param>
internal readonly record struct ProgramFlags(byte Bits)
{
    public bool Terminal => (Bits & 1) != 0;

    public bool Input => (Bits & 2) != 0;

    public static ProgramFlags Parse(string text) => new(byte.TryParse(text, out var bits) ? bits : (byte)0);

    public override string ToString() => Bits.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
