using System.Text.Json;

namespace Katabira.Cluster.Tables.Kinds;

/// <summary>
/// A pod's state as users know it from <c>kubectl get pods</c>: the first thing that is not as it should be, else the phase
/// (kubernetes, <c>pkg/printers/internalversion</c>).
/// </summary>
/// <param name="Ready">Containers that are ready.</param>
/// <param name="Total">Containers that keep running: the containers, and init containers that restart always.</param>
/// <param name="LastRestart">End of the latest earlier run; null if none is known.</param>
internal readonly record struct PodSummary(string Status, long Ready, long Total, long Restarts, DateTimeOffset? LastRestart)
{
    public static PodSummary Of(JsonElement pod)
    {
        var (spec, status) = (pod.Child("spec"), pod.Child("status"));
        var phase = status.Text("phase");
        var sidecars = spec.Items("initContainers").Where(c => c.Text("restartPolicy") == "Always").Select(c => c.Text("name")).ToHashSet();
        var count = new Counts { Reason = status.Text("reason", phase), Total = spec.Length("containers") };
        count.Total += sidecars.Count;
        if (Conditions.Find(status, "PodScheduled").Text("reason") == "SchedulingGated")
        {
            count.Reason = "SchedulingGated";
        }
        var isInitializing = count.AddInitContainers(spec, status, sidecars);
        if (!isInitializing || Conditions.IsTrue(status, "Initialized"))
        {
            count.AddContainers(status);
        }
        if (pod.Child("metadata").Has("deletionTimestamp"))
        {
            count.Reason = status.Text("reason") == "NodeLost" ? "Unknown" : phase is "Succeeded" or "Failed" ? count.Reason : "Terminating";
        }
        return new(count.Reason, count.Ready, count.Total, count.Restarts, count.LastRestart);
    }

    /// <summary>What is gathered on the way through the containers.</summary>
    private sealed class Counts
    {
        private (long Restarts, DateTimeOffset? Last) _sidecars;

        public required string Reason { get; set; }

        public long Ready { get; private set; }

        public long Total { get; set; }

        public long Restarts { get; private set; }

        public DateTimeOffset? LastRestart { get; private set; }

        /// <summary>Goes up to the first init container that has not done its part; true if there is one.</summary>
        public bool AddInitContainers(JsonElement spec, JsonElement status, HashSet<string> sidecars)
        {
            var index = 0;
            foreach (var container in status.Items("initContainerStatuses"))
            {
                var isSidecar = sidecars.Contains(container.Text("name"));
                AddRestarts(container);
                if (isSidecar)
                {
                    _sidecars = (_sidecars.Restarts + container.Count("restartCount"), Later(_sidecars.Last, container));
                }
                var state = container.Child("state");
                var isDone = state.Has("terminated") && state.Child("terminated").Count("exitCode") == 0;
                if (!isDone && isSidecar && container.Flag("started"))
                {
                    Ready += container.Flag("ready") ? 1 : 0;
                }
                else if (!isDone)
                {
                    Reason = "Init:" + Unfinished(state, $"{index}/{spec.Length("initContainers")}");
                    return true;
                }
                index++;
            }
            return false;
        }

        /// <summary>Goes through the containers, from the last to the first: the first one has the last word.</summary>
        public void AddContainers(JsonElement status)
        {
            // from here on only the restarts of containers that live as long as the pod count
            (Restarts, LastRestart) = _sidecars;
            var hasRunning = false;
            foreach (var container in status.Items("containerStatuses").Reverse())
            {
                AddRestarts(container);
                var state = container.Child("state");
                if (state.Child("waiting").Text("reason") is { Length: > 0 } waiting)
                {
                    Reason = waiting;
                }
                else if (state.Child("terminated") is var terminated && terminated.IsSomething())
                {
                    Reason = Ended(terminated);
                }
                else if (container.Flag("ready") && state.Has("running"))
                {
                    hasRunning = true;
                    Ready++;
                }
            }
            if (Reason == "Completed" && hasRunning)
            {
                Reason = Conditions.IsTrue(status, "Ready") ? "Running" : "NotReady";
            }
        }

        private static string Unfinished(JsonElement state, string progress)
        {
            if (state.Child("terminated") is var terminated && terminated.IsSomething())
            {
                return Ended(terminated);
            }
            return state.Child("waiting").Text("reason") is { Length: > 0 } reason && reason != "PodInitializing" ? reason : progress;
        }

        private static string Ended(JsonElement terminated) => terminated.Text("reason") switch
        {
            { Length: > 0 } reason => reason,
            _ when terminated.Count("signal") is not 0 and var signal => $"Signal:{signal}",
            _ => $"ExitCode:{terminated.Count("exitCode")}",
        };

        private static DateTimeOffset? Later(DateTimeOffset? last, JsonElement container)
        {
            var finished = container.Child("lastState").Child("terminated").Time("finishedAt");
            return last is null || finished > last ? finished ?? last : last;
        }

        private void AddRestarts(JsonElement container)
        {
            Restarts += container.Count("restartCount");
            LastRestart = Later(LastRestart, container);
        }
    }
}
