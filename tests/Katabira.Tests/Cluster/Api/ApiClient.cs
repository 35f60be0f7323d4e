using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Katabira.Tests.Support;

namespace Katabira.Tests.Cluster.Api;

/// <summary>Speaks to a cluster as its kubeconfig says: with its address, its authority and, unless told otherwise, its user.</summary>
internal sealed class ApiClient : IDisposable
{
    public const string Json = "application/json";
    public const string Yaml = "application/yaml";
    public const string JsonPatch = "application/json-patch+json";
    public const string MergePatch = "application/merge-patch+json";
    public const string StrategicPatch = "application/strategic-merge-patch+json";
    public const string ApplyPatch = "application/apply-patch+yaml";
    public const string Protobuf = "application/vnd.kubernetes.protobuf";
    public const string Table = "application/json;as=Table;v=v1;g=meta.k8s.io";

    private readonly HttpClient _http;
    private readonly ConcurrentBag<Socket> _sockets = [];
    private readonly string? _token;

    private ApiClient(string kubeconfig, X509Certificate2? user, string? token) => (_http, _token) = (Http(kubeconfig, user), token);

    /// <summary>The cluster's address.</summary>
    public Uri Address => _http.BaseAddress!; // set by everybody who makes one

    /// <summary>The version of HTTP that requests ask for.</summary>
    public Version Version { get; private init; } = HttpVersion.Version20;

    /// <summary>The administrator.</summary>
    /// <param name="version">Of HTTP; null for 2.</param>
    public static ApiClient Admin(string kubeconfig, Version? version = null) => new(kubeconfig, UserOf(kubeconfig), null) { Version = version ?? HttpVersion.Version20 };

    /// <summary>Somebody with a token, or nobody if it is null.</summary>
    public static ApiClient With(string kubeconfig, string? token) => new(kubeconfig, null, token);

    /// <summary>Somebody with a certificate of their own.</summary>
    public static ApiClient With(string kubeconfig, X509Certificate2 certificate) => new(kubeconfig, certificate, null);

    public void Dispose() => _http.Dispose();

    /// <summary>Goes without a word: the server gets a reset on every connection.</summary>
    public void Vanish()
    {
        foreach (var socket in _sockets)
        {
            socket.LingerState = new LingerOption(true, 0);
            socket.Close();
        }
    }

    public Task<Answer> GetAsync(string path, string? accept = null) => SendAsync(HttpMethod.Get, path, accept: accept);

    public Task<Answer> PostAsync(string path, string body, string? type = Json) => SendAsync(HttpMethod.Post, path, body, type);

    public Task<Answer> PutAsync(string path, string body, string? type = Json) => SendAsync(HttpMethod.Put, path, body, type);

    public Task<Answer> PatchAsync(string path, string body, string type = MergePatch) => SendAsync(HttpMethod.Patch, path, body, type);

    public Task<Answer> DeleteAsync(string path, string? body = null) => SendAsync(HttpMethod.Delete, path, body);

    /// <summary>Sends one request and reads the whole answer.</summary>
    /// <param name="type">The body's type; null for a request that does not say.</param>
    public Task<Answer> SendAsync(HttpMethod method, string path, string? body = null, string? type = Json, string? accept = null) =>
        SendAsync(Request(method, path, body is null ? null : Encoding.UTF8.GetBytes(body), type, accept));

    public async Task<Answer> SendAsync(HttpRequestMessage request)
    {
        using (request)
        {
            using var response = await _http.SendAsync(request);
            return await Answer.ReadAsync(response);
        }
    }

    /// <summary>Begins a watch; the query may say more.</summary>
    public async Task<WatchClient> WatchAsync(string path, string? accept = null)
    {
        var request = Request(HttpMethod.Get, path.Contains('?', StringComparison.Ordinal) ? $"{path}&watch=true" : $"{path}?watch=true", null, null, accept);
        var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        return new WatchClient(response, new StreamReader(await response.Content.ReadAsStreamAsync()));
    }

    public HttpRequestMessage Request(HttpMethod method, string path, byte[]? body, string? type, string? accept = null)
    {
        var request = new HttpRequestMessage(method, new Uri(_http.BaseAddress!, path)) { Version = Version, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = type is null ? null : MediaTypeHeaderValue.Parse(type);
        }
        if (accept is not null)
        {
            request.Headers.TryAddWithoutValidation("Accept", accept);
        }
        if (_token is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {_token}");
        }
        return request;
    }

    /// <summary>The user's certificate with its key.</summary>
    public static X509Certificate2 UserOf(string kubeconfig)
    {
        var user = Read(kubeconfig)["users"]![0]!["user"]!;
        using var pair = X509Certificate2.CreateFromPem(Text(user["client-certificate-data"]), Text(user["client-key-data"]));
        // a key that only lives in this process is refused by some platforms' TLS
        return X509CertificateLoader.LoadPkcs12(pair.Export(X509ContentType.Pkcs12), null);
    }

    /// <summary>Trust in the cluster's authority and in nobody else.</summary>
    public static X509ChainPolicy TrustOf(string kubeconfig) => new()
    {
        TrustMode = X509ChainTrustMode.CustomRootTrust,
        CustomTrustStore = { X509Certificate2.CreateFromPem(Text(Read(kubeconfig)["clusters"]![0]!["cluster"]!["certificate-authority-data"])) },
        RevocationMode = X509RevocationMode.NoCheck,
    };

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancel)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(context.DnsEndPoint, cancel);
        _sockets.Add(socket);
        return new NetworkStream(socket, ownsSocket: true);
    }

    private HttpClient Http(string kubeconfig, X509Certificate2? user)
    {
        var cluster = Read(kubeconfig)["clusters"]![0]!["cluster"]!;
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, EnableMultipleHttp2Connections = true, ConnectCallback = ConnectAsync };
        handler.SslOptions.CertificateChainPolicy = TrustOf(kubeconfig);
        if (user is not null)
        {
            handler.SslOptions.ClientCertificates = [user];
            handler.SslOptions.LocalCertificateSelectionCallback = (_, _, _, _, _) => user;
        }
        return new HttpClient(handler) { BaseAddress = new Uri((string)cluster["server"]!), Timeout = TimeSpan.FromSeconds(60) };
    }

    private static JsonNode Read(string kubeconfig) => YamlJson.Node(kubeconfig)!; // a kubeconfig is not null

    private static string Text(JsonNode? base64) => Encoding.UTF8.GetString(Convert.FromBase64String((string)base64!));
}
