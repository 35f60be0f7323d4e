namespace Katabira.Model.Schema;

/// <summary>What the schema demands of a field beyond its type. One declaration serves the CRD manifest and our own check.</summary>
/// <remarks>Negative lengths and NaN bounds mean "no bound". Lengths are in Unicode code points, as in OpenAPI.</remarks>
[AttributeUsage(AttributeTargets.Property)]
internal class FieldAttribute : Attribute
{
    public bool Required { get; init; }

    /// <summary>An explicit <c>null</c> is as good as leaving the field out (protobuf's wrapper types).</summary>
    public bool Nullable { get; init; }

    public double Minimum { get; init; } = double.NaN;

    public double Maximum { get; init; } = double.NaN;

    public int MinLength { get; init; } = -1;

    public int MaxLength { get; init; } = -1;

    public int MinItems { get; init; } = -1;

    public int MaxItems { get; init; } = -1;

    public int MinProperties { get; init; } = -1;

    public int MaxProperties { get; init; } = -1;

    /// <summary>A regular expression of the RE2 subset, unanchored unless it says so.</summary>
    public string? Pattern { get; init; }

    /// <summary>OpenAPI format, e.g. <c>date-time</c>; documentation for clients, not checked.</summary>
    public string? Format { get; init; }

    /// <summary>A number that may be written as a string of digits (protobuf's 64-bit integers).</summary>
    public bool IntOrString { get; init; }

    /// <summary>Items of a list are told apart by this field (<c>x-kubernetes-list-type: map</c>).</summary>
    public string? ListMapKey { get; init; }
}

/// <summary>What the schema demands of each item of a list, or of each value of a map.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ItemAttribute : FieldAttribute;
