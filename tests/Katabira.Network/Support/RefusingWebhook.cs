using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Katabira.Net.Linux;

namespace Katabira.Network.Support;

/// <summary>A webhook in a pod, by HTTPS: refuses everything, with a sentence of its own.</summary>
internal sealed class RefusingWebhook : IAsyncDisposable
{
    private readonly CancellationTokenSource _ending = new();
    private readonly NetworkNamespace _inside;
    private readonly Socket _listener;
    private readonly X509Certificate2 _certificate;
    private readonly Task _running;

    private RefusingWebhook(NetworkNamespace inside, Socket listener, X509Certificate2 certificate, string sentence)
    {
        (_inside, _listener, _certificate) = (inside, listener, certificate);
        _running = ServeAsync(sentence);
    }

    /// <summary>What its callers trust.</summary>
    public string RootsPem => _certificate.ExportCertificatePem();

    /// <param name="host">The name that its certificate has.</param>
    public static async Task<RefusingWebhook> StartAsync(string namespacePath, int port, string host, string sentence)
    {
        var inside = await NetworkNamespace.EnterAsync(namespacePath);
        var listener = await inside.CreateSocketAsync(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Any, port));
        listener.Listen();
        return new(inside, listener, CertificateFor(host), sentence);
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        _listener.Dispose();
        await _running;
        _inside.Dispose();
        _certificate.Dispose();
    }

    private async Task ServeAsync(string sentence)
    {
        try
        {
            while (true)
            {
                await using var stream = new SslStream(new NetworkStream(await _listener.AcceptAsync(_ending.Token), ownsSocket: true));
                await stream.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate }, _ending.Token);
                var uid = (string)JsonNode.Parse(await ReadBodyAsync(stream, _ending.Token))!["request"]!["uid"]!;
                var body = new JsonObject
                {
                    ["apiVersion"] = "admission.k8s.io/v1",
                    ["kind"] = "AdmissionReview",
                    ["response"] = new JsonObject { ["uid"] = uid, ["allowed"] = false, ["status"] = new JsonObject { ["message"] = sentence } },
                }.ToJsonString();
                await stream.WriteAsync(Encoding.UTF8.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}"), _ending.Token);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException or IOException or AuthenticationException)
        {
            // disposed, or a caller that the test will miss
        }
    }

    private static async Task<string> ReadBodyAsync(Stream stream, CancellationToken cancellation)
    {
        var (text, buffer) = (new StringBuilder(), new byte[16 * 1024]);
        while (true)
        {
            text.Append(Encoding.UTF8.GetString(buffer, 0, await stream.ReadAsync(buffer, cancellation)));
            var all = text.ToString();
            if (all.IndexOf("\r\n\r\n", StringComparison.Ordinal) is > 0 and var end
                && all.Split("\r\n").FirstOrDefault(l => l.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase)) is { } line
                && Encoding.UTF8.GetByteCount(all[(end + 4)..]) >= int.Parse(line.Split(':')[1], System.Globalization.CultureInfo.InvariantCulture))
            {
                return all[(end + 4)..];
            }
        }
    }

    private static X509Certificate2 CertificateFor(string host)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddMinutes(-5), TimeProvider.System.GetUtcNow().AddHours(1));
    }
}
