using System.CommandLine;

namespace Katabira.Cli.Verbs;

/// <summary>A verb whose page of help ends with lines to copy.</summary>
/// <param name="name">What is typed.</param>
/// <param name="description">What it does, in a line.</param>
/// <param name="examples">Whole lines, as they are typed; what follows two blanks explains.</param>
internal sealed class ExampledCommand(string name, string description, string examples) : Command(name, description)
{
    public string Examples => examples;
}
