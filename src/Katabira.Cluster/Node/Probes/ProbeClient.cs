using System.Net;
using System.Net.Security;
using System.Net.Sockets;

namespace Katabira.Cluster.Node.Probes;

/// <summary>HTTP for one attempt, over sockets that somebody else makes: no proxy, no cookies, no kept connections, and certificates are not looked at.</summary>
internal static class ProbeClient
{
    public const string UserAgent = "kube-probe/1.33";

    /// <summary>What is read of an answer at most.</summary>
    public const int MostBodyBytes = 10 << 10;

    private const int MostHeaderKilobytes = 64;

    /// <summary>For one request; the caller disposes it.</summary>
    public static HttpMessageInvoker Make(MakeSocket makeSocket)
    {
        var connections = 0;
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            AutomaticDecompression = DecompressionMethods.None,
            MaxResponseHeadersLength = MostHeaderKilobytes,
            ActivityHeadersPropagator = null,
            ConnectCallback = async (context, cancel) => Interlocked.Increment(ref connections) == 1
                ? new NetworkStream(await Dialling.ConnectAsync(context.DnsEndPoint.Host.Trim('[', ']'), context.DnsEndPoint.Port, makeSocket, cancel), ownsSocket: true)
                // .NET would ask again where a connection ends without an answer; that is an answer too
                : throw new DialException("EOF"),
        };
#pragma warning disable CA5359 // as upstream: a probe asks for health, not for identity
        handler.SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, _, _, _) => true };
#pragma warning restore CA5359
        return new HttpMessageInvoker(handler);
    }

    /// <summary>The beginning of an answer's body; what comes after it is not waited for.</summary>
    public static async Task<byte[]> ReadHeadAsync(HttpContent content, CancellationToken cancel)
    {
        using var body = await content.ReadAsStreamAsync(cancel);
        var head = new byte[MostBodyBytes];
        var count = await body.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancel);
        return head[..count];
    }

    /// <summary>Why there is no answer, as Go would say it.</summary>
    public static string Words(HttpRequestException failure) => failure switch
    {
        { InnerException: DialException dial } => dial.Message,
        { InnerException: IOException { InnerException: SocketException socket } } => $"read: {Dialling.Words(socket)}",
        { HttpRequestError: HttpRequestError.ResponseEnded } => "EOF",
        { HttpRequestError: HttpRequestError.InvalidResponse } => "net/http: HTTP/1.x transport connection broken: malformed HTTP response",
        { HttpRequestError: HttpRequestError.SecureConnectionError } => "tls: first record does not look like a TLS handshake",
        _ => failure.Message,
    };
}
