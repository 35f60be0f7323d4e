using System.Globalization;
using Katabira.Cluster.Cel;
using Katabira.Cluster.Cel.Go;

namespace Katabira.Cluster.Schemas;

/// <summary>Bounds of numbers.</summary>
internal static class NumberCheck
{
    /// <summary>False if the number does not fit the width that type and format give it.</summary>
    public static bool IsInRange(JsonNumber number, StructuralSchema schema) => (schema.Type, schema.Bounds?.Format) switch
    {
        _ when schema.IntOrString => true,
        (SchemaType.Integer, "int32") => number.Double is >= int.MinValue and <= int.MaxValue,
        (SchemaType.Integer, _) => number.IsInteger || number.IsWhole,
        (SchemaType.Number, "float") => Math.Abs(number.Double) <= float.MaxValue,
        _ => true,
    };

    /// <summary>What each broken bound demands, e.g. <c>should be less than or equal to 5</c>.</summary>
    public static IEnumerable<string> Broken(JsonNumber number, ValueBounds? bounds)
    {
        if (bounds is null)
        {
            yield break;
        }
        if (bounds.MultipleOf is { } factor && factor > 0 && !IsMultiple(number, factor))
        {
            yield return $"should be a multiple of {Text(number, factor)}";
        }
        if (bounds.Minimum is { } minimum && (number.Double < minimum || (bounds.ExclusiveMinimum && number.Double <= minimum)))
        {
            yield return $"should be greater than {(bounds.ExclusiveMinimum ? "" : "or equal to ")}{Text(number, minimum)}";
        }
        if (bounds.Maximum is { } maximum && (number.Double > maximum || (bounds.ExclusiveMaximum && number.Double >= maximum)))
        {
            yield return $"should be less than {(bounds.ExclusiveMaximum ? "" : "or equal to ")}{Text(number, maximum)}";
        }
    }

    private static bool IsMultiple(JsonNumber number, double factor)
    {
        if (number.IsInteger && factor == Math.Floor(factor) && factor < long.MaxValue)
        {
            return number.Integer % (long)factor == 0;
        }
        // 0.3 / 0.1 is not 3 for a double; a relative error that small is not the author's.
        var ratio = factor < 1 ? 1 / factor * number.Double : number.Double / factor;
        return Math.Abs(ratio - Math.Round(ratio)) <= 1e-9 * Math.Max(1, Math.Abs(ratio));
    }

    /// <summary>A bound as the message shows it: like the number it is compared with.</summary>
    private static string Text(JsonNumber number, double bound) =>
        number.IsInteger && bound == Math.Floor(bound) && Math.Abs(bound) < 9e18 ? ((long)bound).ToString(CultureInfo.InvariantCulture) : GoFloat.Format(bound);
}
