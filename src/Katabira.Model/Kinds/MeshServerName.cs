using System.Globalization;
using Katabira.Model.Validation;

namespace Katabira.Model.Kinds;

/// <summary>The server name a mesh gives to a connection that other gateways pass through: <c>outbound_.PORT_.SUBSET_.HOST</c>, where the subset may be empty.</summary>
internal static class MeshServerName
{
    private const string Prefix = "outbound_.";

    private const string Separator = "_.";

    public static bool IsValid(ReadOnlySpan<char> name)
    {
        if (!name.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return false;
        }
        name = name[Prefix.Length..];
        return TryTake(ref name, out var port)
            && int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && Syntax.IsPort(number)
            && TryTake(ref name, out var subset)
            && (subset.IsEmpty || Syntax.IsDnsLabel(subset))
            && Syntax.IsHostName(name);
    }

    private static bool TryTake(ref ReadOnlySpan<char> rest, out ReadOnlySpan<char> part)
    {
        var end = rest.IndexOf(Separator, StringComparison.Ordinal);
        part = end < 0 ? default : rest[..end];
        rest = end < 0 ? rest : rest[(end + Separator.Length)..];
        return end >= 0;
    }
}
