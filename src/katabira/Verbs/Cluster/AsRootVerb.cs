using System.CommandLine;
using Katabira.Cli.Clusters;
using Katabira.Cli.Clusters.Hosts;
using Katabira.Cli.Output;

namespace Katabira.Cli.Verbs.Cluster;

/// <summary><c>katabira cluster as-root</c>: one step of a verb, for which sudo starts this program anew. Nobody types it.</summary>
internal static class AsRootVerb
{
    public static Command Create(Surroundings surroundings, Talk talk)
    {
        var step = new Argument<string>("STEP") { Description = "which" };
        step.AcceptOnlyFromAmong(RootStep.Launch, RootStep.End, RootStep.Remove);
        var program = new Argument<string?>("PROGRAM") { Description = "what to launch", Arity = ArgumentArity.ZeroOrOne };
        var verb = new Command(RootStep.Verb, "one step of another verb, as root") { step, program };
        verb.Hidden = true;
        verb.SetAction((parsed, cancellation) => RootAnswer.WriteAsync(parsed.InvocationConfiguration.Output, async () =>
        {
            if (!surroundings.IsRoot)
            {
                throw new Refusal("this is not root");
            }
            var home = ClusterHome.Of(surroundings);
            var record = ClusterRecord.Read(home) ?? throw Lifecycle.Missing(home);
            var steps = new HostSteps(home, withPods: !record.WithoutPods, surroundings, talk);
            switch (parsed.GetValue(step))
            {
                case RootStep.Launch:
                    return (await steps.LaunchAsync(parsed.GetValue(program) ?? throw new Refusal("no program to launch"), cancellation)).AbsoluteUri;
                case RootStep.End:
                    await steps.EndAsync(cancellation);
                    return "";
                default:
                    await steps.RemoveAsync(cancellation);
                    return "";
            }
        }));
        return verb;
    }
}
