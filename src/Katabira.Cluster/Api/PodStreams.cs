using System.Collections.Immutable;
using System.Globalization;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Katabira.Cluster.Resources;
using Katabira.Cluster.Streams;
using Katabira.Cluster.Streams.Spdy;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Katabira.Cluster.Api;

/// <summary>
/// Answers what goes into a running pod: exec, attach, port-forward, log. The first three begin as requests and become streams, over WebSocket or SPDY as
/// the client wishes; what is wrong is told before. Thread-safe.
/// </summary>
internal sealed class PodStreams(PodBackend backend, TimeProvider time)
{
    private const string Tunnel = "SPDY/3.1+" + PortForwarding.Protocol;
    private const string VersionHeader = "X-Stream-Protocol-Version";

    /// <summary>Half a terminal's line of commands is more than anybody runs.</summary>
    private const int MostArguments = 4096;

    /// <param name="what"><c>exec</c>, <c>attach</c>, <c>portforward</c> or <c>log</c>.</param>
    /// <param name="pod">The pod, which is on a node.</param>
    public Task HandleAsync(ApiCall call, string what, JsonObject pod) => what switch
    {
        "log" => LogAsync(call, pod),
        "portforward" => ForwardAsync(call, pod),
        "exec" => RunAsync(call, Exec(call, pod)),
        _ => RunAsync(call, Attach(call, pod)),
    };

    private (RemoteWish Wish, RemoteCommand Command) Exec(ApiCall call, JsonObject pod)
    {
        var (container, wish) = (ContainerOf(call, pod), WishOf(call));
        ImmutableArray<string> command = [.. call.Http.Request.Query["command"].Select(c => c ?? "")];
        if (command.IsEmpty || command.Length > MostArguments)
        {
            throw new ApiException(ApiFailure.BadRequest("you must specify at least 1 command for the container"));
        }
        return (wish, (io, cancel) => backend.ExecAsync(pod, container, command, wish, io, cancel));
    }

    private (RemoteWish Wish, RemoteCommand Command) Attach(ApiCall call, JsonObject pod)
    {
        var (container, wish) = (ContainerOf(call, pod), WishOf(call));
        return (wish, (io, cancel) => backend.AttachAsync(pod, container, wish, io, cancel));
    }

    private static async Task RunAsync(ApiCall call, (RemoteWish Wish, RemoteCommand Command) wanted)
    {
        if (call.Http.WebSockets.IsWebSocketRequest)
        {
            var protocol = WebSocketCommand.Protocols.FirstOrDefault(call.Http.WebSockets.WebSocketRequestedProtocols.Contains)
                ?? throw new ApiException(ApiFailure.BadRequest($"none of the sub-protocols is spoken here; this server speaks {string.Join(", ", WebSocketCommand.Protocols)}"));
            using var socket = await call.Http.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext { SubProtocol = protocol });
            using var carrier = new WebSocketCommand(socket, closesChannels: protocol.StartsWith("v5", StringComparison.Ordinal));
            await EndAsync(() => carrier.RunAsync(wanted.Wish, Told(wanted.Command), call.Cancelled));
            return;
        }
        await using var connection = new SpdyConnection(await UpgradeAsync(call, SpdyCommand.Protocols));
        await ServeAsync(connection, cancel => SpdyCommand.RunAsync(connection, wanted.Wish, Told(wanted.Command), cancel), call.Cancelled);
    }

    private async Task ForwardAsync(ApiCall call, JsonObject pod)
    {
        Task<Stream> Dial(int port, CancellationToken cancel) => backend.DialAsync(pod, port, cancel);
        if (call.Http.WebSockets.IsWebSocketRequest)
        {
            if (!call.Http.WebSockets.WebSocketRequestedProtocols.Contains(Tunnel))
            {
                throw new ApiException(ApiFailure.BadRequest($"none of the sub-protocols is spoken here; this server speaks {Tunnel}"));
            }
            var socket = await AcceptTunnelAsync(call.Http);
            await using var tunnelled = new SpdyConnection(WebSocketStream.Create(socket, WebSocketMessageType.Binary, ownsWebSocket: true));
            await ServeAsync(tunnelled, new PortForwarding(tunnelled, Dial).RunAsync, call.Cancelled);
            return;
        }
        await using var connection = new SpdyConnection(await UpgradeAsync(call, [PortForwarding.Protocol]));
        await ServeAsync(connection, new PortForwarding(connection, Dial).RunAsync, call.Cancelled);
    }

    /// <summary>
    /// Accepts a WebSocket by hand: the tunnel's name holds a slash, which is no token of HTTP and which the library's own handshake refuses, and which
    /// every kubectl since 1.31 asks for all the same.
    /// </summary>
    /// <remarks>RFC 6455, section 4.2.2.</remarks>
    private static async Task<WebSocket> AcceptTunnelAsync(HttpContext http)
    {
        const string Salt = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
        var upgrade = http.Features.Get<IHttpUpgradeFeature>();
        var key = http.Request.Headers.SecWebSocketKey.ToString();
        if (upgrade is not { IsUpgradableRequest: true } || key.Length == 0)
        {
            throw new ApiException(ApiFailure.BadRequest("Upgrade request required"));
        }
        http.Response.Headers.Connection = "Upgrade";
        http.Response.Headers.Upgrade = "websocket";
        http.Response.Headers.SecWebSocketProtocol = Tunnel;
#pragma warning disable CA5350 // a proof that the key was read, not a secret: the algorithm is the protocol's
        http.Response.Headers.SecWebSocketAccept = Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + Salt)));
