using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Katabira.Cluster.Patching;

namespace Katabira.Cluster.Selectors;

/// <summary>Reads the text of a <see cref="JsonPaths"/>, step by step. A filter's path is read by a parser of its own, which allows no filter: the nesting ends there.</summary>
internal ref struct JsonPathParser(string text, List<JsonPaths.Step> steps, bool isInFilter = false)
{
    private readonly string _text = text.StartsWith('{') && text.EndsWith('}') && text.Length > 1 ? text[1..^1] : text;
    private int _position;

    /// <summary>Fills the list of steps; the problem, or null.</summary>
    public string? Parse()
    {
        if (_text.Length > 4096)
        {
            return "the path is too long";
        }
        var start = isInFilter ? '@' : '$';
        _position = _text.StartsWith(start) ? 1 : 0;
        if (_position == 0 && !_text.StartsWith('.') && !_text.StartsWith('['))
        {
            return $"{Named()} must be a simple json path starting with .";
        }
        // "." alone is the root
        while (_position < _text.Length && (steps.Count > 0 || _text.AsSpan(_position) is not "."))
        {
            if (steps.Count == JsonPaths.MaxSteps)
            {
                return $"{Named()} has more than {JsonPaths.MaxSteps} steps";
            }
            if ((_text[_position] == '[' ? Bracket() : Dotted()) is { } problem)
            {
                return problem;
            }
        }
        return null;
    }

    private string? Dotted()
    {
        if (_text[_position] != '.')
        {
            return $"unrecognized character in {Named()}: '{_text[_position]}'";
        }
        _position++;
        var name = new StringBuilder();
        for (; _position < _text.Length && _text[_position] is not ('.' or '['); _position++)
        {
            if (_text[_position] == '\\' && _position + 1 < _text.Length)
            {
                _position++;
            }
            else if (_text[_position] is ' ' or ',' or ']' or '{' or '}' or '$' or '@')
            {
                return $"unrecognized character in {Named()}: '{_text[_position]}'";
            }
            name.Append(_text[_position]);
        }
        if (name.Length > 0)
        {
            steps.Add(name.ToString() == "*" ? new JsonPaths.All() : new JsonPaths.Member(name.ToString()));
            return null;
        }
        return _position < _text.Length && _text[_position] == '.' ? $"recursive descent (..) is not supported: {Named()}"
            : _position < _text.Length ? null
            : $"{Named()} ends with a dot";
    }

    private string? Bracket()
    {
        var end = EndOfBracket();
        if (end < 0)
        {
            return $"unterminated array in {Named()}";
        }
        var inside = _text[(_position + 1)..end].Trim();
        _position = end + 1;
        if (inside.StartsWith("?(", StringComparison.Ordinal))
        {
            return Filter(inside);
        }
        if (inside == "*")
        {
            steps.Add(new JsonPaths.All());
            return null;
        }
        if (int.TryParse(inside, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var index))
        {
            steps.Add(new JsonPaths.Item(index));
            return null;
        }
        if (Literal(inside) is { } name && name.GetValueKind() == JsonValueKind.String)
        {
            steps.Add(new JsonPaths.Member(name.GetValue<string>()));
            return null;
        }
        return inside.StartsWith('(') ? $"script expression [{inside}] is not supported: {Named()}"
            : inside.Contains(',') ? $"union [{inside}] is not supported: {Named()}"
            : inside.Contains(':') ? $"slice [{inside}] is not supported: {Named()}"
            : $"invalid array index {inside}";
    }

    /// <summary>A comparison, <c>?(@.path=="text")</c>, or the question whether a path has a value, <c>?(@.path)</c>.</summary>
    private string? Filter(string inside)
    {
        if (isInFilter || !inside.EndsWith(')'))
        {
            return isInFilter ? $"a filter inside a filter is not supported: {Named()}" : $"unterminated filter in {Named()}";
        }
        var condition = inside[2..^1].Trim();
        var at = condition.IndexOfAny(['=', '!', '<', '>', '~', '&', '|', '"', '\'']);
        var sides = at < 0 ? condition : condition[..at].Trim();
        JsonNode? literal = null;
        var sign = at < 0 ? "" : condition[at..Math.Min(at + 2, condition.Length)];
        if (at >= 0)
        {
            if (sign is not ("==" or "!="))
            {
                return $"unrecognized filter operator {sign.TrimEnd()} in {Named()}";
            }
            literal = Literal(condition[(at + 2)..].Trim());
            if (literal is null)
            {
                return $"a filter compares with a text, a number or a truth value: {GoText.Shown(inside)}";
            }
        }
        var left = new List<JsonPaths.Step>();
        if (new JsonPathParser(sides, left, isInFilter: true).Parse() is { } problem)
        {
            return problem;
        }
        steps.Add(new JsonPaths.Filter(JsonPaths.Of(left), literal, IsNegated: sign == "!="));
        return null;
    }

    /// <summary>The bracket that closes the one at the position; brackets in quotes and in parentheses do not count.</summary>
    private readonly int EndOfBracket()
    {
        var quote = '\0';
        var open = 0;
        for (var i = _position + 1; i < _text.Length; i++)
        {
            var c = _text[i];
            if (quote != '\0')
            {
                if (c == '\\')
                {
                    i++;
                }
                else if (c == quote)
                {
                    quote = '\0';
                }
            }
            else if (c is '"' or '\'')
            {
                quote = c;
            }
            else if (c is '(' or ')')
            {
                open += c == '(' ? 1 : -1;
            }
            else if (c == ']' && open <= 0)
            {
                return i;
            }
        }
        return -1;
    }

    /// <summary>A text in either kind of quotes, a number, true or false; null for anything else. In texts a backslash protects the next character.</summary>
    private static JsonValue? Literal(string text)
    {
        if (text.Length > 1 && text[0] is '"' or '\'' && text[^1] == text[0])
        {
            var value = new StringBuilder();
            for (var i = 1; i < text.Length - 1; i++)
            {
                if (text[i] == text[0])
                {
                    return null;
                }
                i += text[i] == '\\' && i + 1 < text.Length - 1 ? 1 : 0;
                value.Append(text[i]);
            }
            return JsonValue.Create(value.ToString());
        }
        return text switch
        {
            "true" => JsonValue.Create(true),
            "false" => JsonValue.Create(false),
            _ => decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? JsonValue.Create(number) : null,
        };
    }

    private readonly string Named() => $"jsonpath {GoText.Quoted(_text)}";
}
