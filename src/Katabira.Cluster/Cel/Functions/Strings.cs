using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using static Katabira.Cluster.Cel.CelType;

namespace Katabira.Cluster.Cel.Functions;

/// <summary>What text can do. Comparisons are ordinal, positions count code points, case is ASCII's.</summary>
internal static class Strings
{
    private static readonly CelType s_text = CelType.String, s_texts = List(CelType.String);

    public static readonly ImmutableArray<Overload> Overloads =
    [
        new("size", false, [s_text], Int, (CelMeter m, in CelArguments a) => Sized(m, a.First)),
        new("size", true, [s_text], Int, (CelMeter m, in CelArguments a) => Sized(m, a.First)),
        new("size", false, [Bytes], Int, (CelMeter _, in CelArguments a) => CelValue.Of(a.First.AsBytes.Length)),
        new("size", true, [Bytes], Int, (CelMeter _, in CelArguments a) => CelValue.Of(a.First.AsBytes.Length)),
        new("_+_", false, [s_text, s_text], s_text, (CelMeter m, in CelArguments a) =>
            m.SpendText((long)a.First.AsString.Length + a.Second.AsString.Length) ? CelValue.Of(a.First.AsString + a.Second.AsString) : CelValue.Exhausted),
        new("_+_", false, [Bytes, Bytes], Bytes, (CelMeter m, in CelArguments a) =>
            m.SpendText((long)a.First.AsBytes.Length + a.Second.AsBytes.Length) ? CelValue.Of([.. a.First.AsBytes, .. a.Second.AsBytes]) : CelValue.Exhausted),
        Test("contains", (text, part) => text.Contains(part, StringComparison.Ordinal)),
        Test("startsWith", (text, part) => text.StartsWith(part, StringComparison.Ordinal)),
        Test("endsWith", (text, part) => text.EndsWith(part, StringComparison.Ordinal)),
        Change("lowerAscii", text => AsciiCase(text, char.IsAsciiLetterUpper)),
        Change("upperAscii", text => AsciiCase(text, char.IsAsciiLetterLower)),
        Change("trim", text => text.Trim()),
        new("charAt", true, [s_text, Int], s_text, (CelMeter m, in CelArguments a) =>
            m.SpendText(a.First.AsString.Length) ? CharAt(a.First.AsString, a.Second.AsInt) : CelValue.Exhausted),
        new("substring", true, [s_text, Int], s_text, (CelMeter m, in CelArguments a) => Substring(m, a.First.AsString, a.Second.AsInt, null)),
        new("substring", true, [s_text, Int, Int], s_text, (CelMeter m, in CelArguments a) => Substring(m, a.First.AsString, a.Second.AsInt, a.Third.AsInt)),
        new("indexOf", true, [s_text, s_text], Int, (CelMeter m, in CelArguments a) => IndexOf(m, a.First.AsString, a.Second.AsString, 0)),
        new("indexOf", true, [s_text, s_text, Int], Int, (CelMeter m, in CelArguments a) => IndexOf(m, a.First.AsString, a.Second.AsString, a.Third.AsInt)),
        new("lastIndexOf", true, [s_text, s_text], Int, (CelMeter m, in CelArguments a) => LastIndexOf(m, a.First.AsString, a.Second.AsString)),
        new("replace", true, [s_text, s_text, s_text], s_text, (CelMeter m, in CelArguments a) => Replace(m, a, -1)),
        new("replace", true, [s_text, s_text, s_text, Int], s_text, (CelMeter m, in CelArguments a) => Replace(m, a, a.Fourth.AsInt)),
        new("split", true, [s_text, s_text], s_texts, (CelMeter m, in CelArguments a) => Split(m, a.First.AsString, a.Second.AsString, -1)),
        new("split", true, [s_text, s_text, Int], s_texts, (CelMeter m, in CelArguments a) => Split(m, a.First.AsString, a.Second.AsString, a.Third.AsInt)),
        new("join", true, [s_texts], s_text, (CelMeter m, in CelArguments a) => Join(m, a.First.AsList, "")),
        new("join", true, [s_texts, s_text], s_text, (CelMeter m, in CelArguments a) => Join(m, a.First.AsList, a.Second.AsString)),
    ];

    private static Overload Test(string name, Func<string, string, bool> holds) => new(name, true, [s_text, s_text], Bool, (CelMeter m, in CelArguments a) =>
        m.SpendText((long)a.First.AsString.Length + a.Second.AsString.Length) ? CelValue.Of(holds(a.First.AsString, a.Second.AsString)) : CelValue.Exhausted);

    private static Overload Change(string name, Func<string, string> change) => new(name, true, [s_text], s_text, (CelMeter m, in CelArguments a) =>
        m.SpendText(a.First.AsString.Length) ? CelValue.Of(change(a.First.AsString)) : CelValue.Exhausted);

    private static CelValue Sized(CelMeter meter, CelValue text) =>
        meter.SpendText(text.AsString.Length) ? CelValue.Of(CelRunes.Count(text.AsString)) : CelValue.Exhausted;

