using System.CommandLine;
using Katabira.Cli.Clusters;
using Katabira.Cli.Clusters.Logs;

namespace Katabira.Cli.Verbs.Cluster;

/// <summary><c>katabira cluster logs</c>.</summary>
internal static class LogsVerb
{
    public static Command Create(Surroundings surroundings)
    {
        var follow = new Option<bool>("--follow", "-f") { Description = "go on with what comes, until Ctrl-C" };
        var tail = new Option<int?>("--tail") { Description = "only the last lines", HelpName = "LINES" };
        tail.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && (!int.TryParse(token.Value, out var lines) || lines < 0))
            {
                result.AddError($"--tail takes a number of lines, not '{token.Value}'");
            }
        });
        var verb = new ExampledCommand("logs", "what the cluster has logged", """
            katabira cluster logs --tail 20
            katabira cluster logs -f
            """) { follow, tail };
        var target = Target.Of(verb, surroundings);
        verb.SetAction(async (parsed, cancellation) =>
        {
            var home = target.Home(parsed);
            if (ClusterRecord.Read(home) is null)
            {
                throw Lifecycle.Missing(home);
            }
            await new LogReader(home.Log).CopyAsync(parsed.InvocationConfiguration.Output, parsed.GetValue(tail), parsed.GetValue(follow), cancellation);
            return ExitCode.Done;
        });
        return verb;
    }
}
