using System.Buffers;
using System.Globalization;
using Katabira.Cluster.Storage;

namespace Katabira.Cluster.Resources;

/// <summary>
/// The grammars of names, keys and values, with upstream's wording (apimachinery, <c>util/validation</c>). Each rule returns what is wrong;
/// nothing, if nothing is. All are linear in their input.
/// </summary>
internal static class NameRules
{
    private const string LabelForm = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
    private const string QualifiedForm = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";

    private static readonly SearchValues<char> s_lower = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");
    private static readonly SearchValues<char> s_qualified = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.");

    /// <summary>A DNS label: namespaces, containers, volumes.</summary>
    public static IEnumerable<string> DnsLabel(string value)
    {
        if (value.Length > 63)
        {
            yield return TooLong(63);
        }
        if (!IsLabel(value))
        {
            yield return "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an "
                + $"alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '{LabelForm}')";
        }
    }

    /// <summary>DNS labels with dots between them: most objects.</summary>
    public static IEnumerable<string> DnsSubdomain(string value)
    {
        if (value.Length > 253)
        {
            yield return TooLong(253);
        }
        if (!IsSubdomain(value))
        {
            yield return "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an "
                + $@"alphanumeric character (e.g. 'example.com', regex used for validation is '{LabelForm}(\.{LabelForm})*')";
        }
    }

    /// <summary>A DNS label that begins with a letter: services.</summary>
    public static IEnumerable<string> Dns1035Label(string value)
    {
        if (value.Length > 63)
        {
            yield return TooLong(63);
        }
        if (!IsLabel(value) || !char.IsAsciiLetterLower(value[0]))
        {
            yield return "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an "
                + "alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";
        }
    }

    /// <summary>Any text that can stand in a path: roles and bindings.</summary>
    public static IEnumerable<string> PathSegment(string value)
    {
        if (value is "." or "..")
        {
            yield return $"may not be '{value}'";
            yield break;
        }
        if (value.Length > StoreKey.MaxSegmentLength)
        {
            yield return TooLong(StoreKey.MaxSegmentLength);
        }
        if (value.Any(char.IsControl))
        {
            yield return "may not contain control characters";
        }
        foreach (var illegal in (char[])['/', '%'])
        {
            if (value.Contains(illegal))
            {
                yield return $"may not contain '{illegal}'";
            }
        }
    }

    /// <summary>The key of a label or annotation: a name, with a DNS subdomain and a slash before it if it is not the user's own.</summary>
    public static IEnumerable<string> QualifiedName(string value)
    {
        const string rule = "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character "
            + $"(e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '{QualifiedForm}')";
        var slash = value.IndexOf('/', StringComparison.Ordinal);
        if (slash != value.LastIndexOf('/'))
        {
            yield return $"a qualified name {rule} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')";
            yield break;
        }
        foreach (var message in slash switch { < 0 => [], 0 => ["must be non-empty"], _ => DnsSubdomain(value[..slash]) })
        {
            yield return $"prefix part {message}";
        }
        var name = value[(slash + 1)..];
        if (name.Length is 0 or > 63)
        {
            yield return $"name part {(name.Length == 0 ? "must be non-empty" : TooLong(63))}";
        }
        if (!IsQualified(name))
        {
            yield return $"name part {rule}";
        }
    }

    public static IEnumerable<string> LabelValue(string value)
    {
        if (value.Length > 63)
        {
            yield return TooLong(63);
        }
        if (value.Length > 0 && !IsQualified(value))
        {
            yield return "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an "
                + $"alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '({QualifiedForm})?')";
        }
    }

    /// <summary>A key of a ConfigMap or Secret: it becomes a file's name.</summary>
    public static IEnumerable<string> ConfigKey(string value)
    {
        if (value.Length > 253)
        {
            yield return TooLong(253);
        }
        if (value.Length == 0 || value.AsSpan().ContainsAnyExcept(s_qualified))
        {
            yield return "a valid config key must consist of alphanumeric characters, '-', '_' or '.' "
                + "(e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";
        }
        if (value is "." or "..")
        {
            yield return $"must not be '{value}'";
        }
        else if (value.StartsWith("..", StringComparison.Ordinal))
        {
            yield return "must not start with '..'";
        }
    }

    /// <summary>The name of an environment variable, as relaxed in 1.32.</summary>
    public static IEnumerable<string> EnvironmentName(string value)
    {
        if (value.AsSpan().ContainsAnyExceptInRange(' ', '~') || value.Contains('='))
        {
            yield return "a valid environment variable name must consist only of printable ASCII characters other than '='";
        }
    }

    /// <summary>The name of a port, RFC 6335's service name.</summary>
    public static IEnumerable<string> PortName(string value)
    {
        if (value.Length > 15)
        {
            yield return TooLong(15);
        }
        if (value.AsSpan().ContainsAnyExcept(s_lower))
        {
            yield return "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)";
        }
        if (!value.AsSpan().ContainsAnyInRange('a', 'z'))
        {
            yield return "must contain at least one letter (a-z)";
        }
        if (value.Contains("--", StringComparison.Ordinal))
        {
            yield return "must not contain consecutive hyphens";
        }
        if (value.StartsWith('-') || value.EndsWith('-'))
        {
            yield return "must not begin or end with a hyphen";
        }
    }

    private static string TooLong(int limit) => string.Create(CultureInfo.InvariantCulture, $"must be no more than {limit} characters");

    private static bool IsLabel(ReadOnlySpan<char> value) =>
        value.Length > 0 && value[0] != '-' && value[^1] != '-' && !value.ContainsAnyExcept(s_lower);

    private static bool IsSubdomain(ReadOnlySpan<char> value)
    {
        foreach (var label in value.Split('.'))
        {
            if (!IsLabel(value[label]))
            {
                return false;
            }
        }
        return true;
    }

    private static bool IsQualified(ReadOnlySpan<char> value) =>
        value.Length > 0 && char.IsAsciiLetterOrDigit(value[0]) && char.IsAsciiLetterOrDigit(value[^1]) && !value.ContainsAnyExcept(s_qualified);
}
