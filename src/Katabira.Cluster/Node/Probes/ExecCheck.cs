using System.Text;

namespace Katabira.Cluster.Node.Probes;

/// <summary>A container is healthy if a command in it ends with 0.</summary>
internal static class ExecCheck
{
    private const int MostOutputBytes = 10 << 10;

    public static async Task<ProbeOutcome> RunAsync(IReadOnlyList<string> command, RunInContainer run, CancellationToken cancel)
    {
        var output = new HeadStream(MostOutputBytes);
        try
        {
            var end = await run(command, output, cancel);
            return new(end.Code == 0 ? ProbeResult.Success : ProbeResult.Failure, Encoding.UTF8.GetString(output.Head.Span));
        }
        catch (Exception e) when (e is PodRefusedException or IOException)
        {
            return ProbeOutcome.Unasked($"failed to exec in container: {e.Message}");
        }
    }
}
