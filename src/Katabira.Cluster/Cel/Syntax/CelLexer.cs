using System.Globalization;

namespace Katabira.Cluster.Cel.Syntax;

/// <summary>Cuts an expression into tokens.</summary>
internal sealed class CelLexer(string source)
{
    /// <summary>Longer ones first.</summary>
    private static readonly string[] s_symbols =
        ["==", "!=", "<=", ">=", "&&", "||", "<", ">", "!", "?", ":", "+", "-", "*", "/", "%", "(", ")", "[", "]", "{", "}", ".", ","];

    private int _at;

    /// <exception cref="CelSyntaxException">A character or literal that CEL does not know.</exception>
    public CelToken Next()
    {
        SkipBlanks();
        if (_at >= source.Length)
        {
            return new(CelTokenKind.End, "<EOF>", _at);
        }
        var c = source[_at];
        if (char.IsAsciiDigit(c) || (c == '.' && char.IsAsciiDigit(Peek(1))))
        {
            return Number();
        }
        if (CelText.StartsHere(source, _at))
        {
            var start = _at;
            var value = CelText.Read(source, ref _at);
            return new(value.Kind == CelKind.Bytes ? CelTokenKind.Bytes : CelTokenKind.String, source[start.._at], start, value);
        }
        return IsNameStart(c) ? Identifier() : Symbol();
    }

    private CelToken Identifier()
    {
        var start = _at;
        while (_at < source.Length && (IsNameStart(source[_at]) || char.IsAsciiDigit(source[_at])))
        {
            _at++;
        }
        return new(CelTokenKind.Identifier, source[start.._at], start);
    }

    private CelToken Symbol()
    {
        foreach (var symbol in s_symbols)
        {
            if (string.CompareOrdinal(source, _at, symbol, 0, symbol.Length) == 0)
            {
                _at += symbol.Length;
                return new(CelTokenKind.Symbol, symbol, _at - symbol.Length);
            }
        }
        throw new CelSyntaxException(_at, $"Syntax error: token recognition error at: '{source[_at]}'");
    }

    private CelToken Number()
    {
        var start = _at;
        if (source[_at] == '0' && Peek(1) == 'x')
        {
            _at += 2;
            Skip(char.IsAsciiHexDigit);
            return Whole(start, source.AsSpan(start + 2, _at - start - 2), NumberStyles.AllowHexSpecifier);
        }
        Skip(char.IsAsciiDigit);
        var real = false;
        if (_at < source.Length && source[_at] == '.' && char.IsAsciiDigit(Peek(1)))
        {
            real = true;
            _at++;
            Skip(char.IsAsciiDigit);
        }
        if (_at < source.Length && source[_at] is 'e' or 'E' && char.IsAsciiDigit(Peek(Peek(1) is '+' or '-' ? 2 : 1)))
        {
            real = true;
            _at += 2;
            Skip(char.IsAsciiDigit);
        }
        if (!real)
        {
            return Whole(start, source.AsSpan(start, _at - start), NumberStyles.None);
        }
        var value = double.Parse(source.AsSpan(start, _at - start), CultureInfo.InvariantCulture);
        return double.IsFinite(value)
            ? new(CelTokenKind.Double, source[start.._at], start, CelValue.Of(value))
            : throw new CelSyntaxException(start, "invalid double literal");
    }

    /// <summary>Signed values may be one too large here: a minus sign before them makes the smallest int. The parser judges.</summary>
    private CelToken Whole(int start, ReadOnlySpan<char> digits, NumberStyles style)
    {
        var unsigned = _at < source.Length && source[_at] is 'u' or 'U';
        if (!ulong.TryParse(digits, style, CultureInfo.InvariantCulture, out var value) || (!unsigned && value > 1UL << 63))
        {
            throw new CelSyntaxException(start, unsigned ? "invalid uint literal" : "invalid int literal");
        }
        _at += unsigned ? 1 : 0;
        return new(unsigned ? CelTokenKind.Uint : CelTokenKind.Int, source[start.._at], start, CelValue.Of(value));
    }

    private void SkipBlanks()
    {
        for (; _at < source.Length; _at++)
        {
            if (source[_at] == '/' && Peek(1) == '/')
            {
                var end = source.IndexOf('\n', _at);
                _at = end < 0 ? source.Length - 1 : end;
            }
            else if (source[_at] is not (' ' or '\t' or '\r' or '\n' or '\f'))
            {
                return;
            }
        }
    }

    private void Skip(Func<char, bool> belongs)
    {
        while (_at < source.Length && belongs(source[_at]))
        {
            _at++;
        }
    }

    private char Peek(int ahead) => _at + ahead < source.Length ? source[_at + ahead] : '\0';

    private static bool IsNameStart(char c) => char.IsAsciiLetter(c) || c == '_';
}
