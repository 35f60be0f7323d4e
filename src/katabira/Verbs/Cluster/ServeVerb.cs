using System.CommandLine;
using Katabira.Cli.Clusters;
using Katabira.Cli.Clusters.Processes;
using Katabira.Cli.Output;

namespace Katabira.Cli.Verbs.Cluster;

/// <summary><c>katabira cluster serve</c>: the cluster itself, in the foreground. What <c>create</c> and <c>start</c> launch.</summary>
internal static class ServeVerb
{
    public static Command Create(Surroundings surroundings, Talk talk)
    {
        var detached = new Option<bool>("--detached") { Hidden = true, Description = "log to the file alone: nobody reads stderr" };
        var verb = new ExampledCommand("serve", "run the cluster in the foreground until Ctrl-C or SIGTERM, for containers and supervisors", "katabira cluster serve")
        {
            detached,
        };
        verb.Hidden = true;
        var withoutPods = WithoutPodsOption.Create();
        verb.Add(withoutPods);
        var target = Target.Of(verb, surroundings);
        verb.SetAction(async (parsed, cancellation) =>
        {
            var home = target.Home(parsed);
            home.Prepare();
            var lifecycle = new Lifecycle(home, surroundings, talk);
            // Never given back: it ends with the process, and whoever waits for that waits for the lock.
            var serving = FileLock.TryTake(home.ServeLock) ?? throw lifecycle.Serving();
            var record = ClusterRecord.Read(home) ?? lifecycle.Found(target.Project(parsed), target.Zone(parsed), parsed.GetValue(withoutPods));
            RefusePodsWithoutRoot(record, surroundings);
            var configuration = parsed.InvocationConfiguration;
            await new Clusters.Serving(home, surroundings.Time, parsed.GetValue(detached) ? null : configuration.Error).RunAsync(
                record,
                VersionVerb.Product,
                address =>
                {
                    configuration.Output.WriteLine(Launcher.Ready + address.GetLeftPart(UriPartial.Authority));
                    configuration.Output.Flush();
                },
                cancellation);
            GC.KeepAlive(serving);
            return ExitCode.Done;
        });
        return verb;
    }

    private static void RefusePodsWithoutRoot(ClusterRecord record, Surroundings surroundings)
    {
        if (!record.WithoutPods && !surroundings.IsRoot)
        {
            throw new Refusal("pods need root, and this process is not", "katabira cluster create asks sudo for it", "a new cluster with --without-pods serves the API alone");
        }
    }
}
