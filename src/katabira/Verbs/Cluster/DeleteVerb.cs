using System.CommandLine;
using Katabira.Cli.Clusters;
using Katabira.Cli.Output;

namespace Katabira.Cli.Verbs.Cluster;

/// <summary><c>katabira cluster delete</c>.</summary>
internal static class DeleteVerb
{
    public static Command Create(Surroundings surroundings, Talk talk)
    {
        var quiet = new Option<bool>("--quiet", "-q", "--yes", "-y") { Description = "do not ask (nobody is asked where there is no terminal)" };
        var verb = new ExampledCommand("delete", "end the cluster and remove all it holds, and its context from kubeconfig", """
            katabira cluster delete
            katabira cluster delete --quiet
            """) { quiet };
        var target = Target.Of(verb, surroundings);
        verb.SetAction(async (parsed, cancellation) =>
        {
            var home = target.Home(parsed);
            if (ClusterRecord.Read(home) is not { } record)
            {
                talk.Say($"there is no cluster in {home.Path}: nothing to delete");
                return ExitCode.Done;
            }
            if (surroundings.IsInteractive && !parsed.GetValue(quiet) && !await IsMeantAsync(record, home, surroundings, talk, cancellation))
            {
                talk.Say("nothing was deleted");
                return ExitCode.Failed;
            }
            return await new Lifecycle(home, surroundings, talk).DeleteAsync(cancellation) ? ExitCode.Done : ExitCode.Failed;
        });
        return verb;
    }

    private static async Task<bool> IsMeantAsync(ClusterRecord record, ClusterHome home, Surroundings surroundings, Talk talk, CancellationToken cancellation)
    {
        talk.Ask($"delete the cluster {record.Name} in {home.Path} and all it holds? (y/N)");
        return (await surroundings.Input.ReadLineAsync(cancellation))?.Trim().ToLowerInvariant() is "y" or "yes";
    }
}
