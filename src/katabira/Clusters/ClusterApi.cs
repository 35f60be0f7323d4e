using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Katabira.Cli.Clusters.Kubeconfigs;

namespace Katabira.Cli.Clusters;

/// <summary>A cluster's own API, asked as its administrator, with the credentials that the home keeps.</summary>
internal sealed class ClusterApi : IDisposable
{
    /// <summary>It is on this machine; who waits longer has an answer already.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(3);

    private const int MostBytes = 64 << 20;

    private readonly HttpClient _client;

    private ClusterApi(HttpClient client) => _client = client;

    /// <summary>Null if the home keeps no credentials, or none that can be used.</summary>
    public static ClusterApi? Open(ClusterHome home)
    {
        try
        {
            return PrivateFile.ReadIfThere(home.Kubeconfig) is { } text ? new(ClientOf(ClusterCredentials.Parse(text))) : null;
        }
        catch (Exception e) when (e is FormatException or CryptographicException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>What a path answers; null if it does not, or with something else than JSON.</summary>
    public async Task<JsonElement?> GetAsync(string path, CancellationToken cancellation)
    {
        try
        {
            using var document = JsonDocument.Parse(await _client.GetByteArrayAsync(path, cancellation));
            return document.RootElement.Clone();
        }
        catch (Exception e) when (e is HttpRequestException or JsonException || (e is TaskCanceledException && !cancellation.IsCancellationRequested))
        {
            return null;
        }
    }

    public void Dispose() => _client.Dispose();

    private static HttpClient ClientOf(ClusterCredentials credentials)
    {
        var authority = X509Certificate2.CreateFromPem(Pem(credentials.Cluster, "certificate-authority-data"));
        var own = X509Certificate2.CreateFromPem(Pem(credentials.User, "client-certificate-data"), Pem(credentials.User, "client-key-data"));
        var handler = new SocketsHttpHandler { UseProxy = false };
        handler.SslOptions.ClientCertificates = [own];
        handler.SslOptions.CertificateChainPolicy = new()
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            CustomTrustStore = { authority },
            RevocationMode = X509RevocationMode.NoCheck,
        };
        var server = credentials.Cluster["server"]?.Text ?? throw new FormatException("it names no server");
        return new HttpClient(handler) { BaseAddress = new Uri(server), Timeout = s_patience, MaxResponseContentBufferSize = MostBytes };
    }

    private static string Pem(YamlTree body, string field) =>
        Encoding.UTF8.GetString(Convert.FromBase64String(body[field]?.Text ?? throw new FormatException($"it has no {field}")));
}
