using System.Collections.Immutable;
using System.Text;
using Katabira.Cluster.Patching;

namespace Katabira.Cluster.Selectors;

/// <summary>A condition on fields, from the query parameter <c>fieldSelector</c>: <c>metadata.name=web,status.phase!=Running</c>. Immutable and thread-safe.</summary>
/// <remarks>Values may hold a comma, an equals sign or a backslash behind a backslash. An absent field is the empty text.</remarks>
internal sealed class FieldSelector
{
    /// <summary>Most terms in one selector.</summary>
    public const int MaxTerms = 1000;

    private readonly ImmutableArray<Term> _terms;

    private FieldSelector(ImmutableArray<Term> terms) => _terms = terms;

    /// <summary>Matches every object.</summary>
    public static FieldSelector Everything { get; } = new([]);

    /// <summary>True if nothing is asked.</summary>
    public bool IsEverything => _terms.IsEmpty;

    /// <summary>Reads the text form for a kind with these fields; the empty text matches everything.</summary>
    /// <param name="text">The query parameter.</param>
    /// <param name="fields">What the kind can be selected by.</param>
    /// <param name="selector">The selector; <see cref="Everything"/> if the text is none.</param>
    /// <param name="problem">The message of the 400.</param>
    public static bool TryParse(string text, SelectableFields fields, out FieldSelector selector, out string problem)
    {
        selector = Everything;
        problem = "";
        var terms = ImmutableArray.CreateBuilder<Term>();
        for (var start = 0; start < text.Length;)
        {
            var end = EndOfTerm(text, start);
            if (end > start)
            {
                problem = terms.Count == MaxTerms ? $"too many terms: must have at most {MaxTerms}" : ReadTerm(text, text[start..end], fields, out var term) ?? Add(terms, term);
                if (problem.Length > 0)
                {
                    return false;
                }
            }
            start = end + 1;
        }
        selector = new FieldSelector(terms.ToImmutable());
        return true;
    }

    /// <summary>True if the object meets every term.</summary>
    /// <param name="valueOf">The text of a field that the kind can be selected by; see <see cref="SelectableFields.ValueOf"/>.</param>
    public bool Matches(Func<string, string> valueOf)
    {
        foreach (var term in _terms)
        {
            if ((valueOf(term.Field) == term.Value) == term.IsNegated)
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>The one value that the selector demands of a field, or null: <c>metadata.name=x</c> turns a list into a look-up.</summary>
    public string? ExactValue(string field)
    {
        foreach (var term in _terms)
        {
            if (!term.IsNegated && term.Field == field)
            {
                return term.Value;
            }
        }
        return null;
    }

    private static string Add(ImmutableArray<Term>.Builder terms, Term term)
    {
        terms.Add(term);
        return "";
    }

    /// <summary>Where the term ends: at a comma that no backslash protects.</summary>
    private static int EndOfTerm(string text, int start)
    {
        for (var i = start; i < text.Length; i++)
        {
            if (text[i] == '\\')
            {
                i++;
            }
            else if (text[i] == ',')
            {
                return i;
            }
        }
        return text.Length;
    }

    private static string? ReadTerm(string text, string part, SelectableFields fields, out Term term)
    {
        term = default;
        var at = part.IndexOf('=');
        if (at < 0)
        {
            return $"invalid selector: '{GoText.Shown(text)}'; can't understand '{GoText.Shown(part)}'";
        }
        var isNegated = at > 0 && part[at - 1] == '!';
        var field = part[..(isNegated ? at - 1 : at)];
        var value = part[(!isNegated && at + 1 < part.Length && part[at + 1] == '=' ? at + 2 : at + 1)..];
        if (Unescape(value, out var literal) is { } problem)
        {
            return problem;
        }
        term = new Term(field, literal, isNegated);
        return fields.Supports(field) ? null : fields.Refusal(field);
    }

    private static string? Unescape(string value, out string literal)
    {
        literal = value;
        if (value.AsSpan().IndexOfAny('\\', '=') < 0)
        {
            return null;
        }
        var text = new StringBuilder(value.Length);
        for (var i = 0; i < value.Length; i++)
        {
            if (value[i] == '=')
            {
                return "invalid field selector: unescaped character in value: 61";
            }
            if (value[i] == '\\')
            {
                i++;
                if (i == value.Length || value[i] is not ('\\' or ',' or '='))
                {
                    return $"invalid field selector: invalid escape sequence: \\{(i == value.Length ? "" : value[i])}";
                }
            }
            text.Append(value[i]);
        }
        literal = text.ToString();
        return null;
    }

    private readonly record struct Term(string Field, string Value, bool IsNegated);
}
