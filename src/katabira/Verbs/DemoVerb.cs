using System.CommandLine;
using Katabira.Cli.Output;

namespace Katabira.Cli.Verbs;

/// <summary><c>katabira demo</c>: everything on one machine. The script <c>./katabira</c> has done the first steps, checking and building, before this runs.</summary>
internal static class DemoVerb
{
    private static readonly string[] s_toCome =
    [
        "create the embedded cluster",
        "install the mesh",
        "deploy Online Boutique in the namespace demo",
        "wait until every pod is Ready",
        "merge the cluster's credentials into the kubeconfig",
        "print the addresses and the next commands",
    ];

    public static Command Create(Talk talk)
    {
        var verb = new Command("demo", "a cluster, the mesh and a shop on this machine (not complete: it prints the steps to come)");
        verb.SetAction(_ =>
        {
            foreach (var step in s_toCome)
            {
                talk.Say($"to come: {step}");
            }
            talk.Say("the demo is not complete yet, so this counts as failed");
            talk.Hint("README.md says what works today");
            return ExitCode.Failed;
        });
        return verb;
    }
}
