using System.CommandLine;
using Katabira.Cli.Clusters;
using Katabira.Cli.Output;

namespace Katabira.Cli.Verbs.Cluster;

/// <summary><c>katabira cluster get-credentials</c>.</summary>
internal static class GetCredentialsVerb
{
    public static Command Create(Surroundings surroundings, Talk talk)
    {
        var print = new Option<bool>("--print") { Description = "write the kubeconfig of this cluster to stdout, and change no file" };
        var verb = new ExampledCommand("get-credentials", "make the cluster kubectl's: a context in $KUBECONFIG, else ~/.kube/config", """
            katabira cluster get-credentials
            katabira cluster get-credentials --print
            """) { print };
        var target = Target.Of(verb, surroundings);
        verb.SetAction(parsed =>
        {
            var home = target.Home(parsed);
            if (ClusterRecord.Read(home) is null)
            {
                throw Lifecycle.Missing(home);
            }
            if (parsed.GetValue(print))
            {
                parsed.InvocationConfiguration.Output.Write(PrivateFile.ReadIfThere(home.Kubeconfig)
                    ?? throw new Refusal("the cluster has never been ready", "katabira cluster start"));
                return ExitCode.Done;
            }
            var merged = new Lifecycle(home, surroundings, talk).MergeCredentials();
            talk.Say($"kubectl's context is {merged.Context}, in {merged.Kubeconfig}");
            if (ClusterStates.Of(Clusters.Processes.ServeRecord.Read(home)) is var state && state != ClusterState.Running)
            {
                talk.Hint($"the cluster is {state.Word()}: katabira cluster start");
            }
            return ExitCode.Done;
        });
        return verb;
    }
}
