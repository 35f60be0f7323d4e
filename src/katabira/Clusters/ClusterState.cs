using Katabira.Cli.Clusters.Processes;

namespace Katabira.Cli.Clusters;

/// <summary>What a cluster is doing.</summary>
internal enum ClusterState
{
    /// <summary>It ended as it should, or with its machine.</summary>
    Stopped,

    /// <summary>Its process lives and does not answer yet.</summary>
    Starting,

    /// <summary>It answers.</summary>
    Running,

    /// <summary>Its process ended without saying so.</summary>
    Crashed,
}

/// <summary>Tells states from what was written and what is alive.</summary>
internal static class ClusterStates
{
    /// <param name="written">What the serving process wrote; null if it ended well or never was.</param>
    /// <param name="alive">The process that has its number now; null if none has.</param>
    /// <param name="boot">The run of the machine we are in.</param>
    public static ClusterState Decide(ServeRecord? written, ProcessIdentity? alive, string boot) => written switch
    {
        null => ClusterState.Stopped,
        _ when written.Process == alive => written.Address is null ? ClusterState.Starting : ClusterState.Running,
        // Nothing of it failed when the machine went down.
        _ when written.Process.Boot != boot => ClusterState.Stopped,
        _ => ClusterState.Crashed,
    };

    public static ClusterState Of(ServeRecord? written) =>
        Decide(written, written is null ? null : ProcessIdentity.Of(written.Process.Pid), ProcessIdentity.CurrentBoot());

    public static string Word(this ClusterState state) => state.ToString().ToLowerInvariant();
}
