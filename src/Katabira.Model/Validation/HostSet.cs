namespace Katabira.Model.Validation;

/// <summary>Host names and wildcards, indexed so that asking which wildcard covers a name costs the name's length, however many hosts there are.</summary>
/// <remarks>Built by one thread, then immutable. Upper and lower case are the same.</remarks>
internal sealed class HostSet
{
    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Wildcards without their asterisk.</summary>
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _suffixes =
        new HashSet<string>(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Adds a host; false if it is there already.</summary>
    public bool Add(string host) => host.StartsWith('*') ? _suffixes.Add(host.AsSpan(1)) : _names.Add(host);

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
        // a wildcard begins with "*." or "*-", so only these places can be where its asterisk ends
        for (var i = host.StartsWith('*') ? 2 : 1; i < host.Length; i++)
        {
            if (host[i] is '.' or '-' && _suffixes.TryGetValue(host.AsSpan(i), out var suffix))
            {
                return '*' + suffix;
            }
        }
        return _suffixes.Contains("") ? "*" : null;
    }
}
