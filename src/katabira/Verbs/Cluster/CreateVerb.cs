using System.CommandLine;
using Katabira.Cli.Clusters;
using Katabira.Cli.Output;

namespace Katabira.Cli.Verbs.Cluster;

/// <summary><c>katabira cluster create</c>.</summary>
internal static class CreateVerb
{
    public static Command Create(Surroundings surroundings, Talk talk)
    {
        var verb = new ExampledCommand("create", "make the cluster, start it and make it kubectl's; again: see that it runs", """
            katabira cluster create
            katabira cluster create --project demo --zone europe-west1-b
            katabira cluster create --without-pods
            """);
        var withoutPods = WithoutPodsOption.Create();
        verb.Add(withoutPods);
        var target = Target.Of(verb, surroundings);
        verb.SetAction(async (parsed, cancellation) =>
        {
            var home = target.Home(parsed);
            await new Lifecycle(home, surroundings, talk).CreateAsync(target.Project(parsed), target.Zone(parsed), parsed.GetValue(withoutPods), cancellation);
            return ExitCode.Done;
        });
        return verb;
    }
}
