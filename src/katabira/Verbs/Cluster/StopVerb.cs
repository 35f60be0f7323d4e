using System.CommandLine;
using Katabira.Cli.Clusters;
using Katabira.Cli.Output;

namespace Katabira.Cli.Verbs.Cluster;

/// <summary><c>katabira cluster stop</c>.</summary>
internal static class StopVerb
{
    public static Command Create(Surroundings surroundings, Talk talk)
    {
        var verb = new ExampledCommand("stop", "end the cluster's process and its pods; what it holds stays", "katabira cluster stop");
        var target = Target.Of(verb, surroundings);
        verb.SetAction(async (parsed, cancellation) =>
        {
            var home = target.Home(parsed);
            if (ClusterRecord.Read(home) is null)
            {
                throw Lifecycle.Missing(home);
            }
            await new Lifecycle(home, surroundings, talk).StopAsync(cancellation);
            return ExitCode.Done;
        });
        return verb;
    }
}
