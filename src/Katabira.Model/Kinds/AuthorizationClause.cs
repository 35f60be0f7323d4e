using System.Globalization;
using Katabira.Model.Validation;

namespace Katabira.Model.Kinds;

/// <summary>A list of values for one attribute: one of them must match, or, negated, none.</summary>
/// <param name="Name">The field it was written in, e.g. <c>notPrincipals</c>.</param>
/// <param name="Attribute">What it is about.</param>
/// <param name="Values">The values; null or empty restricts nothing.</param>
/// <param name="Negated">None of the values may match.</param>
internal readonly record struct AuthorizationClause(
    string Name, AuthorizationAttribute Attribute, IReadOnlyList<string>? Values, bool Negated = false)
{
    /// <summary>The schema bounds the fields of a source; the values of a condition have the same bound.</summary>
    private const int MostAccounts = 16;

    /// <summary>True if it says anything.</summary>
    public bool Restricts => Values is { Count: > 0 };

    /// <summary>Judges every value by itself.</summary>
    /// <param name="path">Path of the object the field is in.</param>
    /// <param name="findings">Where the errors go.</param>
    public void Check(string path, Findings findings)
    {
        if (Values is [])
        {
            findings.Warn($"{path}.{Name}: an empty list restricts nothing");
        }
        if (Attribute is AuthorizationAttribute.SourceServiceAccount && Values?.Count > MostAccounts)
        {
            findings.TooMany($"{path}.{Name}", Values.Count, MostAccounts);
        }
        for (var i = 0; i < Values?.Count; i++)
        {
            var value = Values[i];
            var at = string.Create(CultureInfo.InvariantCulture, $"{path}.{Name}[{i}]");
            if (AuthorizationValue.Error(Attribute, value) is { } error)
            {
                findings.Invalid(at, value, error);
            }
            else if (AuthorizationValue.Doubt(Attribute, value) is { } doubt)
            {
                findings.Warn($"{at}: {doubt}");
            }
        }
    }
}
