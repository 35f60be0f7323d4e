using System.Collections.Immutable;
using Katabira.Cluster.Patching;

namespace Katabira.Cluster.Selectors;

/// <summary>
/// Reads the text form of a label selector: <c>app=web,tier in (a, b),!legacy,cpu&gt;4</c>. Grammar and messages are those of k8s.io/apimachinery's labels package,
/// so a word like <c>in</c> is an operator only where one can stand. One pass, no recursion.
/// </summary>
internal ref struct LabelSelectorParser(string text)
{
    /// <summary>Most requirements in one selector. Values are not limited: they cost what they weigh.</summary>
    public const int MaxRequirements = 1000;

    private readonly string _text = text;
    private int _position;

    private enum Token
    {
        End,
        Word,
        In,
        NotIn,
        Equal,
        NotEqual,
        Greater,
        Less,
        Not,
        Comma,
        Open,
        Close,
    }

    /// <summary>All requirements, in the order of the text; or the problem.</summary>
    public (ImmutableArray<LabelRequirement> Requirements, string Problem) Parse()
    {
        var requirements = ImmutableArray.CreateBuilder<LabelRequirement>();
        while (true)
        {
            var (token, word) = Peek();
            if (token is Token.End)
            {
                return (requirements.ToImmutable(), "");
            }
            if (!IsWord(token) && token is not Token.Not)
            {
                return Failed($"found '{GoText.Shown(word)}', expected: !, identifier, or 'end of string'");
            }
            var (requirement, problem) = Requirement();
            if (requirement is null)
            {
                return Failed($"unable to parse requirement: {problem}");
            }
            if (requirements.Count == MaxRequirements)
            {
                return Failed($"too many requirements: must have at most {MaxRequirements}");
            }
            requirements.Add(requirement);
            (token, word) = Next();
            if (token is Token.Comma)
            {
                (token, word) = Peek();
                if (!IsWord(token) && token is not Token.Not)
                {
                    return Failed($"found '{GoText.Shown(word)}', expected: identifier after ','");
                }
            }
            else if (token is not Token.End)
            {
                return Failed($"found '{GoText.Shown(word)}', expected: ',' or 'end of string'");
            }
        }
    }

    private (LabelRequirement? Requirement, string Problem) Requirement()
    {
        var (token, key) = Next();
        var isNegated = token is Token.Not;
        if (isNegated)
        {
            (token, key) = Next();
        }
        if (!IsWord(token))
        {
            return (null, $"found '{GoText.Shown(key)}', expected: identifier");
        }
        if (LabelSyntax.ProblemOfKey(key) is { } wrong)
        {
            // the field's path is nil here, and Go prints it so
            return (null, $"<nil>: Invalid value: {GoText.Quoted(key)}: {wrong}");
        }
        if (isNegated)
        {
            return LabelRequirement.Create(key, LabelOperator.DoesNotExist, []);
        }
        if (Peek().Token is Token.End or Token.Comma)
        {
            return LabelRequirement.Create(key, LabelOperator.Exists, []);
        }
        (token, var sign) = Next();
        LabelOperator? meant = token switch
        {
            Token.In or Token.Equal => LabelOperator.In,
            Token.NotIn or Token.NotEqual => LabelOperator.NotIn,
            Token.Greater => LabelOperator.GreaterThan,
            Token.Less => LabelOperator.LessThan,
            _ => null,
        };
        if (meant is not { } found)
        {
            return (null, $"found '{GoText.Shown(sign)}', expected: in, notin, =, ==, !=, gt, lt");
        }
        var (values, problem) = token is Token.In or Token.NotIn ? Values() : Value();
        return values is null ? (null, problem) : LabelRequirement.Create(key, found, values);
    }

    /// <summary>One value; none is the empty one.</summary>
    private (HashSet<string>? Values, string Problem) Value()
    {
        if (Peek().Token is Token.End or Token.Comma)
        {
            return ([""], "");
        }
        var (token, word) = Next();
        return IsWord(token) ? ([word], "") : (null, $"found '{GoText.Shown(word)}', expected: identifier");
    }

    /// <summary>Values in parentheses. Between two commas, or a comma and a parenthesis, stands the empty value.</summary>
    private (HashSet<string>? Values, string Problem) Values()
    {
        var (token, word) = Next();
        if (token is not Token.Open)
        {
            return (null, $"found '{GoText.Shown(word)}' expected: '('");
        }
        var values = new HashSet<string>(StringComparer.Ordinal);
        var isAfterWord = false;
        while (true)
        {
            (token, word) = Next();
            if (IsWord(token))
            {
                values.Add(word);
                isAfterWord = true;
                (token, word) = Peek();
                if (token is not (Token.Comma or Token.Close))
                {
                    return (null, $"found '{GoText.Shown(word)}', expected: ',' or ')'");
                }
                continue;
            }
            if (token is not (Token.Comma or Token.Close))
            {
                return (null, $"found '{GoText.Shown(word)}', expected: {(values.Count == 0 ? "',', ')' or" : "',', or")} identifier");
            }
            if (!isAfterWord)
            {
                values.Add("");
            }
            if (token is Token.Close)
            {
                return (values, "");
            }
            isAfterWord = false;
        }
    }

    /// <summary>A word, also one that would be an operator elsewhere.</summary>
    private static bool IsWord(Token token) => token is Token.Word or Token.In or Token.NotIn;

    private static (ImmutableArray<LabelRequirement> Requirements, string Problem) Failed(string problem) => ([], problem);

    private (Token Token, string Word) Peek()
    {
        var here = _position;
        var next = Next();
        _position = here;
        return next;
    }

    private (Token Token, string Word) Next()
    {
        while (_position < _text.Length && _text[_position] is ' ' or '\t' or '\r' or '\n')
        {
            _position++;
        }
        if (_position == _text.Length)
        {
            return (Token.End, "");
        }
        var start = _position++;
        var isPair = _text[start] is '=' or '!' && _position < _text.Length && _text[_position] == '=';
        switch (_text[start])
        {
            case '=' or '!' when isPair:
                _position++;
                return _text[start] == '=' ? (Token.Equal, "==") : (Token.NotEqual, "!=");
            case '=':
                return (Token.Equal, "=");
            case '!':
                return (Token.Not, "!");
            case '>':
                return (Token.Greater, ">");
            case '<':
                return (Token.Less, "<");
            case ',':
                return (Token.Comma, ",");
            case '(':
                return (Token.Open, "(");
            case ')':
                return (Token.Close, ")");
        }
        var end = _text.AsSpan(start).IndexOfAny(s_ends);
        _position = end < 0 ? _text.Length : start + end;
        var word = _text[start.._position];
        return (word switch { "in" => Token.In, "notin" => Token.NotIn, _ => Token.Word }, word);
    }

    private static readonly System.Buffers.SearchValues<char> s_ends = System.Buffers.SearchValues.Create(" \t\r\n=!(),><");
}
