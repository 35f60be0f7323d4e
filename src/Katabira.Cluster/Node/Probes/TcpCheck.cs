namespace Katabira.Cluster.Node.Probes;

/// <summary>A container is healthy if it takes a connection.</summary>
internal static class TcpCheck
{
    public static async Task<ProbeOutcome> RunAsync(string host, int port, MakeSocket makeSocket, CancellationToken cancel)
    {
        try
        {
            using var socket = await Dialling.ConnectAsync(host, port, makeSocket, cancel);
            return new(ProbeResult.Success, "");
        }
        catch (DialException e)
        {
            return ProbeOutcome.Failed(e.Message);
        }
    }
}