#pragma warning restore CA5350
        return WebSocket.CreateFromStream(await upgrade.UpgradeAsync(), new WebSocketCreationOptions { IsServer = true });
    }

    /// <summary>Turns the request's connection into a stream of bytes.</summary>
    /// <exception cref="ApiException">The client does not ask for that, or for no protocol that is spoken here.</exception>
    private static async Task<Stream> UpgradeAsync(ApiCall call, IReadOnlyList<string> protocols)
    {
        var upgrade = call.Http.Features.Get<IHttpUpgradeFeature>();
        if (upgrade is not { IsUpgradableRequest: true } || !string.Equals(call.Http.Request.Headers.Upgrade, "SPDY/3.1", StringComparison.OrdinalIgnoreCase))
        {
            throw new ApiException(ApiFailure.BadRequest("Upgrade request required"));
        }
        var offered = call.Http.Request.Headers[VersionHeader].SelectMany(v => (v ?? "").Split(',', StringSplitOptions.TrimEntries)).ToList();
        if (protocols.FirstOrDefault(offered.Contains) is not { } protocol)
        {
            call.Http.Response.Headers["X-Accepted-Stream-Protocol-Versions"] = string.Join(", ", protocols);
            throw new ApiException(new ApiFailure(403, "Forbidden", $"unable to upgrade: unable to negotiate protocol: client supports [{string.Join(' ', offered.Take(8))}], server accepts [{string.Join(' ', protocols)}]"));
        }
        call.Http.Response.Headers[VersionHeader] = protocol;
        call.Http.Response.Headers.Connection = "Upgrade";
        call.Http.Response.Headers.Upgrade = "SPDY/3.1";
        return await upgrade.UpgradeAsync();
    }

    /// <summary>Reads the connection while its streams are served; whichever ends first ends the other.</summary>
    private static async Task ServeAsync(SpdyConnection connection, Func<CancellationToken, Task> serve, CancellationToken cancelled)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancelled);
        var reading = connection.RunAsync(stop.Token);
        var serving = serve(stop.Token);
        // a client that says goodbye has read everything; one that breaks off has no use for the rest
        await Task.WhenAny(reading, serving);
        await stop.CancelAsync();
        await EndAsync(() => Task.WhenAll(reading, serving));
    }

    /// <summary>A stream that breaks has told its client what there was to tell.</summary>
    private static async Task EndAsync(Func<Task> run)
    {
        try
        {
            await run();
        }
        catch (Exception cause) when (cause is OperationCanceledException or IOException or WebSocketException or SpdyFormatException or System.Threading.Channels.ChannelClosedException)
        {
            // the client has gone, or does not speak the protocol it asked for
        }
    }

    /// <summary>The same command, whose failure to run is told as its outcome.</summary>
    private static RemoteCommand Told(RemoteCommand command) => async (io, cancel) =>
    {
        try
        {
            return await command(io, cancel);
        }
        catch (IOException why) when (!cancel.IsCancellationRequested)
        {
            return ExecOutcome.Failed(why.Message);
        }
    };

    private async Task LogAsync(ApiCall call, JsonObject pod)
    {
        var (container, wish) = (ContainerOf(call, pod), LogWishOf(call));
        IAsyncEnumerable<ReadOnlyMemory<byte>> lines;
        try
        {
            lines = await backend.OpenLogAsync(pod, container, wish, call.Cancelled);
        }
        catch (IOException why)
        {
            throw new ApiException(ApiFailure.BadRequest(why.Message));
        }
        call.Http.Response.StatusCode = StatusCodes.Status200OK;
        call.Http.Response.ContentType = "text/plain";
        await call.Http.Response.StartAsync(call.Cancelled);
        await foreach (var bytes in lines.WithCancellation(call.Cancelled))
        {
            await call.Http.Response.BodyWriter.WriteAsync(bytes, call.Cancelled);
        }
    }

    private LogWish LogWishOf(ApiCall call)
    {
        var seconds = Number(call, "sinceSeconds");
        var since = call.Query("sinceTime") is { Length: > 0 } text
            ? JsonFields.ParseTime(text) ?? throw new ApiException(ApiFailure.BadRequest($"sinceTime: \"{text}\" is not a time as RFC 3339 writes it"))
            : (DateTimeOffset?)null;
        return new LogWish
        {
            Follow = QueryText.IsTrue(call.Query("follow")),
            Previous = QueryText.IsTrue(call.Query("previous")),
            Timestamps = QueryText.IsTrue(call.Query("timestamps")),
            Since = seconds is { } ago ? time.GetUtcNow().AddSeconds(-ago) : since,
            TailLines = Number(call, "tailLines"),
            LimitBytes = Number(call, "limitBytes"),
        };
    }

    private static long? Number(ApiCall call, string name)
    {
        if (call.Query(name) is not { Length: > 0 } text)
        {
            return null;
        }
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= int.MaxValue
            ? number
            : throw new ApiException(ApiFailure.BadRequest($"{name}: it is a number that is not negative"));
    }

    /// <summary>The container that is meant: the named one, the only one, or the one that the pod's annotation says.</summary>
    private static string ContainerOf(ApiCall call, JsonObject pod)
    {
        var spec = pod.Child("spec");
        var names = spec.Items("containers").Select(c => c.Text("name")).ToList();
        var every = names.Concat(spec.Items("initContainers").Select(c => c.Text("name"))).Concat(spec.Items("ephemeralContainers").Select(c => c.Text("name"))).ToList();
        var wanted = call.Query("container") is { Length: > 0 } named ? named : pod.Child("metadata").Child("annotations").Text("kubectl.kubernetes.io/default-container");
        if (wanted.Length > 0 && every.Contains(wanted))
        {
            return wanted;
        }
        if (call.Query("container") is { Length: > 0 })
        {
            throw new ApiException(ApiFailure.BadRequest($"container {wanted} is not valid for pod {pod.NameOf()}"));
        }
        return names.Count == 1
            ? names[0]
            : throw new ApiException(ApiFailure.BadRequest($"a container name must be specified for pod {pod.NameOf()}, choose one of: [{string.Join(' ', names)}]"));
    }

    private static RemoteWish WishOf(ApiCall call)
    {
        var wish = new RemoteWish(Is(call, "stdin"), Is(call, "stdout"), Is(call, "stderr"), Is(call, "tty"));
        return wish.Stdin || wish.Stdout || wish.Stderr
            ? wish
            : throw new ApiException(ApiFailure.BadRequest("you must specify at least 1 of stdin, stdout, stderr"));
    }

    private static bool Is(ApiCall call, string name) => QueryText.IsTrue(call.Query(name));
}
