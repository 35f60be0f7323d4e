using System.Collections.Immutable;
using System.Text;

namespace Katabira.Cluster.Network.Dns;

/// <summary>
/// A domain name as its labels, the most specific first, in lower case. Labels are compared as bytes (each is one char), so a label that
/// holds a dot is never taken for two. At most 255 bytes on the wire.
/// </summary>
internal readonly struct DnsName(ImmutableArray<string> labels) : IEquatable<DnsName>
{
    /// <summary>RFC 1035 §2.3.4.</summary>
    public const int MostBytes = 255;

    /// <summary>RFC 1035 §2.3.4.</summary>
    public const int MostLabelBytes = 63;

    public ImmutableArray<string> Labels { get; } = labels;

    /// <summary>A name from text with dots; one at the end may be there. Null if it could not be sent.</summary>
    public static DnsName? Parse(string text)
    {
        var labels = text.TrimEnd('.').Split('.');
        return labels.All(l => l.Length is > 0 and <= MostLabelBytes && l.All(char.IsAscii)) && labels.Sum(l => l.Length + 1) < MostBytes
            ? new([.. labels.Select(l => l.ToLowerInvariant())])
            : null;
    }

    /// <summary>The labels before a suffix; null if the name does not end with it.</summary>
    public ImmutableArray<string>? Below(ReadOnlySpan<string> suffix) =>
        Labels.Length >= suffix.Length && Labels.AsSpan()[^suffix.Length..].SequenceEqual(suffix) ? Labels[..^suffix.Length] : null;

    public bool Equals(DnsName other) => Labels.AsSpan().SequenceEqual(other.Labels.AsSpan());

    public override bool Equals(object? obj) => obj is DnsName other && Equals(other);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var label in Labels)
        {
            hash.Add(label, StringComparer.Ordinal);
        }
        return hash.ToHashCode();
    }

    public override string ToString() => new StringBuilder().AppendJoin('.', Labels).Append('.').ToString();
}