    private static string AsciiCase(string text, Func<char, bool> flips) =>
        string.Create(text.Length, (text, flips), static (span, s) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                span[i] = s.flips(s.text[i]) ? (char)(s.text[i] ^ 0x20) : s.text[i];
            }
        });

    private static CelValue CharAt(string text, long index) => CelRunes.PlaceOf(text, index) is not { } place ? OutOfRange(index)
        : CelValue.Of(place == text.Length ? "" : text.Substring(place, CelRunes.Width(text, place)));

    private static CelValue Substring(CelMeter meter, string text, long start, long? end)
    {
        if (!meter.SpendText(text.Length))
        {
            return CelValue.Exhausted;
        }
        if (end is { } limit && start > limit)
        {
            return CelValue.Error(string.Create(CultureInfo.InvariantCulture, $"invalid substring range. start: {start}, end: {end}"));
        }
        if (CelRunes.PlaceOf(text, start) is not { } from)
        {
            return OutOfRange(start);
        }
        var to = end is { } e ? CelRunes.PlaceOf(text, e) : text.Length;
        return to is { } until ? CelValue.Of(text[from..until]) : OutOfRange(end!.Value);
    }

    private static CelValue IndexOf(CelMeter meter, string text, string part, long offset)
    {
        if (!meter.SpendText((long)text.Length + part.Length))
        {
            return CelValue.Exhausted;
        }
        if (CelRunes.PlaceOf(text, offset) is not { } from || (from == text.Length && offset > 0 && part.Length > 0))
        {
            return OutOfRange(offset);
        }
        var place = text.IndexOf(part, from, StringComparison.Ordinal);
        return CelValue.Of(place < 0 ? -1 : CelRunes.Before(text, place));
    }

    private static CelValue LastIndexOf(CelMeter meter, string text, string part)
    {
        if (!meter.SpendText((long)text.Length + part.Length))
        {
            return CelValue.Exhausted;
        }
        var place = text.LastIndexOf(part, StringComparison.Ordinal);
        return CelValue.Of(place < 0 ? -1 : CelRunes.Before(text, place));
    }

    private static CelValue Replace(CelMeter meter, in CelArguments a, long limit)
    {
        var (text, old, with) = (a.First.AsString, a.Second.AsString, a.Third.AsString);
        // The outcome can be far longer than what goes in: an empty old text matches between all characters.
        var most = (old.Length == 0 ? text.Length + 1 : text.Length / old.Length) * (long)with.Length;
        if (!meter.SpendText(text.Length + most))
        {
            return CelValue.Exhausted;
        }
        if (limit < 0 && old.Length > 0)
        {
            return CelValue.Of(text.Replace(old, with, StringComparison.Ordinal));
        }
        var result = new StringBuilder();
        var at = 0;
        for (var done = 0L; limit < 0 || done < limit; done++)
        {
            var place = old.Length > 0 ? text.IndexOf(old, at, StringComparison.Ordinal)
                : done == 0 ? 0
                : at < text.Length ? at + CelRunes.Width(text, at)
                : -1;
            if (place < 0)
            {
                break;
            }
            result.Append(text, at, place - at).Append(with);
            at = place + old.Length;
        }
        return CelValue.Of(result.Append(text, at, text.Length - at).ToString());
    }

    private static CelValue Split(CelMeter meter, string text, string separator, long limit)
    {
        if (!meter.Spend((text.Length / Math.Max(separator.Length, 1)) + (text.Length / 10) + 1))
        {
            return CelValue.Exhausted;
        }
        var parts = ImmutableArray.CreateBuilder<CelValue>();
        var at = 0;
        while (limit < 0 || parts.Count < limit - 1)
        {
            var end = separator.Length > 0 ? text.IndexOf(separator, at, StringComparison.Ordinal)
                : at < text.Length && at + CelRunes.Width(text, at) is var next && next < text.Length ? next : -1;
            if (end < 0)
            {
                break;
            }
            parts.Add(CelValue.Of(text[at..end]));
            at = end + separator.Length;
        }
        if (limit != 0 && (separator.Length > 0 || text.Length > 0))
        {
            parts.Add(CelValue.Of(text[at..]));
        }
        return CelValue.Of(CelList.Of(parts.ToImmutable()));
    }

    private static CelValue Join(CelMeter meter, CelList list, string separator)
    {
        var result = new StringBuilder();
        for (var i = 0; i < list.Count; i++)
        {
            var item = list[i];
            if (item.Kind != CelKind.String)
            {
                return item.IsError ? item : CelValue.Error($"join: invalid input: {item}");
            }
            if (!meter.SpendText((long)item.AsString.Length + separator.Length))
            {
                return CelValue.Exhausted;
            }
            result.Append(i > 0 ? separator : "").Append(item.AsString);
        }
        return CelValue.Of(result.ToString());
    }

    private static CelValue OutOfRange(long index) =>
        CelValue.Error(string.Create(CultureInfo.InvariantCulture, $"index out of range: {index}"));
}
