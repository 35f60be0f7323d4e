using System.Collections.Immutable;
using Katabira.Cluster.Cel.Go;
using static Katabira.Cluster.Cel.CelType;

namespace Katabira.Cluster.Cel.Functions;

/// <summary>Spans and points of time. Zones are not supported: parts of a point are those of UTC.</summary>
internal static class Times
{
    private const long NanosecondsPerTick = 100;

    private static readonly CelValue s_durationOverflow = CelValue.Error("duration overflow");
    private static readonly CelValue s_timestampOverflow = CelValue.Error("timestamp overflow");

    public static readonly ImmutableArray<Overload> Overloads =
    [
        new("duration", false, [Duration], Duration, (CelMeter _, in CelArguments a) => a.First),
        new("duration", false, [CelType.String], Duration, (CelMeter m, in CelArguments a) => !m.SpendText(a.First.AsString.Length) ? CelValue.Exhausted
            : GoDuration.TryParse(a.First.AsString, out var nanoseconds) ? CelValue.Duration(nanoseconds) : Conversions.Fails(Duration)),
        new("timestamp", false, [Timestamp], Timestamp, (CelMeter _, in CelArguments a) => a.First),
        new("timestamp", false, [CelType.String], Timestamp, (CelMeter _, in CelArguments a) =>
            CelTime.TryParse(a.First.AsString, out var ticks) ? CelValue.Timestamp(ticks) : Conversions.Fails(Timestamp)),
        new("timestamp", false, [Int], Timestamp, (CelMeter _, in CelArguments a) =>
            Point(DateTime.UnixEpoch.Ticks + ((Int128)a.First.AsInt * TimeSpan.TicksPerSecond))),
        new("_+_", false, [Duration, Duration], Duration, (CelMeter _, in CelArguments a) => Span((Int128)a.First.AsDuration + a.Second.AsDuration)),
        new("_-_", false, [Duration, Duration], Duration, (CelMeter _, in CelArguments a) => Span((Int128)a.First.AsDuration - a.Second.AsDuration)),
        new("_+_", false, [Timestamp, Duration], Timestamp, (CelMeter _, in CelArguments a) => Point(a.First.AsTimestamp + Ticks(a.Second))),
        new("_+_", false, [Duration, Timestamp], Timestamp, (CelMeter _, in CelArguments a) => Point(a.Second.AsTimestamp + Ticks(a.First))),
        new("_-_", false, [Timestamp, Duration], Timestamp, (CelMeter _, in CelArguments a) => Point(a.First.AsTimestamp - Ticks(a.Second))),
        new("_-_", false, [Timestamp, Timestamp], Duration, (CelMeter _, in CelArguments a) =>
            Span(((Int128)a.First.AsTimestamp - a.Second.AsTimestamp) * NanosecondsPerTick)),
        OfSpan("getHours", 3_600_000_000_000),
        OfSpan("getMinutes", 60_000_000_000),
        OfSpan("getSeconds", 1_000_000_000),
        OfSpan("getMilliseconds", 1_000_000),
        OfPoint("getFullYear", t => t.Year),
        OfPoint("getMonth", t => t.Month - 1),
        OfPoint("getDate", t => t.Day),
        OfPoint("getDayOfMonth", t => t.Day - 1),
        OfPoint("getDayOfYear", t => t.DayOfYear - 1),
        OfPoint("getDayOfWeek", t => (int)t.DayOfWeek),
        OfPoint("getHours", t => t.Hour),
        OfPoint("getMinutes", t => t.Minute),
        OfPoint("getSeconds", t => t.Second),
        OfPoint("getMilliseconds", t => t.Millisecond),
    ];

    private static Overload OfSpan(string name, long unit) =>
        new(name, true, [Duration], Int, (CelMeter _, in CelArguments a) => CelValue.Of(a.First.AsDuration / unit));

    private static Overload OfPoint(string name, Func<DateTime, long> part) =>
        new(name, true, [Timestamp], Int, (CelMeter _, in CelArguments a) => CelValue.Of(part(new DateTime(a.First.AsTimestamp, DateTimeKind.Utc))));

    /// <summary>Rounded down, so that a nanosecond before the first moment is before it.</summary>
    private static Int128 Ticks(CelValue duration) => (Int128)Math.Floor(duration.AsDuration / (decimal)NanosecondsPerTick);

    private static CelValue Span(Int128 nanoseconds) =>
        nanoseconds < long.MinValue || nanoseconds > long.MaxValue ? s_durationOverflow : CelValue.Duration((long)nanoseconds);

    private static CelValue Point(Int128 ticks) => ticks < 0 || ticks > DateTime.MaxValue.Ticks ? s_timestampOverflow : CelValue.Timestamp((long)ticks);
}
