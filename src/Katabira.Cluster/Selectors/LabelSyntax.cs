using System.Buffers;

namespace Katabira.Cluster.Selectors;

/// <summary>What may be a label's key and value, in Kubernetes' words. Linear in the input; allocates only to complain.</summary>
internal static class LabelSyntax
{
    private const int LongestName = 63;

    private const string NamePattern = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";

    private const string NameProblem = "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character "
        + "(e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '" + NamePattern + "')";

    private static readonly SearchValues<char> s_nameCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.");

    private static readonly SearchValues<char> s_hostCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    /// <summary>What is wrong with a key, <c>[DNS-SUBDOMAIN/]NAME</c>, all of it joined by semicolons; null if nothing is.</summary>
    public static string? ProblemOfKey(string key)
    {
        var slash = key.IndexOf('/');
        var name = key.AsSpan(slash + 1);
        if (name.Contains('/'))
        {
            return $"a valid label key {NameProblem} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')";
        }
        var problems = new List<string>();
        if (slash == 0)
        {
            problems.Add("prefix part must be non-empty");
        }
        else if (slash > 0)
        {
            AddProblemsOfPrefix(problems, key.AsSpan(0, slash));
        }
        if (name.IsEmpty)
        {
            problems.Add("name part must be non-empty");
        }
        else if (name.Length > LongestName)
        {
            problems.Add("name part must be no more than 63 characters");
        }
        if (!IsName(name))
        {
            problems.Add("name part " + NameProblem);
        }
        return problems.Count == 0 ? null : string.Join("; ", problems);
    }

    /// <summary>What is wrong with a value; null if nothing is. Empty is a value.</summary>
    public static string? ProblemOfValue(string value)
    {
        if (value.Length <= LongestName && (value.Length == 0 || IsName(value)))
        {
            return null;
        }
        const string wrong = "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character "
            + "(e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(" + NamePattern + ")?')";
        var tooLong = value.Length > LongestName ? "must be no more than 63 characters" : "";
        return value.Length == 0 || IsName(value) ? tooLong : tooLong.Length == 0 ? wrong : $"{tooLong}; {wrong}";
    }

    private static bool IsName(ReadOnlySpan<char> name) =>
        name.Length > 0 && char.IsAsciiLetterOrDigit(name[0]) && char.IsAsciiLetterOrDigit(name[^1]) && !name.ContainsAnyExcept(s_nameCharacters);

    private static void AddProblemsOfPrefix(List<string> problems, ReadOnlySpan<char> prefix)
    {
        if (prefix.Length > 253)
        {
            problems.Add("prefix part must be no more than 253 characters");
        }
        foreach (var label in prefix.Split('.'))
        {
            var part = prefix[label];
            if (part.IsEmpty || part[0] == '-' || part[^1] == '-' || part.ContainsAnyExcept(s_hostCharacters))
            {
                problems.Add("prefix part a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric "
                    + "character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')");
                return;
            }
        }
    }
}
