using System.CommandLine;
using Katabira.Cli.Output;

namespace Katabira.Cli.Verbs.Cluster;

/// <summary><c>katabira cluster</c>: a Kubernetes cluster on this machine, from its beginning to its end.</summary>
internal static class ClusterVerb
{
    public static Command Create(Surroundings surroundings, Talk talk) =>
        new ExampledCommand("cluster", "a Kubernetes cluster on this machine: create, start, stop, delete, status, logs, get-credentials", """
            katabira cluster create
            katabira cluster status -o json
            katabira cluster logs -f
            katabira cluster delete --quiet
            """)
        {
            CreateVerb.Create(surroundings, talk),
            StartVerb.Create(surroundings, talk),
            StopVerb.Create(surroundings, talk),
            DeleteVerb.Create(surroundings, talk),
            StatusVerb.Create(surroundings),
            LogsVerb.Create(surroundings),
            GetCredentialsVerb.Create(surroundings, talk),
            ServeVerb.Create(surroundings, talk),
            AsRootVerb.Create(surroundings, talk),
        };
}
