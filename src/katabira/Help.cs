using System.Collections.Immutable;
using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Katabira.Cli.Verbs;

namespace Katabira.Cli;

/// <summary>Verbs that belong together in <c>katabira --help</c>.</summary>
internal sealed record VerbGroup(string Title, ImmutableArray<Command> Verbs);

/// <summary>The first page: what there is, by subject, and examples to copy. A verb's own page is the library's.</summary>
internal sealed class Help(IReadOnlyList<VerbGroup> groups) : SynchronousCommandLineAction
{
    private const string Examples = """
        examples:
          katabira cluster create
          katabira version -o json
          source <(katabira completion bash)
        """;

    /// <summary>Help is given whatever else is wrong with the line.</summary>
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        if (parseResult.CommandResult.Command is not RootCommand root)
        {
            return HelpOf(parseResult);
        }
        var output = parseResult.InvocationConfiguration.Output;
        output.WriteLine($"katabira: {root.Description}\n\nusage: katabira VERB [OPTION]…\n");
        var width = groups.SelectMany(g => g.Verbs).Max(v => v.Name.Length);
        foreach (var group in groups)
        {
            output.WriteLine($"{group.Title}:");
            foreach (var verb in group.Verbs)
            {
                output.WriteLine($"  {verb.Name.PadRight(width)}  {verb.Description}");
            }
            output.WriteLine();
        }
        output.WriteLine($"{Examples}\n\nkatabira VERB --help says more about a verb");
        return ExitCode.Done;
    }

    private static int HelpOf(ParseResult parsed)
    {
        new HelpAction().Invoke(parsed);
        if (parsed.CommandResult.Command is ExampledCommand verb)
        {
            parsed.InvocationConfiguration.Output.WriteLine($"Examples:\n  {verb.Examples.ReplaceLineEndings("\n  ")}");
        }
        return ExitCode.Done;
    }
}
