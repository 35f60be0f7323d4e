using System.Globalization;
using Katabira.Model.Resources;
using Katabira.Model.Schema;
using Katabira.Model.Validation;

namespace Katabira.Model.Kinds;

/// <summary>One rule: it matches if a source, an operation and all conditions do. A rule with none of them matches everything.</summary>
public sealed record AuthorizationRule : Extensible
{
    /// <summary>Who it is about; one that matches is enough. Left out, anybody.</summary>
    [Field(MaxItems = 512)]
    public IReadOnlyList<AuthorizationFrom>? From { get; init; }

    /// <summary>What it is about; one that matches is enough. Left out, anything.</summary>
    public IReadOnlyList<AuthorizationTo>? To { get; init; }

    /// <summary>Further conditions; all of them must hold.</summary>
    public IReadOnlyList<AuthorizationCondition>? When { get; init; }

    internal void Check(string path, AuthorizationAction action, Findings findings)
    {
        if (From is [])
        {
            findings.Required($"{path}.from", "must not be empty; left out, it means anybody");
        }
        for (var i = 0; i < From?.Count; i++)
        {
            CheckPart(At(path, "from", i) + ".source", From[i].Source?.Clauses, findings);
            From[i].Source?.Check(At(path, "from", i) + ".source", findings);
        }
        if (To is [])
        {
            findings.Required($"{path}.to", "must not be empty; left out, it means anything");
        }
        for (var i = 0; i < To?.Count; i++)
        {
            CheckPart(At(path, "to", i) + ".operation", To[i].Operation?.Clauses, findings);
        }
        for (var i = 0; i < When?.Count; i++)
        {
            When[i].Check(At(path, "when", i), findings);
        }
        WarnOfHttp(path, action, findings);
    }

    private static void CheckPart(string path, IEnumerable<AuthorizationClause>? clauses, Findings findings)
    {
        var any = false;
        foreach (var clause in clauses ?? [])
        {
            any |= clause.Restricts;
            clause.Check(path, findings);
        }
        if (!any)
        {
            findings.Required(path, "at least one of its fields must be set");
        }
    }

    /// <summary>Where connections are passed on unread, nothing can be said about requests: the author must know what is left of the rule.</summary>
    private void WarnOfHttp(string path, AuthorizationAction action, Findings findings)
    {
        var fields = new SortedSet<string>(StringComparer.Ordinal);
        fields.UnionWith(From?.SelectMany(f => f.Source?.Clauses ?? []).Where(c => c.Restricts && c.Attribute.NeedsHttp()).Select(c => c.Name) ?? []);
        fields.UnionWith(To?.SelectMany(t => t.Operation?.Clauses ?? []).Where(c => c.Restricts && c.Attribute.NeedsHttp()).Select(c => c.Name) ?? []);
        fields.UnionWith(When?.Where(w => w.Attribute.NeedsHttp()).Select(w => w.Key!) ?? []);
        if (fields.Count == 0)
        {
            return;
        }
        var rest = action switch
        {
            AuthorizationAction.Allow => "the rule admits nothing",
            AuthorizationAction.Deny => "the rule denies without them, which is more",
            AuthorizationAction.Audit => "the rule notes without them, which is more",
            _ => "the rule asks without them, which is more",
        };
        findings.Warn($"{path}: {string.Join(", ", fields)} can be judged only where requests are read (HTTP); for connections that are not, {rest}");
    }

    private static string At(string path, string list, int index) => string.Create(CultureInfo.InvariantCulture, $"{path}.{list}[{index}]");
}

/// <summary>One way to say who traffic comes from.</summary>
public sealed record AuthorizationFrom : Extensible
{
    /// <summary>The source.</summary>
    public AuthorizationSource? Source { get; init; }
}

/// <summary>One way to say what traffic is for.</summary>
public sealed record AuthorizationTo : Extensible
{
    /// <summary>The operation.</summary>
    public AuthorizationOperation? Operation { get; init; }
}
