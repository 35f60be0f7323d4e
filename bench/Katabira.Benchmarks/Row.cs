namespace Katabira.Benchmarks;

/// <summary>One figure.</summary>
/// <param name="Case">What was done.</param>
/// <param name="Measure">What was looked at: time of one operation, bytes allocated by it, and the like.</param>
/// <param name="Value">The median of the runs.</param>
/// <param name="Unit">Unit of the value.</param>
internal sealed record Row(string Case, string Measure, double Value, string Unit);
