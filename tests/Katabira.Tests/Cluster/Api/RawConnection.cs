using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Katabira.Tests.Support;
using Xunit;

namespace Katabira.Tests.Cluster.Api;

/// <summary>A TLS connection on which a test says what no HTTP client would.</summary>
internal sealed class RawConnection : IDisposable
{
    private readonly TcpClient _tcp;
    private readonly SslStream _tls;

    private RawConnection(TcpClient tcp, SslStream tls) => (_tcp, _tls) = (tcp, tls);

    /// <param name="user">The user's certificate; null for nobody.</param>
    public static RawConnection Open(string kubeconfig, X509Certificate2? user)
    {
        var server = new Uri((string)YamlJson.Node(kubeconfig)!["clusters"]![0]!["cluster"]!["server"]!);
        var tcp = new TcpClient(server.Host, server.Port);
        var tls = new SslStream(tcp.GetStream());
        tls.AuthenticateAsClient(new SslClientAuthenticationOptions
        {
            TargetHost = server.Host,
            CertificateChainPolicy = ApiClient.TrustOf(kubeconfig),
            ClientCertificates = user is null ? null : [user],
            LocalCertificateSelectionCallback = user is null ? null : (_, _, _, _, _) => user,
        });
        return new(tcp, tls);
    }

    public async Task SendAsync(string text) => await _tls.WriteAsync(Encoding.UTF8.GetBytes(text), TestContext.Current.CancellationToken);

    /// <summary>Everything the server says until it closes.</summary>
    public async Task<string> ReadToEndAsync()
    {
        using var reader = new StreamReader(_tls, Encoding.UTF8, leaveOpen: true);
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>The next part of what the server says; empty once it has closed.</summary>
    public async Task<string> ReadAsync()
    {
        var buffer = new byte[16 * 1024];
        var length = await _tls.ReadAsync(buffer, TestContext.Current.CancellationToken);
        return Encoding.UTF8.GetString(buffer, 0, length);
    }

    /// <summary>Goes without a word: the other side gets a reset.</summary>
    public void Vanish()
    {
        _tcp.Client.LingerState = new LingerOption(true, 0);
        _tcp.Close();
    }

    public void Dispose()
    {
        _tls.Dispose();
        _tcp.Dispose();
    }
}
