namespace Katabira.Model.Validation;

/// <summary>Host names and wildcards, indexed so that the cost of asking which wildcard covers a name is bounded by the name's length, however many hosts there are.</summary>
/// <remarks>Built by one thread, then immutable. Upper and lower case are the same.</remarks>
internal sealed class HostSet
{
    /// <summary>That of a wildcard around the longest DNS name, with the dot that may end it.</summary>
    private const int LongestSuffix = 255;

    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The lengths of what is in the set below: only ends of such lengths are looked up.</summary>
    private readonly HashSet<int> _lengths = [];

    /// <summary>Wildcards without their asterisk.</summary>
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _suffixes =
        new HashSet<string>(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Adds a host; false if it is there already.</summary>
    public bool Add(string host)
    {
        if (!host.StartsWith('*'))
        {
            return _names.Add(host);
        }
        _lengths.Add(host.Length - 1);
        return _suffixes.Add(host.AsSpan(1));
    }

    /// <summary>True if the host itself is there, or a wildcard that includes all that it stands for.</summary>
    public bool Covers(string host) =>
        (host.StartsWith('*') ? _suffixes.Contains(host.AsSpan(1)) : _names.Contains(host)) || WiderThan(host) is not null;

    /// <summary>A wildcard of the set, other than the host itself, that includes all that the host stands for; null if there is none.</summary>
    public string? WiderThan(string host)
    {
        if (host == "*")
        {
            return null;
        }
        // longer ends are of no valid host, and would cost time for nothing
        for (var i = Math.Max(host.StartsWith('*') ? 2 : 0, host.Length - LongestSuffix); i < host.Length; i++)
        {
            if (_lengths.Contains(host.Length - i) && _suffixes.TryGetValue(host.AsSpan(i), out var suffix))
            {
                return '*' + suffix;
            }
        }
        return _suffixes.Contains("") ? "*" : null;
    }
}
