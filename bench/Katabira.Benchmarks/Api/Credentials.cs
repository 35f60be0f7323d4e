using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Katabira.Benchmarks.Api;

/// <summary>What a client needs to be somebody: whom to trust, and its own certificate.</summary>
internal sealed record Credentials(X509Certificate2 Authority, X509Certificate2 Client)
{
    /// <summary>Reads a kubeconfig of ours.</summary>
    public static Credentials Read(string file)
    {
        var lines = File.ReadAllLines(file);
        string Pem(string name) => Encoding.UTF8.GetString(Convert.FromBase64String(
            lines.First(l => l.TrimStart().StartsWith(name + ":", StringComparison.Ordinal)).Split(':')[1].Trim()));
        return new(
            X509Certificate2.CreateFromPem(Pem("certificate-authority-data")),
            X509Certificate2.CreateFromPem(Pem("client-certificate-data"), Pem("client-key-data")));
    }
}
