using System.Text;

namespace Katabira.Cluster.Cel.Functions;

/// <summary>Positions in text are counted in code points; our strings are UTF-16. This is the bridge.</summary>
internal static class CelRunes
{
    public static int Count(string text)
    {
        var count = text.Length;
        for (var i = 1; i < text.Length; i++)
        {
            if (char.IsLowSurrogate(text[i]) && char.IsHighSurrogate(text[i - 1]))
            {
                count--;
            }
        }
        return count;
    }

    /// <summary>The UTF-16 place before a code point; one behind the last is allowed. Null beyond.</summary>
    public static int? PlaceOf(string text, long codePoint)
    {
        if (codePoint < 0 || codePoint > text.Length)
        {
            return null;
        }
        var place = 0;
        for (var i = 0L; i < codePoint; i++)
        {
            if (place >= text.Length)
            {
                return null;
            }
            place += Width(text, place);
        }
        return place;
    }

    /// <summary>How many code points stand before a UTF-16 place.</summary>
    public static int Before(string text, int place) => Count(text[..place]);

    public static int Width(string text, int place) => Rune.TryGetRuneAt(text, place, out var rune) ? rune.Utf16SequenceLength : 1;
}
