using System.CommandLine;
using Katabira.Cli.Clusters;
using Katabira.Cli.Output;

namespace Katabira.Cli.Verbs.Cluster;

/// <summary><c>katabira cluster start</c>.</summary>
internal static class StartVerb
{
    public static Command Create(Surroundings surroundings, Talk talk)
    {
        var verb = new ExampledCommand("start", "start the cluster again, with all it holds: after stop, a crash or a reboot", "katabira cluster start");
        var target = Target.Of(verb, surroundings);
        verb.SetAction(async (parsed, cancellation) =>
        {
            var home = target.Home(parsed);
            if (ClusterRecord.Read(home) is null)
            {
                throw Lifecycle.Missing(home);
            }
            await new Lifecycle(home, surroundings, talk).StartAsync(cancellation);
            return ExitCode.Done;
        });
        return verb;
    }
}
