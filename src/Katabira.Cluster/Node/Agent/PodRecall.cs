using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Katabira.Cluster.Resources;
using Katabira.Net.Pods;

namespace Katabira.Cluster.Node.Agent;

/// <summary>
/// What an agent that was just started knows about a pod: what its predecessor stored as status, and over it what the pod's own process says, or wrote
/// before it ended. Pure.
/// </summary>
internal static class PodRecall
{
    /// <param name="states">From the pod's process, or from its state file.</param>
    /// <param name="address">Where the pod lives; null if its process is gone.</param>
    public static PodMemory Of(JsonObject pod, IReadOnlyList<ContainerState> states, string? address, DateTimeOffset now)
    {
        var status = pod.Child("status");
        var memory = new PodMemory(pod) { StartTime = status.Time("startTime") ?? now };
        var stored = status.Items("initContainerStatuses").Concat(status.Items("containerStatuses")).ToList();
        foreach (var container in stored)
        {
            memory = memory.With(container.Text("name"), Stored(container, now));
        }
        foreach (var state in states)
        {
            memory = memory.Learn(new PodNews.State(state, IsOutOfMemory: false), now);
        }
        memory = address is null
            ? memory.Learn(new PodNews.SandboxLost([]), now)
            : memory with { Sandbox = SandboxState.Up, Address = address };
        return memory with { Containers = memory.Containers.ToImmutableDictionary(c => c.Key, c => Settle(c.Value, stored.Find(s => s.Text("name") == c.Key)), StringComparer.Ordinal) };
    }

    /// <summary>The pod of a folder whose object is gone: only its end is left.</summary>
    public static PodMemory OfNobody(string uid, bool isLiving, DateTimeOffset now) =>
        new(new JsonObject { ["metadata"] = new JsonObject { ["uid"] = uid } }) { StartTime = now, IsGone = true, Sandbox = isLiving ? SandboxState.Up : SandboxState.None };

    private static ContainerMemory Stored(JsonObject status, DateTimeOffset now)
    {
        var (state, attempt) = (status.Child("state"), AttemptOf(status.Text("containerID")));
        var last = Past(status.Child("lastState").Child("terminated"));
        ContainerRun? run = null;
        if (attempt is { } number)
        {
            var over = Past(state.Child("terminated")) ?? (last?.Attempt == number ? last : null);
            run = new(new(status.Text("name"), number, over is null ? ContainerPhase.Running : over.Reason == "ContainerCannotRun" ? ContainerPhase.Failed : ContainerPhase.Exited, 0,
                over?.StartedAt ?? state.Child("running").Time("startedAt") ?? now, over?.FinishedAt, over?.ExitCode ?? 0, 0, over?.Message ?? ""))
            {
                IsHere = false,
                IsOutOfMemory = over?.Reason == "OOMKilled",
            };
        }
        return new() { Run = run, Past = last?.Attempt < attempt ? last : null, Attempted = attempt ?? -1, ImageId = status.Text("imageID") };
    }

    /// <summary>What the probes had said about the run that goes on, and how long a container had to wait after so many runs.</summary>
    private static ContainerMemory Settle(ContainerMemory known, JsonObject? stored)
    {
        if (known.Run is not { } run)
        {
            return known;
        }
        if (run.IsAlive && AttemptOf(stored.Text("containerID")) == run.State.Attempt)
        {
            run = run with { HasStarted = stored.Flag("started"), IsHealthy = stored.Flag("ready"), IsPostStartDone = stored.Flag("started") };
        }
        return known with { Run = run, BackOff = BackOff.After(run.State.Attempt, run.State.StartedAt) };
    }

    private static PastRun? Past(JsonObject? terminated) => terminated is null || AttemptOf(terminated.Text("containerID")) is not { } attempt
        ? null
        : new(attempt, (int)terminated.Count("exitCode"), terminated.Text("reason"), terminated.Text("message"),
            terminated.Time("startedAt") ?? default, terminated.Time("finishedAt") ?? default);

    /// <summary>The number of the run that an id names; null if the id is none of ours.</summary>
    private static int? AttemptOf(string id) =>
        id.StartsWith(ContainerReport.IdScheme, StringComparison.Ordinal)
        && int.TryParse(id.AsSpan(id.LastIndexOf('/') + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var attempt)
            ? attempt
            : null;
}
