using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Katabira.Cluster.Resources.Kinds;

/// <summary>Resource quantities, <c>100m</c> or <c>1.5Gi</c>, for comparing only: they are stored as they were written.</summary>
internal static class Quantity
{
    private static readonly System.Buffers.SearchValues<char> s_digits = System.Buffers.SearchValues.Create("+-.0123456789");

    /// <summary>False for what is no quantity, and for amounts beyond any machine.</summary>
    public static bool TryParse(JsonNode? node, out double amount)
    {
        amount = 0;
        var text = node?.GetValueKind() switch
        {
            JsonValueKind.String => node.AsText()!, // not null: its kind says so
            JsonValueKind.Number => node.ToJsonString(),
            _ => "",
        };
        var digits = text.AsSpan().IndexOfAnyExcept(s_digits);
        var number = digits < 0 ? text : text.AsSpan(0, digits);
        var suffix = digits < 0 ? "" : text[digits..];
        if (!double.TryParse(number, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var mantissa)
            || Scale(suffix) is not { } scale)
        {
            return false;
        }
        amount = mantissa * scale;
        return double.IsFinite(amount);
    }

    private static double? Scale(string suffix) => suffix switch
    {
        "" => 1,
        "n" => 1e-9,
        "u" => 1e-6,
        "m" => 1e-3,
        "k" => 1e3,
        "M" => 1e6,
        "G" => 1e9,
        "T" => 1e12,
        "P" => 1e15,
        "E" => 1e18,
        "Ki" => 1L << 10,
        "Mi" => 1L << 20,
        "Gi" => 1L << 30,
        "Ti" => 1L << 40,
        "Pi" => 1L << 50,
        "Ei" => 1L << 60,
        ['e' or 'E', .. var exponent] when int.TryParse(exponent, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var power) && power is > -30 and < 30
            => Math.Pow(10, power),
        _ => null,
    };
}
