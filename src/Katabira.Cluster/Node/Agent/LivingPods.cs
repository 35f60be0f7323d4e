using Katabira.Net.Pods;

namespace Katabira.Cluster.Node.Agent;

/// <summary>The pods of a home whose processes live, found by their sockets.</summary>
internal static class LivingPods
{
    /// <summary>Who lives answers at once; who hangs is no life to go on with.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    /// <summary>The states of the containers of each living pod, by the pod's uid.</summary>
    public static async Task<IReadOnlyDictionary<string, IReadOnlyList<ContainerState>>> FindAsync(string home, TimeProvider time, CancellationToken cancel)
    {
        var asked = PodFolder.All(home).Select(async folder => (folder.Uid, States: await AskAsync(folder, time, cancel))).ToList();
        await Task.WhenAll(asked);
        var living = new Dictionary<string, IReadOnlyList<ContainerState>>(StringComparer.Ordinal);
        foreach (var answer in asked)
        {
            if (await answer is { States: { } states } pod)
            {
                living.Add(pod.Uid, states);
            }
        }
        return living;
    }

    /// <summary>The states of one pod's containers; null if it does not live.</summary>
    public static async Task<IReadOnlyList<ContainerState>?> AskAsync(PodFolder folder, TimeProvider time, CancellationToken cancel)
    {
        try
        {
            return File.Exists(folder.Socket) ? await new PodProcess(folder.Socket).StatesAsync(cancel).WaitAsync(s_patience, time, cancel) : null;
        }
        catch (Exception e) when (e is PodGoneException or PodRefusedException or PodProtocolException or TimeoutException)
        {
            return null;
        }
    }
}
