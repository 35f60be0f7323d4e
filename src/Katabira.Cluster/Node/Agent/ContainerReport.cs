using System.Globalization;
using System.Text.Json.Nodes;
using Katabira.Cluster.Resources;

namespace Katabira.Cluster.Node.Agent;

/// <summary>A container's part of the status. Pure.</summary>
internal static class ContainerReport
{
    /// <summary>How a container's run is called in status.</summary>
    public const string IdScheme = "katabira://";

    public static JsonObject Of(PodMemory pod, ContainerPart part, DateTimeOffset now)
    {
        var known = pod[part.Name];
        var (state, last) = States(pod, part, known, now);
        var status = new JsonObject
        {
            ["name"] = part.Name,
            ["state"] = state,
            ["lastState"] = last is null ? new JsonObject() : new JsonObject { ["terminated"] = Terminated(pod, part, last) },
            ["ready"] = pod.IsReady(part),
            ["restartCount"] = known.Run?.State.Attempt ?? 0,
            ["image"] = part.Spec.Text("image"),
            ["imageID"] = known.ImageId,
        };
        if (known.Run is { } run)
        {
            status["containerID"] = Id(pod, part, run.State.Attempt);
        }
        status["started"] = pod.IsStarted(part);
        return status;
    }

    private static (JsonObject State, PastRun? Last) States(PodMemory pod, ContainerPart part, ContainerMemory known, DateTimeOffset now)
    {
        if (known.Run is not { } run)
        {
            return (known.Problem is { } problem ? Waiting(part, problem, now) : Waiting(Beginning(pod), ""), known.Past);
        }
        if (run.IsRunning)
        {
            return (new() { ["running"] = new JsonObject { ["startedAt"] = Rfc3339.Of(run.State.StartedAt) } }, known.Past);
        }
        if (run.Past is not { } past)
        {
            return (Waiting(Beginning(pod), ""), known.Past);
        }
        if (known.Problem is { } refusal)
        {
            return (Waiting(part, refusal, now), past);
        }
        if (part.StartsAgain(pod.RestartPolicy, past.ExitCode) && PodPlan.EndOf(pod, now) is null && known.BackOff.Until(past.FinishedAt, now) > now)
        {
            return (Waiting("CrashLoopBackOff", $"back-off {Go(known.BackOff.Pause)} restarting failed container={part.Name} pod={NameOf(pod)}"), past);
        }
        return (new() { ["terminated"] = Terminated(pod, part, past) }, known.Past);
    }

    /// <summary>A pod's name as messages about it have it.</summary>
    public static string NameOf(PodMemory pod) => $"{pod.Pod.NameOf()}_{pod.Pod.NamespaceOf()}({pod.Uid})";

    /// <summary>The first word for a container that never ran.</summary>
    private static string Beginning(PodMemory pod) => pod.Parts.Any(p => p.Role != ContainerRole.Main) && !pod.IsInitialized() ? "PodInitializing" : "ContainerCreating";

    private static JsonObject Waiting(ContainerPart part, Problem problem, DateTimeOffset now) =>
        problem.Reason == "ErrImagePull" && now >= problem.At + PodPlan.RefusalShown
            ? Waiting("ImagePullBackOff", $"Back-off pulling image \"{part.Spec.Text("image")}\": ErrImagePull: {problem.Message}")
            : Waiting(problem.Reason, problem.Message);

    private static JsonObject Waiting(string reason, string message)
    {
        var waiting = new JsonObject { ["reason"] = reason };
        if (message.Length > 0)
        {
            waiting["message"] = message;
        }
        return new JsonObject { ["waiting"] = waiting };
    }

    private static JsonObject Terminated(PodMemory pod, ContainerPart part, PastRun run)
    {
        var terminated = new JsonObject { ["exitCode"] = run.ExitCode, ["reason"] = run.Reason };
        if (run.Message.Length > 0)
        {
            terminated["message"] = run.Message;
        }
        terminated["startedAt"] = Rfc3339.Of(run.StartedAt);
        terminated["finishedAt"] = Rfc3339.Of(run.FinishedAt);
        terminated["containerID"] = Id(pod, part, run.Attempt);
        return terminated;
    }

    private static string Id(PodMemory pod, ContainerPart part, int attempt) =>
        string.Create(CultureInfo.InvariantCulture, $"{IdScheme}{pod.Uid}/{part.Name}/{attempt}");

    /// <summary>A duration of whole seconds as Go writes it.</summary>
    private static string Go(TimeSpan duration) => duration.TotalMinutes < 1
        ? string.Create(CultureInfo.InvariantCulture, $"{duration.Seconds}s")
        : string.Create(CultureInfo.InvariantCulture, $"{(int)duration.TotalMinutes}m{duration.Seconds}s");
}
