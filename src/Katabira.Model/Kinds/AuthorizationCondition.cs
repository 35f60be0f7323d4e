using Katabira.Model.Resources;
using Katabira.Model.Schema;
using Katabira.Model.Validation;

namespace Katabira.Model.Kinds;

/// <summary>One more condition, about one attribute of the traffic.</summary>
public sealed record AuthorizationCondition : Extensible
{
    /// <summary>The attribute, e.g. source.ip or request.headers[User-Agent].</summary>
    [Field(Required = true)]
    public string? Key { get; init; }

    /// <summary>One of them must match.</summary>
    public IReadOnlyList<string>? Values { get; init; }

    /// <summary>None of them may match.</summary>
    public IReadOnlyList<string>? NotValues { get; init; }

    internal AuthorizationAttribute Attribute => AuthorizationAttributes.Parse(Key);

    /// <summary>The two lists as clauses, set or not.</summary>
    internal IEnumerable<AuthorizationClause> Clauses =>
    [
        new("values", Attribute, Values),
        new("notValues", Attribute, NotValues, Negated: true),
    ];

    internal void Check(string path, Findings findings)
    {
        if (string.IsNullOrEmpty(Key))
        {
            findings.Required($"{path}.key", "must not be empty");
        }
        else if (Attribute is AuthorizationAttribute.Unknown)
        {
            findings.Invalid($"{path}.key", Key, AuthorizationAttributes.WhyUnknown(Key));
        }
        if (Values is not { Count: > 0 } && NotValues is not { Count: > 0 })
        {
            findings.Required(path, "at least one of values or notValues must be set");
        }
        foreach (var clause in Clauses)
        {
            clause.Check(path, findings);
        }
    }
}
