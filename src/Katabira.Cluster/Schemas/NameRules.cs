using System.Text.RegularExpressions;

namespace Katabira.Cluster.Schemas;

/// <summary>Names that Kubernetes accepts, and its words for those that it does not.</summary>
internal static partial class NameRules
{
    private const string LabelMessage =
        "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an "
        + "alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";

    private const string SubdomainMessage =
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an "
        + "alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

    /// <summary>Null if the text is a label of at most 63 characters that starts with a letter, else why not.</summary>
    public static string? Dns1035Label(string text) =>
        Join(text.Length > 63 ? "must be no more than 63 bytes" : null, Label().IsMatch(text) ? null : LabelMessage);

    /// <summary>Null if the text is a domain of at most 253 characters, else why not.</summary>
    public static string? Dns1123Subdomain(string text) =>
        Join(text.Length > 253 ? "must be no more than 253 bytes" : null, Subdomain().IsMatch(text) ? null : SubdomainMessage);

    private static string? Join(string? length, string? form) => length is not null && form is not null ? $"{length},{form}" : length ?? form;

    [GeneratedRegex(@"^[a-z]([-a-z0-9]*[a-z0-9])?\z", RegexOptions.NonBacktracking)]
    private static partial Regex Label();

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\z", RegexOptions.NonBacktracking)]
    private static partial Regex Subdomain();
}
