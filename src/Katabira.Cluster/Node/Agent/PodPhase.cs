using Katabira.Cluster.Resources;

namespace Katabira.Cluster.Node.Agent;

/// <summary>The one word for where a pod is in its life. Pure.</summary>
internal static class PodPhase
{
    public static bool IsFinal(string phase) => phase is "Succeeded" or "Failed";

    /// <remarks>As the kubelet counts: a container that waits after it has run counts as stopped, not as waiting.</remarks>
    public static string Of(PodMemory pod, DateTimeOffset now)
    {
        if (pod.Pod.Child("status").Text("phase") is var known && IsFinal(known))
        {
            return known;
        }
        var isOver = !pod.Parts.Any(p => pod[p.Name].Run is { IsAlive: true });
        if (isOver && pod.ActiveDeadline <= now)
        {
            return "Failed";
        }
        var mains = pod.Parts.Where(p => p.Role == ContainerRole.Main).Select(p => (Part: p, pod[p.Name].Run)).ToList();
        if (isOver && pod.Parts.Any(p => p.Role == ContainerRole.Init && pod.IsDone(p) && pod[p.Name].Run is { HasSucceeded: false }))
        {
            return "Failed";
        }
        if (mains.Any(m => m.Run is null || m.Run.State.Phase == Katabira.Net.Pods.ContainerPhase.Starting))
        {
            return mains.Any(m => m.Run is { IsRunning: true }) ? "Running" : "Pending";
        }
        if (isOver && (pod.DeletionDeadline is not null || mains.All(m => pod.IsDone(m.Part))))
        {
            // a pod that was told to end, and has, is what its containers made of it
            return mains.All(m => m.Run!.HasSucceeded) ? "Succeeded" : "Failed"; // not null: asked above
        }
        return pod.IsInitialized() || mains.Any(m => m.Run is not null) ? "Running" : "Pending";
    }
}
