namespace Katabira.Cli.Clusters.Hosts;

/// <summary>What a verb does to processes, and to files that are not the person's. Where pods are concerned, only root can.</summary>
internal interface IHostSteps
{
    /// <summary>Starts the cluster and returns when it answers.</summary>
    /// <param name="program">The executable.</param>
    /// <exception cref="Processes.LaunchException">It ended before it was ready.</exception>
    /// <exception cref="Refusal">It was not tried: something is in the way.</exception>
    Task<Uri> LaunchAsync(string program, CancellationToken cancellation);

    /// <summary>Ends the cluster's process and its pods, and returns when they are gone.</summary>
    Task EndAsync(CancellationToken cancellation);

    /// <summary>The same at once, and everything outside the home goes with it, and every file that is not the person's.</summary>
    Task RemoveAsync(CancellationToken cancellation);
}
