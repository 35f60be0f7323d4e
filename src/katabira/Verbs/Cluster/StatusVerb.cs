using System.CommandLine;
using System.Globalization;
using Katabira.Cli.Clusters;
using Katabira.Cli.Clusters.Processes;
using Katabira.Cli.Output;

namespace Katabira.Cli.Verbs.Cluster;

/// <summary>How a cluster is. The names of these fields are a promise to scripts.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="State"><c>running</c>, <c>starting</c>, <c>stopped</c> or <c>crashed</c>.</param>
/// <param name="Node">Its node; null if it serves the API alone, or does not answer.</param>
/// <param name="Pods">Its pods; null if it does not answer.</param>
/// <param name="Address">Where its API answers, or would.</param>
/// <param name="Pid">Its process; null if none lives.</param>
/// <param name="StartedAt">When that process started, in UTC; null if none lives.</param>
/// <param name="UptimeSeconds">How long it has lived; null if none does.</param>
/// <param name="Version">Of the product it runs; null if no process lives.</param>
/// <param name="Project">A label; null if it has none.</param>
/// <param name="Zone">A label; null if it has none.</param>
/// <param name="CreatedAt">When the cluster was created, in UTC.</param>
/// <param name="Home">The folder that holds it.</param>
internal sealed record ClusterStatus(
    string Name, string State, NodeReport? Node, PodsReport? Pods, string Address, int? Pid, DateTime? StartedAt, long? UptimeSeconds, string? Version, string? Project, string? Zone,
    DateTime CreatedAt, string Home);

/// <summary><c>katabira cluster status</c>.</summary>
internal static class StatusVerb
{
    public static Command Create(Surroundings surroundings)
    {
        var format = OutputOption.Create();
        var verb = new ExampledCommand("status", "how the cluster is; status 1 if there is none", """
            katabira cluster status
            katabira cluster status -o json
            """) { format };
        var target = Target.Of(verb, surroundings);
        verb.SetAction(async (parsed, cancellation) =>
        {
            var home = target.Home(parsed);
            var record = ClusterRecord.Read(home) ?? throw Lifecycle.Missing(home);
            var status = await WithReportsAsync(Of(home, record, ServeRecord.Read(home), surroundings.Time.GetUtcNow()), home, cancellation);
            Result.Write(parsed.InvocationConfiguration.Output, parsed.GetValue(format), status, CliJson.Default.ClusterStatus, ToTable);
            return ExitCode.Done;
        });
        return verb;
    }

    private static ClusterStatus Of(ClusterHome home, ClusterRecord record, ServeRecord? serve, DateTimeOffset now)
    {
        var state = ClusterStates.Of(serve);
        var alive = state is ClusterState.Running or ClusterState.Starting ? serve : null;
        return new(
            record.Name,
            state.Word(),
            Node: null,
            Pods: null,
            $"https://127.0.0.1:{record.Port.ToString(CultureInfo.InvariantCulture)}",
            alive?.Process.Pid,
            alive is null ? null : Seconds(alive.Started),
            // A clock that was set back does not make a process younger than it can be.
            alive is null ? null : Math.Max(0, (long)(now - alive.Started).TotalSeconds),
            alive?.Version,
            record.Project,
            record.Zone,
            Seconds(record.Created),
            home.Path);
    }

    private static async Task<ClusterStatus> WithReportsAsync(ClusterStatus status, ClusterHome home, CancellationToken cancellation)
    {
        if (status.State != ClusterState.Running.Word() || ClusterApi.Open(home) is not { } api)
        {
            return status;
        }
        using (api)
        {
            var (nodes, pods) = (api.GetAsync("/api/v1/nodes", cancellation), api.GetAsync("/api/v1/pods", cancellation));
            return status with { Node = NodeReport.Of(await nodes), Pods = PodsReport.Of(await pods) };
        }
    }

    /// <summary>In UTC, whole seconds: what a script compares.</summary>
    private static DateTime Seconds(DateTimeOffset time) => DateTimeOffset.FromUnixTimeSeconds(time.ToUnixTimeSeconds()).UtcDateTime;

    private static Table ToTable(ClusterStatus status) => new(
        ["NAME", "STATE", "NODE", "PODS", "ADDRESS", "PID", "UPTIME", "VERSION", "PROJECT", "ZONE", "HOME"],
        [[
            status.Name, status.State,
            status.Node is { } node ? node.Ready ? "Ready" : "NotReady" : "-",
            status.Pods is { } pods ? $"{pods.Ready.ToString(CultureInfo.InvariantCulture)}/{pods.Total.ToString(CultureInfo.InvariantCulture)}" : "-",
            status.Address, status.Pid?.ToString(CultureInfo.InvariantCulture) ?? "-",
            status.UptimeSeconds is { } seconds ? Uptime.Text(TimeSpan.FromSeconds(seconds)) : "-",
            status.Version ?? "-", status.Project ?? "-", status.Zone ?? "-", status.Home,
        ]]);
}
