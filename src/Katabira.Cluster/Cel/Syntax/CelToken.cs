namespace Katabira.Cluster.Cel.Syntax;

internal enum CelTokenKind : byte
{
    End,
    Identifier,
    Int,
    Uint,
    Double,
    String,
    Bytes,

    /// <summary>An operator or a bracket; the text says which.</summary>
    Symbol,
}

/// <summary>One word of an expression.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">An identifier's name, a symbol, or a number as it is written.</param>
/// <param name="Position">Where it starts, in characters from the beginning of the expression.</param>
/// <param name="Value">The value of a literal.</param>
internal readonly record struct CelToken(CelTokenKind Kind, string Text, int Position, CelValue Value = default)
{
    public bool Is(string symbol) => Kind == CelTokenKind.Symbol && Text == symbol;

    public bool IsWord(string word) => Kind == CelTokenKind.Identifier && Text == word;
}

/// <summary>The expression is not CEL, or asks for what we do not have. Thrown inside the compiler and turned into a <see cref="CelProblem"/> at its
/// edge.</summary>
internal sealed class CelSyntaxException(int position, string message) : Exception(message)
{
    public int Position => position;
}
