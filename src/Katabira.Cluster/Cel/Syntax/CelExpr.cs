using System.Collections.Immutable;

namespace Katabira.Cluster.Cel.Syntax;

/// <summary>A parsed expression. Immutable.</summary>
/// <param name="Position">Where its operator or its first word stands in the source.</param>
/// <param name="Depth">How many levels are below; bounded by the parser, so that walking it cannot exhaust the stack.</param>
internal abstract record CelExpr(int Position, int Depth);

/// <summary>A value that stands in the source.</summary>
internal sealed record LiteralExpr(int Position, CelValue Value) : CelExpr(Position, 1);

/// <summary>A variable, a type, or the first word of a qualified function.</summary>
internal sealed record NameExpr(int Position, string Name) : CelExpr(Position, 1);

/// <summary><c>operand.field</c>, or <c>operand.?field</c>.</summary>
internal sealed record SelectExpr(int Position, CelExpr Operand, string Field, bool Optional) : CelExpr(Position, Operand.Depth + 1);

/// <summary><c>has(operand.field)</c>.</summary>
internal sealed record HasExpr(int Position, SelectExpr Field) : CelExpr(Position, Field.Depth + 1);

/// <summary>A function or an operator other than the lazy ones, by CEL's name for it, e.g. <c>_+_</c>.</summary>
internal sealed record CallExpr(int Position, string Function, CelExpr? Target, ImmutableArray<CelExpr> Arguments)
    : CelExpr(Position, 1 + Math.Max(Target?.Depth ?? 0, Deepest(Arguments)))
{
    internal static int Deepest(ImmutableArray<CelExpr> expressions) => expressions.IsEmpty ? 0 : expressions.Max(e => e.Depth);
}

/// <summary>A chain of <c>&amp;&amp;</c> or of <c>||</c>.</summary>
internal sealed record LogicExpr(int Position, bool IsAnd, ImmutableArray<CelExpr> Operands) : CelExpr(Position, 1 + CallExpr.Deepest(Operands));

/// <summary><c>condition ? then : otherwise</c>.</summary>
internal sealed record ConditionalExpr(int Position, CelExpr Condition, CelExpr Then, CelExpr Otherwise)
    : CelExpr(Position, 1 + Math.Max(Condition.Depth, Math.Max(Then.Depth, Otherwise.Depth)));

/// <summary><c>[a, b]</c>.</summary>
internal sealed record ListExpr(int Position, ImmutableArray<CelExpr> Items) : CelExpr(Position, 1 + CallExpr.Deepest(Items));

/// <summary><c>{k: v}</c>.</summary>
internal sealed record MapExpr(int Position, ImmutableArray<CelExpr> Keys, ImmutableArray<CelExpr> Values)
    : CelExpr(Position, 1 + Math.Max(CallExpr.Deepest(Keys), CallExpr.Deepest(Values)));

/// <summary>Which loop a macro is.</summary>
internal enum CelMacro
{
    All,
    Exists,
    ExistsOne,
    Filter,
    Map,
    OptionalMap,
    OptionalFlatMap,
}

/// <summary>A macro with one variable: <c>range.all(x, body)</c>, <c>range.map(x, filter, body)</c>.</summary>
internal sealed record LoopExpr(int Position, CelMacro Macro, CelExpr Range, string Variable, CelExpr? Filter, CelExpr Body)
    : CelExpr(Position, 1 + Math.Max(Range.Depth, Math.Max(Filter?.Depth ?? 0, Body.Depth)));
