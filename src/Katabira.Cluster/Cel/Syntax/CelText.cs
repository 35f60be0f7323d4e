using System.Globalization;
using System.Text;

namespace Katabira.Cluster.Cel.Syntax;

/// <summary>Literals of text and bytes: one or three quotes, <c>r</c> for raw, <c>b</c> for bytes, and the escapes of CEL's language definition.</summary>
internal static class CelText
{
    public static bool StartsHere(string source, int at)
    {
        var start = at;
        for (var prefixes = 0; prefixes < 2 && at < source.Length && source[at] is 'r' or 'R' or 'b' or 'B'; prefixes++)
        {
            at++;
        }
        return at < source.Length && source[at] is '"' or '\''
            && (at - start < 2 || char.ToLowerInvariant(source[start]) != char.ToLowerInvariant(source[start + 1]));
    }

    /// <summary>Reads the literal at a position and moves behind it.</summary>
    /// <exception cref="CelSyntaxException">It does not end, or an escape is none.</exception>
    public static CelValue Read(string source, ref int at)
    {
        var start = at;
        bool raw = false, bytes = false;
        for (; source[at] is not ('"' or '\''); at++)
        {
            raw |= source[at] is 'r' or 'R';
            bytes |= source[at] is 'b' or 'B';
        }
        var quote = source[at];
        var triple = string.CompareOrdinal(source, at, new string(quote, 3), 0, 3) == 0;
        at += triple ? 3 : 1;
        var end = triple ? new string(quote, 3) : quote.ToString();
        var text = new CelTextBuilder(bytes);
        while (string.CompareOrdinal(source, at, end, 0, end.Length) != 0)
        {
            if (at >= source.Length || (!triple && source[at] is '\n' or '\r'))
            {
                throw new CelSyntaxException(start, "Syntax error: unterminated string literal");
            }
            if (source[at] == '\\' && !raw)
            {
                Escape(source, ref at, text);
            }
            else
            {
                text.Append(source[at++]);
            }
        }
        at += end.Length;
        return text.ToValue();
    }

    private static void Escape(string source, ref int at, CelTextBuilder text)
    {
        var start = at++;
        var c = at < source.Length ? source[at++] : '\0';
        switch (c)
        {
            case '\\' or '"' or '\'' or '`' or '?':
                text.Append(c);
                break;
            case 'a' or 'b' or 'f' or 'n' or 'r' or 't' or 'v':
                text.Append("\a\b\f\n\r\t\v"["abfnrtv".IndexOf(c, StringComparison.Ordinal)]);
                break;
            case 'x' or 'X':
                text.AppendByteOrCodePoint(Digits(source, ref at, start, 2, 16));
                break;
            case 'u' when !text.Bytes:
                text.AppendCodePoint(Digits(source, ref at, start, 4, 16), start);
                break;
            case 'U' when !text.Bytes:
                text.AppendCodePoint(Digits(source, ref at, start, 8, 16), start);
                break;
            case >= '0' and <= '3':
                at--;
                text.AppendByteOrCodePoint(Digits(source, ref at, start, 3, 8));
                break;
            default:
                throw new CelSyntaxException(start, $"Syntax error: invalid escape sequence '\\{c}'");
        }
    }

    private static int Digits(string source, ref int at, int start, int count, int radix)
    {
        var value = 0L;
        for (var i = 0; i < count; i++, at++)
        {
            if (at >= source.Length || !int.TryParse(source.AsSpan(at, 1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var digit)
                || digit >= radix)
            {
                throw new CelSyntaxException(start, "Syntax error: invalid escape sequence");
            }
            value = (value * radix) + digit;
        }
        return value <= 0x10FFFF ? (int)value : -1;
    }

    /// <summary>Collects a literal, as characters or as bytes.</summary>
    private sealed class CelTextBuilder(bool bytes)
    {
        private readonly StringBuilder _text = new();
        private readonly List<byte> _bytes = [];

        public bool Bytes => bytes;

        public void Append(char c) => _text.Append(c);

        public void AppendCodePoint(int codePoint, int start)
        {
            if (!Rune.IsValid(codePoint))
            {
                throw new CelSyntaxException(start, "Syntax error: invalid unicode code point");
            }
            _text.Append(new Rune(codePoint));
        }

        /// <summary>In bytes the number is one byte, in text it is a character.</summary>
        public void AppendByteOrCodePoint(int value)
        {
            if (bytes)
            {
                Flush();
                _bytes.Add((byte)value);
            }
            else
            {
                _text.Append((char)value);
            }
        }

        public CelValue ToValue()
        {
            if (!bytes)
            {
                return CelValue.Of(_text.ToString());
            }
            Flush();
            return CelValue.Of(_bytes.ToArray());
        }

        private void Flush()
        {
            _bytes.AddRange(Encoding.UTF8.GetBytes(_text.ToString()));
            _text.Clear();
        }
    }
}
