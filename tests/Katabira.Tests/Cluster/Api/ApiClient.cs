using System.Net;
using System.Net.Http.Headers;
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
    private readonly string? _token;

    private ApiClient(HttpClient http, string? token) => (_http, _token) = (http, token);

    /// <summary>The cluster's address.</summary>
    public Uri Address => _http.BaseAddress!; // set by everybody who makes one

    /// <summary>The version of HTTP that requests ask for.</summary>
    public Version Version { get; init; } = HttpVersion.Version20;

    /// <summary>The administrator.</summary>
    public static ApiClient Admin(string kubeconfig) => new(Http(kubeconfig, UserOf(kubeconfig)), null);

    /// <summary>Somebody with a token, or nobody if it is null.</summary>
    public static ApiClient With(string kubeconfig, string? token) => new(Http(kubeconfig, null), token);

    /// <summary>Somebody with a certificate of their own.</summary>
    public static ApiClient With(string kubeconfig, X509Certificate2 certificate) => new(Http(kubeconfig, certificate), null);

    public void Dispose() => _http.Dispose();

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

    private static HttpClient Http(string kubeconfig, X509Certificate2? user)
    {
        var cluster = Read(kubeconfig)["clusters"]![0]!["cluster"]!;
        var authority = X509Certificate2.CreateFromPem(Text(cluster["certificate-authority-data"]));
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, EnableMultipleHttp2Connections = true };
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            CustomTrustStore = { authority },
            RevocationMode = X509RevocationMode.NoCheck,
        };
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
