using System.Collections.Immutable;

namespace Katabira.Cli.Output;

/// <summary>Columns for people, laid out as kubectl does: as wide as needed, three blanks between them.</summary>
/// <param name="Columns">The headings.</param>
/// <param name="Rows">As many cells in each as there are headings.</param>
internal sealed record Table(ImmutableArray<string> Columns, ImmutableArray<ImmutableArray<string>> Rows)
{
    public void Write(TextWriter to)
    {
        var widths = Columns.Select((heading, i) => Rows.Select(r => r[i].Length).Append(heading.Length).Max()).ToArray();
        foreach (var row in Rows.Prepend(Columns))
        {
            to.WriteLine(string.Join("   ", row.Select((cell, i) => cell.PadRight(widths[i]))).TrimEnd());
        }
    }
}
