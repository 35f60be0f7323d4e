using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using Katabira.Cli.Output;
using Katabira.Cli.Verbs;
using Katabira.Cli.Verbs.Cluster;
using Katabira.Cli.Verbs.Image;

namespace Katabira.Cli;

/// <summary>The command line as a whole: its verbs, and what happens with one that makes no sense.</summary>
/// <param name="output">Takes results, and nothing else.</param>
/// <param name="error">Takes the talk.</param>
/// <param name="surroundings">What the run finds around it; those of this process if null.</param>
internal sealed class CommandLine(TextWriter output, TextWriter error, Surroundings? surroundings = null)
{
    /// <summary>How long a verb that was asked to end (Ctrl-C, SIGTERM) may take: a cluster brings its writes to the disk.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly Talk _talk = new(error);

    /// <summary>Runs one command line to its end.</summary>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public async Task<int> RunAsync(string[] args)
    {
        var root = Root();
        // An argument that starts with @ is an argument, not a file to read more arguments from.
        var parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0 && !parsed.Action!.ClearsParseErrors)
        {
            return Refuse(parsed);
        }
        try
        {
            return await parsed.InvokeAsync(new()
            {
                Output = output,
                Error = error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = s_patience,
            });
        }
        catch (Refusal refusal)
        {
            _talk.Refuse(refusal);
            return refusal.ExitCode;
        }
        catch (OperationCanceledException)
        {
            // It was asked to end and did; why is no news to whoever asked.
            return ExitCode.Interrupted;
        }
        catch (Exception e)
        {
            // The boundary: whatever no verb has turned into a message of its own ends here, and never as a stack trace.
            _talk.Say(e.Message);
            return ExitCode.Failed;
        }
    }

    /// <summary>Every verb there is.</summary>
    internal RootCommand Root()
    {
        surroundings ??= Surroundings.OfThisProcess();
        VerbGroup[] groups =
        [
            new("try it", [DemoVerb.Create(_talk)]),
            new("an embedded cluster", [ClusterVerb.Create(surroundings, _talk), ImageVerb.Create(surroundings, _talk)]),
            new("this program", [VersionVerb.Create(), CompletionVerb.Create()]),
        ];
        var root = new RootCommand("a service mesh whose heart is automatic mutual TLS");
        foreach (var verb in groups.SelectMany(g => g.Verbs))
        {
            root.Add(verb);
        }
        // The library's own help option also listens to /h and /?.
        root.Options.Remove(root.Options.OfType<HelpOption>().Single());
        root.Add(new HelpOption("--help", "-h") { Action = new Help(groups), Description = "show this page" });
        return root;
    }

    private int Refuse(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        if (command.Subcommands.Count > 0 && parsed.UnmatchedTokens is [var word, ..] && !word.StartsWith('-'))
        {
            _talk.Say($"there is no verb '{word}'");
            if (Nearest.To(word, command.Subcommands.Select(c => c.Name)) is { } name)
            {
                _talk.Hint($"did you mean '{name}'?");
            }
        }
        else
        {
            foreach (var message in parsed.Errors.Select(e => e.Message).Distinct())
            {
                _talk.Say(message);
            }
        }
        _talk.Hint($"{PathOf(parsed.CommandResult)} --help says how it is used");
        return ExitCode.Usage;
    }

    /// <summary>A command with those it belongs to, as it is typed.</summary>
    private static string PathOf(CommandResult result) =>
        result.Parent is CommandResult parent ? $"{PathOf(parent)} {result.Command.Name}" : "katabira";
}
