using System.Globalization;
using System.Text;
using Katabira.Cluster.Resources;

namespace Katabira.Cluster.Schemas;

/// <summary>Where a walk over an object stands. Text is made only when somebody asks. Owned by one walk; not thread-safe.</summary>
internal sealed class FieldPath
{
    /// <summary>Longer names are cut: a path is written once for each of many findings, and a hostile map has keys of megabytes.</summary>
    private const int LongestName = 128;

    private const int LongestText = 4096;

    private readonly List<Step> _steps = [];

    /// <summary>How deep the walk is.</summary>
    public int Depth => _steps.Count;

    /// <summary>Enters a declared field.</summary>
    public void Field(string name) => _steps.Add(new(name, 0, false));

    /// <summary>Enters an entry of a map.</summary>
    public void Key(string key) => _steps.Add(new(key, 0, true));

    public void Index(int index) => _steps.Add(new(null, index, false));

    public void Leave() => _steps.RemoveAt(_steps.Count - 1);

    /// <summary>Keys look like fields: <c>spec.labels.app</c>. So the check of values and of unknown fields writes; empty at the root.</summary>
    public string Dotted(string? child = null) => Write(brackets: false, child);

    /// <summary>Keys stand in brackets: <c>spec.labels[app]</c>. So every other check writes; <c>&lt;nil&gt;</c> at the root.</summary>
    public string Bracketed(string? child = null) => Write(brackets: true, child) is { Length: > 0 } text ? text : FieldIssue.NoPath;

    private string Write(bool brackets, string? child)
    {
        var text = new StringBuilder();
        foreach (var step in _steps)
        {
            if (text.Length > LongestText)
            {
                return text.Append('…').ToString();
            }
            if (step.Name is null)
            {
                text.Append(CultureInfo.InvariantCulture, $"[{step.Index}]");
            }
            else if (brackets && step.IsKey)
            {
                text.Append('[').Append(Shown(step.Name)).Append(']');
            }
            else
            {
                text.Append(text.Length > 0 ? "." : "").Append(Shown(step.Name));
            }
        }
        if (child is not null)
        {
            text.Append(text.Length > 0 ? "." : "").Append(Shown(child));
        }
        return text.ToString();
    }

    private static string Shown(string name) => name.Length <= LongestName ? name : string.Concat(name.AsSpan(0, LongestName), "…");

    private readonly record struct Step(string? Name, int Index, bool IsKey);
}
