using Katabira.Model.Resources;
using Katabira.Model.Validation;

namespace Katabira.Model.Kinds;

/// <summary>Changes to headers on the way to the destination and back.</summary>
public sealed record Headers : Extensible
{
    /// <summary>Changes before the request goes to the destination.</summary>
    public HeaderOperations? Request { get; init; }

    /// <summary>Changes before the response goes to the client.</summary>
    public HeaderOperations? Response { get; init; }

    /// <summary>How often the request's authority is replaced.</summary>
    internal int AuthorityChanges =>
        (Request?.Set?.Keys.Count(HeaderOperations.IsAuthority) ?? 0) + (Request?.Add?.Keys.Count(HeaderOperations.IsAuthority) ?? 0);

    internal void Check(string path, Findings findings)
    {
        Request?.Check($"{path}.request", mayChangeAuthority: true, findings);
        Response?.Check($"{path}.response", mayChangeAuthority: false, findings);
    }
}

/// <summary>Changes to the headers of one message.</summary>
public sealed record HeaderOperations : Extensible
{
    /// <summary>Headers that replace those of the same name.</summary>
    public IReadOnlyDictionary<string, string>? Set { get; init; }

    /// <summary>Headers that are added to those of the same name.</summary>
    public IReadOnlyDictionary<string, string>? Add { get; init; }

    /// <summary>Names of headers that are taken away.</summary>
    public IReadOnlyList<string>? Remove { get; init; }

    /// <summary>True if the name stands for the host of a request.</summary>
    internal static bool IsAuthority(string name) =>
        name.Equals(":authority", StringComparison.OrdinalIgnoreCase) || name.Equals("host", StringComparison.OrdinalIgnoreCase);

    internal void Check(string path, bool mayChangeAuthority, Findings findings)
    {
        CheckValues(Set, $"{path}.set", mayChangeAuthority, findings);
        CheckValues(Add, $"{path}.add", mayChangeAuthority, findings);
        for (var i = 0; i < (Remove?.Count ?? 0); i++)
        {
            CheckName(Remove![i], $"{path}.remove[{i}]", mayChangeAuthority: false, findings);
        }
    }

    private static void CheckValues(IReadOnlyDictionary<string, string>? headers, string path, bool mayChangeAuthority, Findings findings)
    {
        if (headers is null)
        {
            return;
        }
        foreach (var (name, value) in headers)
        {
            CheckName(name, $"{path}[{name}]", mayChangeAuthority, findings);
            if (!HeaderText.IsPrintable(value))
            {
                findings.Invalid($"{path}[{name}]", value, "header value must not contain control characters");
            }
            else if (!HeaderText.IsFormat(value))
            {
                findings.Invalid($"{path}[{name}]", value, "header value has an unpaired '%': a command is %NAME% or %NAME(ARGUMENTS)%, a percent sign is %%");
            }
        }
    }

    private static void CheckName(string name, string path, bool mayChangeAuthority, Findings findings)
    {
        if (IsAuthority(name))
        {
            if (!mayChangeAuthority)
            {
                findings.Forbidden(path, "the host can only be set or added, and only in a request");
            }
        }
        else if (name.StartsWith(':'))
        {
            findings.Invalid(path, name, "header cannot have \":\" prefix");
        }
        else
        {
            findings.CheckHeaderName(path, name);
        }
    }
}
