namespace Katabira.Cluster.Node.Volumes;

/// <summary>Whether a pod's volumes are as they should be.</summary>
/// <param name="Reason">Why the pod has to wait, in the words of a kubelet; null if it need not.</param>
internal readonly record struct VolumeResult(string? Reason)
{
    public bool IsReady => Reason is null;
}

/// <summary>A mount that a container asks for cannot be made; the message is for its state and its Event.</summary>
internal sealed class VolumeException(string message) : Exception(message);
