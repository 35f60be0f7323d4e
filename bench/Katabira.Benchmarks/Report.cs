using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Katabira.Benchmarks;

/// <summary>The same rows for people and for programs.</summary>
internal static class Report
{
    private static readonly JsonSerializerOptions s_readable = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static void WriteTable(TextWriter to, IReadOnlyList<Row> rows)
    {
        var widest = rows.Max(r => r.Case.Length);
        var measures = rows.Max(r => r.Measure.Length);
        foreach (var row in rows)
        {
            to.WriteLine($"{row.Case.PadRight(widest)}  {row.Measure.PadRight(measures)}  {Figure(row.Value),12} {row.Unit,-9} {Verdict(row)}".TrimEnd());
        }
    }

    public static string ToJson(IReadOnlyList<Row> rows, DateTimeOffset when) => JsonSerializer.Serialize(
        new { When = when, Processors = Environment.ProcessorCount, Platform = RuntimeInformation.RuntimeIdentifier, Runtime = RuntimeInformation.FrameworkDescription, Rows = rows },
        s_readable);

    private static string Verdict(Row row) => row.Limit is { } limit
        ? $"{(row.IsFloor ? '≥' : '≤')} {limit.ToString("N0", CultureInfo.InvariantCulture)} {(row.Holds == true ? "holds" : "MISSED")}"
        : "";

    /// <summary>Four digits that count, never an exponent.</summary>
    private static string Figure(double value)
    {
        var decimals = value == 0 ? 0 : Math.Clamp(3 - (int)Math.Floor(Math.Log10(Math.Abs(value))), 0, 9);
        return value.ToString("N" + decimals, CultureInfo.InvariantCulture);
    }
}
