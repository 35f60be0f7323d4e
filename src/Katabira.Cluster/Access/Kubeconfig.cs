using System.Text;
using System.Text.Json.Nodes;

namespace Katabira.Cluster.Access;

/// <summary>The file by which kubectl reaches a cluster. Pure.</summary>
internal static class Kubeconfig
{
    /// <summary>The YAML text, with everything inside it. It holds the private key: write it where only its owner reads.</summary>
    /// <param name="name">Name of the cluster, the user and the context.</param>
    /// <param name="server">E.g. <c>https://127.0.0.1:6443</c>.</param>
    /// <param name="authorityPem">The authority's certificate.</param>
    /// <param name="user">The user's certificate and key.</param>
    public static string Write(string name, Uri server, string authorityPem, IssuedCertificate user)
    {
        // a JSON text in quotes is a YAML scalar too, whatever is in the name
        var quoted = ((JsonNode)name).ToJsonString();
        var address = ((JsonNode)server.GetLeftPart(UriPartial.Authority)).ToJsonString();
        return $"""
            apiVersion: v1
            kind: Config
            clusters:
            - name: {quoted}
              cluster:
                server: {address}
                certificate-authority-data: {Base64(authorityPem)}
            users:
            - name: {quoted}
              user:
                client-certificate-data: {Base64(user.CertificatePem)}
                client-key-data: {Base64(user.KeyPem)}
            contexts:
            - name: {quoted}
              context:
                cluster: {quoted}
                user: {quoted}
            current-context: {quoted}
            preferences: {"{}"}

            """;
    }

    private static string Base64(string pem) => Convert.ToBase64String(Encoding.UTF8.GetBytes(pem.EndsWith('\n') ? pem : pem + "\n"));
}
