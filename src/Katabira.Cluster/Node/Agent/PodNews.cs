using System.Text.Json.Nodes;
using Katabira.Cluster.Node.Probes;
using Katabira.Net.Pods;

namespace Katabira.Cluster.Node.Agent;

/// <summary>What a pod's worker is told. It is all the worker ever learns.</summary>
internal abstract record PodNews
{
    private PodNews()
    {
    }

    /// <summary>The object has another form.</summary>
    internal sealed record Changed(JsonObject Pod) : PodNews;

    /// <summary>The object is gone, or another one has its name.</summary>
    internal sealed record Gone : PodNews;

    /// <summary>The pod has its network and its process.</summary>
    internal sealed record SandboxUp(string Address) : PodNews;

    /// <summary>It could not get them.</summary>
    internal sealed record SandboxFailed(string Message) : PodNews;

    /// <summary>The pod's process has ended though nobody asked it to.</summary>
    /// <param name="States">What it wrote last about its containers.</param>
    internal sealed record SandboxLost(IReadOnlyList<ContainerState> States) : PodNews;

    /// <summary>Everything the pod had is given back.</summary>
    internal sealed record SandboxClosed : PodNews;

    /// <summary>The volumes are filled; or they are not, and why.</summary>
    /// <param name="Problem">Empty if all is well.</param>
    internal sealed record Volumes(string Problem) : PodNews;

    /// <summary>The pod's process was asked to start a run, and has.</summary>
    internal sealed record StartSent(string Container, int Attempt, string ImageId) : PodNews;

    /// <summary>A run was not even begun.</summary>
    internal sealed record StartRefused(string Container, string Reason, string Message) : PodNews;

    /// <summary>A container is in another state.</summary>
    internal sealed record State(ContainerState Value, bool IsOutOfMemory) : PodNews;

    /// <summary>A probe has made up its mind, or was answered in a way that people should hear of.</summary>
    internal sealed record Verdict(ProbeWish Probe, ProbeVerdict Value) : PodNews;

    /// <summary>A hook has run.</summary>
    /// <param name="Error">Empty if it succeeded.</param>
    internal sealed record HookDone(PodStep.Hook Hook, string Error) : PodNews;

    /// <summary>A signal was sent, or there was nobody to get it.</summary>
    internal sealed record Signalled(PodStep.Signal Sent) : PodNews;

    /// <summary>ConfigMaps or Secrets have changed, so what could not be started may start now.</summary>
    internal sealed record TryAgain : PodNews;

    /// <summary>A step has failed for a reason that is not the pod's; it is tried again.</summary>
    internal sealed record Stumbled : PodNews;
}
