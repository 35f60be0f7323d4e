using System.Globalization;
using System.Text;

namespace Katabira.Cluster.Cel.Go;

/// <summary>One translation of an RE2 pattern into .NET's syntax. Used once.</summary>
internal sealed class Re2Translation(string pattern, int longest, int mostRepeats)
{
    private readonly StringBuilder _out = new(pattern.Length + 16);

    /// <summary>Whether (?m) holds in each open group; the last one is the group we are in.</summary>
    private readonly Stack<bool> _multiline = new([false]);

    private int _at;

    /// <exception cref="ArgumentException">RE2 would refuse the pattern, or we cannot express it.</exception>
    public string Run()
    {
        if (pattern.Length > longest)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"pattern is longer than {longest} characters"));
        }
        while (_at < pattern.Length)
        {
            Step();
        }
        return _out.ToString();
    }

    private void Step()
    {
        var c = pattern[_at++];
        switch (c)
        {
            case '\\':
                Escape(inClass: false);
                break;
            case '[':
                Class();
                break;
            case '(':
                Open();
                break;
            case ')':
                _out.Append(')');
                if (_multiline.Count > 1)
                {
                    _multiline.Pop();
                }
                break;
            case '$':
                _out.Append(_multiline.Peek() ? "$" : @"\z");
                break;
            case '{':
                Repeat();
                break;
            default:
                if (char.IsHighSurrogate(c) && _at < pattern.Length && char.IsLowSurrogate(pattern[_at]))
                {
                    _out.Append("(?:").Append(c).Append(pattern[_at++]).Append(')');
                }
                else
                {
                    _out.Append(c);
                }
                break;
        }
    }

    private void Open()
    {
        _multiline.Push(_multiline.Peek());
        if (_at >= pattern.Length || pattern[_at] != '?')
        {
            // Nobody reads the groups, and captures make the linear engine slower.
            _out.Append("(?:");
            return;
        }
        var rest = pattern.AsSpan(_at + 1);
        var name = rest.StartsWith("P<") ? 2 : rest.StartsWith("<") && !rest.StartsWith("<=") && !rest.StartsWith("<!") ? 1 : 0;
        if (name > 0)
        {
            var close = rest.IndexOf('>');
            if (close <= name)
            {
                throw new ArgumentException("invalid named capture");
            }
            _out.Append("(?:");
            _at += close + 2;
            return;
        }
        Flags(rest);
    }

    private void Flags(ReadOnlySpan<char> rest)
    {
        var on = true;
        var multiline = _multiline.Peek();
        for (var i = 0; i < rest.Length; i++)
        {
            switch (rest[i])
            {
                case 'i' or 's':
                    break;
                case 'm':
                    multiline = on;
                    break;
                case '-' when on:
                    on = false;
                    break;
                case ':' or ')':
                    _out.Append("(?").Append(rest[..(i + 1)]);
                    _at += i + 2;
                    _multiline.Pop();
                    if (rest[i] == ')')
                    {
                        _multiline.Pop();
                    }
                    _multiline.Push(multiline);
                    return;
                default:
                    throw new ArgumentException("invalid or unsupported Perl syntax");
            }
        }
        throw new ArgumentException("missing closing )");
    }

    private void Repeat()
    {
        _out.Append('{');
        var close = pattern.IndexOf('}', _at);
        if (close < 0)
        {
            return;
        }
        foreach (var bound in pattern[_at..close].Split(','))
        {
            if (int.TryParse(bound, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > mostRepeats)
            {
                throw new ArgumentException("invalid repeat count");
            }
        }
    }

    private void Class()
    {
        _out.Append('[');
        if (_at < pattern.Length && pattern[_at] == '^')
        {
            _out.Append('^');
            _at++;
        }
        for (var first = true; ; first = false)
        {
            if (_at >= pattern.Length)
            {
                throw new ArgumentException("missing closing ]");
            }
            var c = pattern[_at++];
            if (c == ']' && !first)
            {
                _out.Append(']');
                return;
            }
            if (c == '\\')
            {
                Escape(inClass: true);
            }
            else if (c == '[' && _at < pattern.Length && pattern[_at] == ':' && pattern.IndexOf(":]", _at, StringComparison.Ordinal) is var end and > 0)
            {
                _out.Append(Posix(pattern[(_at + 1)..end]));
                _at = end + 2;
            }
            else if (char.IsSurrogate(c))
            {
                throw new ArgumentException("characters beyond U+FFFF are not supported in a class");
            }
            else
            {
                _out.Append(c is '[' or ']' ? "\\" : "").Append(c);
            }
        }
    }

    private void Escape(bool inClass)
    {
        if (_at >= pattern.Length)
        {
            throw new ArgumentException("trailing backslash at end of expression");
        }
        var c = pattern[_at++];
        switch (c)
        {
            case 'd' or 'w' or 's' or 'D' or 'W' or 'S':
                var members = Perl(c);
                _out.Append(inClass ? members : $"[{members}]");
                break;
            case 'p' or 'P':
                Unicode(c == 'P');
                break;
            case 'x':
                Append(Hexadecimal());
                break;
            case >= '0' and <= '7' when c == '0' || (_at < pattern.Length && pattern[_at] is >= '0' and <= '7'):
                Append(Octal(c));
                break;
            case 'a' or 'f' or 't' or 'n' or 'r' or 'v':
                _out.Append('\\').Append(c);
                break;
            case 'A' or 'z' or 'b' or 'B' when !inClass:
                _out.Append('\\').Append(c);
                break;
            case 'Q' when !inClass:
                var end = pattern.IndexOf(@"\E", _at, StringComparison.Ordinal);
                _out.Append(System.Text.RegularExpressions.Regex.Escape(end < 0 ? pattern[_at..] : pattern[_at..end]));
                _at = end < 0 ? pattern.Length : end + 2;
                break;
            default:
                if (char.IsAsciiLetterOrDigit(c) || c >= 0x80)
                {
                    throw new ArgumentException($"invalid escape sequence: `\\{c}`");
                }
                Append(c);
                break;
        }
    }

    private void Unicode(bool negated)
    {
        string name;
        if (_at < pattern.Length && pattern[_at] == '{')
        {
            var close = pattern.IndexOf('}', _at);
            if (close < 0)
            {
                throw new ArgumentException("invalid character class range");
            }
            name = pattern[(_at + 1)..close];
            _at = close + 1;
        }
        else
        {
            name = _at < pattern.Length ? pattern[_at++].ToString() : "";
        }
        if (name.StartsWith('^'))
        {
            (negated, name) = (!negated, name[1..]);
        }
        _out.Append(negated ? @"\P{" : @"\p{").Append(name).Append('}');
    }

    private int Hexadecimal()
    {
        var braces = _at < pattern.Length && pattern[_at] == '{';
        var end = braces ? pattern.IndexOf('}', _at) : _at + 2;
        var start = braces ? _at + 1 : _at;
        if (end < 0 || end > pattern.Length
            || !int.TryParse(pattern.AsSpan(start, end - start), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
        {
            throw new ArgumentException(@"invalid escape sequence: `\x`");
        }
        _at = braces ? end + 1 : end;
        return value;
    }

    private int Octal(char first)
    {
        var value = first - '0';
        for (var i = 0; i < 2 && _at < pattern.Length && pattern[_at] is >= '0' and <= '7'; i++)
        {
            value = (value * 8) + pattern[_at++] - '0';
        }
        return value;
    }

    /// <summary>A character by number, safe in and outside of classes.</summary>
    private void Append(int character)
    {
        if (character is < 0 or > 0xFFFF)
        {
            throw new ArgumentException("characters beyond U+FFFF cannot be written as an escape");
        }
        _out.Append(CultureInfo.InvariantCulture, $"\\u{character:X4}");
    }

    private static string Perl(char c) => c switch
    {
        'd' => "0-9",
        'w' => "0-9A-Za-z_",
        's' => @"\t\n\f\r ",
        'D' => @"\x00-/:-\uFFFF",
        'W' => @"\x00-/:-@\[-\^`\{-\uFFFF",
        _ => @"\x00-\x08\x0B\x0E-\x1F!-\uFFFF",
    };

    private static string Posix(string name) => name switch
    {
        "alnum" => "0-9A-Za-z",
        "alpha" => "A-Za-z",
        "ascii" => @"\x00-\x7F",
        "blank" => @"\t ",
        "cntrl" => @"\x00-\x1F\x7F",
        "digit" => "0-9",
        "graph" => "!-~",
        "lower" => "a-z",
        "print" => " -~",
        "punct" => @"!-/:-@\[-`\{-~",
        "space" => @"\t\n\v\f\r ",
        "upper" => "A-Z",
        "word" => "0-9A-Za-z_",
        "xdigit" => "0-9A-Fa-f",
        _ => throw new ArgumentException($"invalid character class range: `[:{name}:]`"),
    };
}
