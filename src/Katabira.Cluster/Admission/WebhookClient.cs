using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Katabira.Cluster.Network;
using Katabira.Net.Linux;

namespace Katabira.Cluster.Admission;

/// <summary>Where a service's port is reached now; null if nothing stands behind it.</summary>
internal delegate IPEndPoint? ResolveService(string ns, string name, int port);

/// <summary>
/// Calls webhooks: HTTPS only, the configuration's roots as the only trust, the host name checked, no redirect, no proxy, bounded in time and size.
/// Keeps connections open between calls. Thread-safe.
/// </summary>
internal sealed class WebhookClient(ResolveService resolve, TimeProvider time) : IDisposable
{
    /// <summary>As much as an object may be.</summary>
    public const int LimitBytes = 3 * 1024 * 1024;

    /// <summary>More webhooks than a cluster has; beyond it the connections of the others are closed when they are idle.</summary>
    private const int MostConnections = 64;

    private static readonly MediaTypeHeaderValue s_json = new("application/json");
    private readonly Dictionary<Destination, HttpMessageInvoker> _invokers = [];

    /// <summary>Where pods are dialled from; null as long as there is no network for them. Not owned.</summary>
    public NetworkNamespace? Inside { get; set; }

    public void Dispose()
    {
        lock (_invokers)
        {
            foreach (var invoker in _invokers.Values)
            {
                invoker.Dispose();
            }
            _invokers.Clear();
        }
    }

    /// <summary>Asks one webhook. A failed call is an answer with an error; only the caller's own cancellation is thrown.</summary>
    /// <param name="webhook">Whom to ask; it must have an address.</param>
    /// <param name="review">What to ask.</param>
    /// <param name="mutating">Whether it may answer with a patch.</param>
    public async Task<AdmissionAnswer> CallAsync(Webhook webhook, JsonObject review, bool mutating, CancellationToken cancel)
    {
        var uid = (string)review["request"]!["uid"]!; // we have just made it
        using var deadline = new CancellationTokenSource(webhook.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancel);
        try
        {
            var (body, error) = await PostAsync(webhook, review, either.Token);
            return body is null ? Failed(webhook, error) : AdmissionReview.Read(body, uid, mutating);
        }
        catch (Exception cause) when (cause is OperationCanceledException or HttpRequestException or IOException or CryptographicException)
        {
            cancel.ThrowIfCancellationRequested();
            return Failed(webhook, deadline.IsCancellationRequested ? "context deadline exceeded" : Describe(cause));
        }
    }

    private async Task<(byte[]? Body, string Error)> PostAsync(Webhook webhook, JsonObject review, CancellationToken cancel)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(review.ToJsonString()));
        content.Headers.ContentType = s_json;
        using var request = new HttpRequestMessage(HttpMethod.Post, webhook.CallUrl) { Content = content };
        request.Headers.Accept.ParseAdd("application/json, */*");
        using var response = await InvokerFor(webhook).SendAsync(request, cancel);
        if (response.StatusCode != HttpStatusCode.OK)
        {
            return (null, Describe(response.StatusCode));
        }
        await using var stream = await response.Content.ReadAsStreamAsync(cancel);
        return await ReadAsync(stream, cancel) is { } body ? (body, "") : (null, $"the response is larger than {LimitBytes} bytes");
    }

    private static async Task<byte[]?> ReadAsync(Stream stream, CancellationToken cancel)
    {
        using var body = new MemoryStream();
        var chunk = new byte[16 * 1024];
        while (await stream.ReadAsync(chunk, cancel) is > 0 and var count)
        {
            if (body.Length + count > LimitBytes)
            {
                return null;
            }
            body.Write(chunk, 0, count);
        }
        return body.ToArray();
    }

    private HttpMessageInvoker InvokerFor(Webhook webhook)
    {
        var destination = new Destination(webhook.Address!.Authority, webhook.Service, webhook.Roots); // checked by the caller
        lock (_invokers)
        {
            if (_invokers.TryGetValue(destination, out var known))
            {
                return known;
            }
            if (_invokers.Count >= MostConnections)
            {
                // not disposed: calls may be under way; idle connections close by themselves
                _invokers.Clear();
            }
            return _invokers[destination] = new HttpMessageInvoker(Handler(destination));
        }
    }

    private SocketsHttpHandler Handler(Destination destination)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            MaxConnectionsPerServer = 32,
            MaxResponseHeadersLength = 64,
            MaxResponseDrainSize = 0,
            PooledConnectionLifetime = TimeSpan.FromMinutes(2), // a service may move
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
        };
        handler.SslOptions.CertificateChainPolicy = Trust(destination.Roots);
        handler.SslOptions.RemoteCertificateValidationCallback = (sender, certificate, _, errors) => Verify((SslStream)sender, certificate, errors);
        if (destination.Service is { } service)
        {
            handler.ConnectCallback = async (_, cancel) => await ConnectAsync(service, cancel);
        }
        return handler;
    }

    private async Task<Stream> ConnectAsync(WebhookService service, CancellationToken cancel)
    {
        var target = resolve(service.Namespace, service.Name, service.Port)
            ?? throw new HttpRequestException($"no endpoints available for service \"{service.Name}\"");
        var socket = Inside is { } inside && NodeAddresses.Pods.Contains(target.Address)
            ? await inside.CreateSocketAsync(target.AddressFamily, SocketType.Stream, ProtocolType.Tcp)
            : new Socket(target.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        socket.NoDelay = true;
        try
        {
            await socket.ConnectAsync(target, cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (SocketException cause)
        {
            socket.Dispose();
            throw new HttpRequestException($"dial tcp {target}: connect: {(cause.SocketErrorCode == SocketError.ConnectionRefused ? "connection refused" : cause.Message)}");
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Null, the machine's own roots, only if the configuration names none.</summary>
    private static X509ChainPolicy? Trust(string roots)
    {
        if (roots.Length == 0)
        {
            return null;
        }
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.ImportFromPem(roots);
        return policy;
    }

    /// <summary>A name in the subject alone does not count, as with every client of our day.</summary>
    private static bool Verify(SslStream stream, X509Certificate? certificate, SslPolicyErrors errors)
    {
        const string Failure = "tls: failed to verify certificate: x509: ";
        if (certificate is not X509Certificate2 shown || (errors & ~SslPolicyErrors.RemoteCertificateNameMismatch) != 0)
        {
            throw new AuthenticationException(Failure + "certificate signed by unknown authority");
        }
        return (errors == SslPolicyErrors.None && shown.MatchesHostname(stream.TargetHostName, allowWildcards: true, allowCommonName: false))
            ? true
            : throw new AuthenticationException($"{Failure}certificate is not valid for {stream.TargetHostName}");
    }

    private static AdmissionAnswer Failed(Webhook webhook, string error) =>
        new() { Error = $"failed to call webhook: Post \"{webhook.CallUrl}\": {error}" };

    private static string Describe(HttpStatusCode status) => (int)status switch
    {
        404 => "the server could not find the requested resource",
        >= 500 => "an error on the server (\"unknown\") has prevented the request from succeeding",
        var code => $"the server responded with the status code {code} but did not return more information",
    };

    /// <summary>The innermost text that says something: a refused certificate or connection is wrapped twice.</summary>
    private static string Describe(Exception cause)
    {
        for (var inner = cause; inner is not null; inner = inner.InnerException)
        {
            if (inner is AuthenticationException && inner.InnerException is null)
            {
                return inner.Message;
            }
        }
        return cause.InnerException?.Message ?? cause.Message;
    }

    private sealed record Destination(string Authority, WebhookService? Service, string Roots);
}
