using System.Globalization;

namespace Katabira.Cluster.Cel;

/// <summary>Why an expression does not compile, and where.</summary>
/// <param name="Position">Characters from the beginning of the source.</param>
/// <param name="Message">In the words of the reference implementation, e.g. <c>undeclared reference to 'foo' (in container '')</c>.</param>
internal readonly record struct CelProblem(int Position, string Message)
{
    /// <summary>A line that is shown; a longer one is left out.</summary>
    private const int LongestLine = 1024;

    /// <summary>Line, column, message, and the line with a caret under the place.</summary>
    public string Format(string source)
    {
        var position = Math.Clamp(Position, 0, source.Length);
        var start = position == 0 ? 0 : source.LastIndexOf('\n', position - 1) + 1;
        var end = source.IndexOf('\n', position);
        var line = source[start..(end < 0 ? source.Length : end)].Replace('\t', ' ');
        var number = source.AsSpan(0, start).Count('\n') + 1;
        var head = string.Create(CultureInfo.InvariantCulture, $"ERROR: <input>:{number}:{position - start + 1}: {Message}");
        return line.Length > LongestLine ? head : $"{head}\n | {line}\n | {new string('.', position - start)}^";
    }
}
