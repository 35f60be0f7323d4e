using System.Text.Json.Nodes;
using Katabira.Cluster.Cel.Go;

namespace Katabira.Cluster.Cel;

/// <summary>A value while a rule runs. Small scalars need no allocation; lists and maps from JSON are views of it, never copies.</summary>
/// <remarks>The accessors assume the kind was looked at; on another kind they throw, which would be a defect of ours.</remarks>
internal readonly struct CelValue
{
    private readonly object? _object;
    private readonly long _bits;

    private CelValue(CelKind kind, long bits, object? reference)
    {
        Kind = kind;
        _bits = bits;
        _object = reference;
    }

    public static CelValue Null => default;

    public static CelValue True { get; } = new(CelKind.Bool, 1, null);

    public static CelValue False { get; } = new(CelKind.Bool, 0, null);

    public static CelValue NoSuchOverload { get; } = Error("no such overload");

    /// <summary>The budget is gone; see <see cref="CelMeter"/>.</summary>
    public static CelValue Exhausted { get; } = Error("operation cancelled: actual cost limit exceeded");

    public CelKind Kind { get; }

    public bool IsError => Kind == CelKind.Error;

    public bool IsTrue => Kind == CelKind.Bool && _bits != 0;

    public bool IsFalse => Kind == CelKind.Bool && _bits == 0;

    public long AsInt => _bits;

    public ulong AsUint => unchecked((ulong)_bits);

    public double AsDouble => BitConverter.Int64BitsToDouble(_bits);

    /// <summary>Nanoseconds.</summary>
    public long AsDuration => _bits;

    /// <summary>100-nanosecond ticks since 0001-01-01 UTC. Finer parts of a second are cut off.</summary>
    public long AsTimestamp => _bits;

    public string AsString => (string)_object!;

    public byte[] AsBytes => (byte[])_object!;

    public CelList AsList => (CelList)_object!;

    public CelMap AsMap => (CelMap)_object!;

    public GoUrl AsUrl => (GoUrl)_object!;

    public CelType AsType => (CelType)_object!;

    public CelOptional AsOptional => (CelOptional)_object!;

    /// <summary>Why the evaluation failed.</summary>
    public string ErrorMessage => (string)_object!;

    public static CelValue Of(bool value) => value ? True : False;

    public static CelValue Of(long value) => new(CelKind.Int, value, null);

    public static CelValue Of(ulong value) => new(CelKind.Uint, unchecked((long)value), null);

    public static CelValue Of(double value) => new(CelKind.Double, BitConverter.DoubleToInt64Bits(value), null);

    public static CelValue Of(string value) => new(CelKind.String, 0, value);

    public static CelValue Of(byte[] value) => new(CelKind.Bytes, 0, value);

    public static CelValue Of(CelList value) => new(CelKind.List, 0, value);

    public static CelValue Of(CelMap value) => new(CelKind.Map, 0, value);

    public static CelValue Of(GoUrl value) => new(CelKind.Url, 0, value);

    public static CelValue Of(CelType value) => new(CelKind.Type, 0, value);

    public static CelValue Of(CelOptional value) => new(CelKind.Optional, 0, value);

    public static CelValue Duration(long nanoseconds) => new(CelKind.Duration, nanoseconds, null);

    public static CelValue Timestamp(long ticks) => new(CelKind.Timestamp, ticks, null);

    public static CelValue Error(string message) => new(CelKind.Error, 0, message);

    /// <summary>Reads JSON as the type that its schema gave it.</summary>
    public static CelValue FromJson(JsonNode? node, CelType type) => CelJson.Read(node, type);

    /// <summary>The text of a scalar; a placeholder for everything else.</summary>
    public override string ToString() => Kind switch
    {
        CelKind.Null => "null",
        CelKind.Bool => IsTrue ? "true" : "false",
        CelKind.Int => AsInt.ToString(System.Globalization.CultureInfo.InvariantCulture),
        CelKind.Uint => AsUint.ToString(System.Globalization.CultureInfo.InvariantCulture),
        CelKind.Double => GoFloat.Format(AsDouble),
        CelKind.String => AsString,
        CelKind.Duration => GoDuration.ToSeconds(AsDuration),
        CelKind.Timestamp => CelTime.Format(AsTimestamp),
        _ => $"<{Kind}>",
    };
}
