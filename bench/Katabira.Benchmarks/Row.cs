namespace Katabira.Benchmarks;

/// <summary>One figure.</summary>
/// <param name="Case">What was done.</param>
/// <param name="Measure">What was looked at: time of one operation, bytes allocated by it, and the like.</param>
/// <param name="Value">The median of the runs.</param>
/// <param name="Unit">Unit of the value.</param>
internal sealed record Row(string Case, string Measure, double Value, string Unit)
{
    /// <summary>What the value must not pass, in the same unit; null if nobody has promised anything.</summary>
    public double? Limit { get; init; }

    /// <summary>The limit is a floor instead of a ceiling.</summary>
    public bool IsFloor { get; init; }

    /// <summary>Null without a limit.</summary>
    public bool? Holds => Limit is { } limit ? (IsFloor ? Value >= limit : Value <= limit) : null;
}
