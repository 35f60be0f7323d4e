using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Katabira.Benchmarks.Api;

/// <summary>One HTTP/2 connection with a client certificate, as client-go has. Requests of any number of threads share it.</summary>
internal sealed class ApiClient : IDisposable
{
    public const string Json = "application/json";
    public const string Table = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json";

    private readonly HttpClient _http;

    public ApiClient(Uri address, Credentials credentials)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(credentials.Authority);
        var handler = new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions { ClientCertificates = [credentials.Client], CertificateChainPolicy = policy },
            AutomaticDecompression = DecompressionMethods.None,
            UseProxy = false,
        };
        _http = new HttpClient(handler) { BaseAddress = address, Timeout = Timeout.InfiniteTimeSpan };
    }

    public void Dispose() => _http.Dispose();

    public Task<byte[]> GetAsync(string path) => SendAsync(HttpMethod.Get, path, null);

    /// <summary>Sends an object, and gives what the server made of it.</summary>
    public async Task<byte[]> SendAsync(HttpMethod method, string path, byte[]? body)
    {
        using var request = Request(method, path);
        request.Content = body is null ? null : new ByteArrayContent(body) { Headers = { ContentType = new(Json) } };
        using var answer = await _http.SendAsync(request);
        var text = await answer.Content.ReadAsByteArrayAsync();
        return answer.IsSuccessStatusCode ? text : throw new InvalidOperationException($"{method} {path}: {Encoding.UTF8.GetString(text)}");
    }

    /// <summary>Begins an answer of any length; the caller disposes it.</summary>
    public async Task<HttpResponseMessage> OpenAsync(string path, string accept)
    {
        using var request = Request(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Accept", accept);
        return (await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead)).EnsureSuccessStatusCode();
    }

    private static HttpRequestMessage Request(HttpMethod method, string path) =>
        new(method, path) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
}
