using System.Globalization;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Katabira.Cluster.Resources;

namespace Katabira.Cluster.Node.Agent;

/// <summary>Runs what a container wants run after its start and before its end: a command in it, a request to it, or a pause.</summary>
/// <param name="socket">Makes sockets of the node, from which requests come.</param>
internal sealed class Hooks(Func<CancellationToken, Task<Socket>> socket, TimeProvider time)
{
    private const int LongestOutput = 1024;

    /// <returns>Why it failed; empty if it did not.</returns>
    public async Task<string> RunAsync(PodSite site, ContainerPart part, JsonObject action, CancellationToken cancel)
    {
        try
        {
            if (action.Child("exec") is { } exec)
            {
                return await ExecuteAsync(site, part, exec.Texts("command"), cancel);
            }
            if (action.Child("httpGet") is { } get)
            {
                return await GetAsync(site, part, get, cancel);
            }
            await Task.Delay(TimeSpan.FromSeconds(action.Child("sleep").Count("seconds")), time, cancel);
            return "";
        }
        catch (Exception e) when (e is PodRefusedException or IOException or HttpRequestException or SocketException)
        {
            return e.Message;
        }
    }

    private static async Task<string> ExecuteAsync(PodSite site, ContainerPart part, IReadOnlyList<string> command, CancellationToken cancel)
    {
        using var running = await site.Process.ExecuteAsync(part.Name, command, input: false, terminal: null, cancel);
        var said = new MemoryStream();
        while (await running.ReadAsync(cancel) is { } piece)
        {
            said.Write(piece.Payload.Span[..Math.Min(piece.Payload.Length, Math.Max(0, LongestOutput - (int)said.Length))]);
        }
        return running.End is { Code: not 0 and var code }
            ? string.Create(CultureInfo.InvariantCulture, $"command '{string.Join(' ', command)}' exited with {code}: {System.Text.Encoding.UTF8.GetString(said.ToArray())}")
            : "";
    }

    private async Task<string> GetAsync(PodSite site, ContainerPart part, JsonObject get, CancellationToken cancel)
    {
        var port = get.Integer("port") ?? part.Spec.Items("ports").FirstOrDefault(p => p.Text("name") == get.Text("port")).Integer("containerPort") ?? 0;
        var address = new UriBuilder(get.Text("scheme", "HTTP"), get.Text("host", site.Network.Address.ToString()), (int)port) { Path = get.Text("path", "/") }.Uri;
        using var handler = new SocketsHttpHandler { ConnectCallback = ConnectAsync, AllowAutoRedirect = false };
#pragma warning disable CA5359 // as upstream: a hook is no secret, and pods have certificates that only they know
        handler.SslOptions.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
#pragma warning restore CA5359
        using var client = new HttpClient(handler);
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        foreach (var header in get.Items("httpHeaders"))
        {
            request.Headers.TryAddWithoutValidation(header.Text("name"), header.Text("value"));
        }
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
        return (int)answer.StatusCode < 400 ? "" : string.Create(CultureInfo.InvariantCulture, $"HTTP request returned status code {(int)answer.StatusCode}");
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancel)
    {
        var connection = await socket(cancel);
        try
        {
            await connection.ConnectAsync(context.DnsEndPoint, cancel);
            return new NetworkStream(connection, ownsSocket: true);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
