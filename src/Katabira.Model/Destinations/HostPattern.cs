namespace Katabira.Model.Destinations;

/// <summary>The host of a rule: a full name, or <c>*</c> followed by the end of one. Lower case; compares by text.</summary>
/// <param name="Text">As resolved by <see cref="Resolve"/>.</param>
public readonly record struct HostPattern(string Text)
{
    /// <summary>True if it names more than one host.</summary>
    public bool IsWildcard => Text.StartsWith('*');

    /// <summary>Completes a host as it is written in a rule: a short name is a service of the rule's own namespace.</summary>
    /// <param name="host">As written.</param>
    /// <param name="ruleNamespace">Namespace of the rule, not of the service it means.</param>
    /// <param name="clusterDomain">DNS domain of the cluster.</param>
    public static HostPattern Resolve(string host, string ruleNamespace, string clusterDomain)
    {
        var name = host.TrimEnd('.').ToLowerInvariant();
        var isShort = !name.StartsWith('*') && !name.Contains('.', StringComparison.Ordinal) && !name.Contains(':', StringComparison.Ordinal);
        return new(isShort ? $"{name}.{ruleNamespace}.svc.{clusterDomain}" : name);
    }

    /// <summary>True if the host is the named one, or ends as the wildcard demands.</summary>
    /// <param name="host">Full name of a service, in lower case; may itself be a wildcard of a ServiceEntry.</param>
    public bool Matches(string host) =>
        IsWildcard ? host.AsSpan().EndsWith(Text.AsSpan(1), StringComparison.Ordinal) : string.Equals(host, Text, StringComparison.Ordinal);

    /// <summary>Orders the most specific first: names before wildcards, then the longer, then by text.</summary>
    public static int BySpecificity(HostPattern left, HostPattern right)
    {
        var byKind = left.IsWildcard.CompareTo(right.IsWildcard);
        var byLength = right.Text.Length.CompareTo(left.Text.Length);
        return byKind != 0 ? byKind : byLength != 0 ? byLength : string.CompareOrdinal(left.Text, right.Text);
    }
}
