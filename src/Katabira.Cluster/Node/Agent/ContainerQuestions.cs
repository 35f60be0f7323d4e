using System.Net;
using System.Text.Json.Nodes;
using Katabira.Cluster.Node.Probes;
using Katabira.Cluster.Resources;

namespace Katabira.Cluster.Node.Agent;

/// <summary>Asks the containers of one pod: probes, and the hooks after their start and before their end. Thread-safe.</summary>
internal sealed class ContainerQuestions(PodProcess process, MakeSocket makeSocket, TimeProvider time)
{
    /// <summary>A hook ends with its container, not by itself.</summary>
    private static readonly TimeSpan s_longestHook = TimeSpan.FromDays(1);

    /// <summary>Asks one probe of one run until it is cancelled or there is nothing more to ask.</summary>
    public Task ProbeAsync(ContainerPart part, ContainerRun run, ProbeKind kind, IPAddress address, Action<ProbeVerdict> tell, CancellationToken cancel)
    {
        var probe = part.Spec.Child(PodLearning.FieldOf(kind)) ?? [];
        var settings = ProbeSettings.Of(probe);
        var check = new ContainerCheck(probe, TargetOf(part, address), settings.Timeout, time);
        return new Prober(kind, settings, check.RunAsync, run.State.StartedAt, time).RunAsync(tell, cancel);
    }

    /// <returns>Why the hook failed; empty if it did not.</returns>
    public async Task<string> RunHookAsync(ContainerPart part, JsonObject action, IPAddress address, CancellationToken cancel)
    {
        if (action.Child("sleep") is { } sleep)
        {
            await Task.Delay(TimeSpan.FromSeconds(sleep.Count("seconds")), time, cancel);
            return "";
        }
        var outcome = await new ContainerCheck(action, TargetOf(part, address), s_longestHook, time).RunAsync(cancel);
        return outcome.Result is ProbeResult.Success or ProbeResult.Warning ? "" : outcome.Output;
    }

    private ProbeTarget TargetOf(ContainerPart part, IPAddress address) => new(part.Spec, address, makeSocket, (command, output, cancel) => RunAsync(part, command, output, cancel));

    private async Task<CommandEnd> RunAsync(ContainerPart part, IReadOnlyList<string> command, Stream output, CancellationToken cancel)
    {
        using var running = await process.ExecuteAsync(part.Name, command, input: false, terminal: null, cancel);
        return await running.CopyToAsync(output, output, cancel);
    }
}
