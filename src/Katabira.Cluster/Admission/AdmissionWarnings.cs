using System.Collections.Immutable;
using System.Text;

namespace Katabira.Cluster.Admission;

/// <summary>Collects what webhooks want the client to read, each text once and all of them within a header's bounds. Thread-safe.</summary>
internal sealed class AdmissionWarnings
{
    private const int Most = 32;
    private const int LongestChars = 256;
    private const int TotalChars = 4096;

    private readonly List<string> _texts = [];
    private int _chars;

    public ImmutableArray<string> All
    {
        get
        {
            lock (_texts)
            {
                return [.. _texts];
            }
        }
    }

    public void Add(IEnumerable<string> warnings)
    {
        lock (_texts)
        {
            foreach (var warning in warnings)
            {
                var text = Printable(warning);
                if (text.Length == 0 || _texts.Contains(text))
                {
                    continue;
                }
                if (_texts.Count == Most || _chars + text.Length > TotalChars)
                {
                    return;
                }
                _texts.Add(text);
                _chars += text.Length;
            }
        }
    }

    /// <summary>A control character would end the header, or reach a terminal.</summary>
    private static string Printable(string text)
    {
        var kept = new StringBuilder(Math.Min(text.Length, LongestChars));
        foreach (var rune in text.EnumerateRunes())
        {
            if (kept.Length + rune.Utf16SequenceLength > LongestChars)
            {
                break;
            }
            if (!Rune.IsControl(rune))
            {
                kept.Append(rune.ToString());
            }
        }
        return kept.ToString().Trim();
    }
}
