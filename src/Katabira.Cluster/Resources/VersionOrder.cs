using System.Globalization;

namespace Katabira.Cluster.Resources;

/// <summary>
/// The order in which clients prefer versions: GA before beta before alpha, the higher number first, names of another form last and in
/// alphabetical order (apimachinery, <c>version.CompareKubeAwareVersionStrings</c>).
/// </summary>
internal sealed class VersionOrder : IComparer<string>
{
    public static VersionOrder PreferredFirst { get; } = new();

    public int Compare(string? x, string? y)
    {
        var (left, right) = (Parse(x ?? ""), Parse(y ?? ""));
        return (left, right) switch
        {
            (null, null) => string.CompareOrdinal(x, y),
            (null, _) => 1,
            (_, null) => -1,
            _ => right.Value.CompareTo(left.Value),
        };
    }

    /// <summary>Stability (2 GA, 1 beta, 0 alpha), major number, minor number; null if the name has another form.</summary>
    private static (int Stability, int Major, int Minor)? Parse(string name)
    {
        if (name.Length < 2 || name[0] != 'v')
        {
            return null;
        }
        var rest = name.AsSpan(1);
        var letters = rest.IndexOfAnyExceptInRange('0', '9');
        if (letters < 0)
        {
            return Number(rest) is { } ga ? (2, ga, 0) : null;
        }
        var tail = rest[letters..];
        var stability = tail.StartsWith("beta", StringComparison.Ordinal) ? 1 : tail.StartsWith("alpha", StringComparison.Ordinal) ? 0 : -1;
        return stability >= 0
            && Number(rest[..letters]) is { } major
            && Number(tail[(stability == 1 ? "beta" : "alpha").Length..]) is { } minor
                ? (stability, major, minor)
                : null;
    }

    private static int? Number(ReadOnlySpan<char> text) =>
        text.Length > 0 && text[0] != '0' && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
