using System.Globalization;
using System.Net;
using System.Text.Json;
using Katabira.Model.Authorization;
using Katabira.Model.Kinds;
using Katabira.Model.Mesh;
using Katabira.Model.Resources;
using Xunit;

namespace Katabira.Tests.Authorization;

/// <summary>Short forms for the worlds that tables describe.</summary>
internal static class Policies
{
    /// <summary>The workload that is connected to in every table: <c>demo/cart</c>.</summary>
    public static readonly Workload Cart = new(new ObjectKey("demo", "cart"), new Dictionary<string, string> { ["app"] = "cart", ["version"] = "v1" });

    /// <summary>Policies written as <c>{"namespace/name": specification, …}</c>. A name that ends with <c>(dry run)</c> is one.</summary>
    public static IEnumerable<Resource<AuthorizationPolicy>> Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        foreach (var policy in document.RootElement.EnumerateObject().ToArray())
        {
            const string dryRun = " (dry run)";
            var key = policy.Name.Replace(dryRun, "", StringComparison.Ordinal).Split('/');
            var annotations = policy.Name.EndsWith(dryRun, StringComparison.Ordinal) ? $$"""{"{{AuthorizationPolicy.DryRunAnnotation}}": "true"}""" : "{}";
            AuthorizationPolicy.Kind.Read(
                JsonElement.Parse($$"""
                    {
                      "apiVersion": "security.istio.io/v1", "kind": "AuthorizationPolicy",
                      "metadata": {"namespace": "{{key[0]}}", "name": "{{key[1]}}", "annotations": {{annotations}} },
                      "spec": {{policy.Value.GetRawText()}}
                    }
                    """),
                out var resource);
            Assert.NotNull(resource);
            yield return resource;
        }
    }

    public static AuthorizationModel Model(string policies, MeshSettings? settings = null) => Parse(policies).Model(settings);

    public static AuthorizationModel Model(this IEnumerable<Resource<AuthorizationPolicy>> policies, MeshSettings? settings = null) =>
        AuthorizationModel.For(policies.Select(p => AuthorizationPolicyModel.Compile(p, settings ?? new MeshSettings())), Cart);

    /// <summary>A connection, e.g. <c>demo/frontend 10.0.0.5 10.9.9.9:8080 sni=a.example remote=203.0.113.9</c>; addresses may be left out.</summary>
    /// <remarks>The peer is <c>-</c> in plaintext, <c>namespace/account</c> in <c>cluster.local</c>, or a principal in full.</remarks>
    public static AuthorizationRequest Request(string text)
    {
        var words = text.Split(' ');
        var plain = words.Where(w => !w.Contains('=')).ToArray();
        var destination = plain.Length > 2 ? IPEndPoint.Parse(plain[2]) : new IPEndPoint(IPAddress.Parse("10.9.9.9"), 8080);
        return new(Peer(plain[0]), IPAddress.Parse(plain.Length > 1 ? plain[1] : "10.0.0.5"), destination.Address, (ushort)destination.Port)
        {
            Sni = Named("sni"),
            Remote = Named("remote") is { } remote ? IPAddress.Parse(remote) : null,
        };

        string? Named(string name) => words.FirstOrDefault(w => w.StartsWith(name + "=", StringComparison.Ordinal))?[(name.Length + 1)..];
    }

    /// <summary>A decision as a person would note it down: <c>Denied demo/deny-plaintext[0]</c>.</summary>
    public static string Line(this AuthorizationDecision decision) =>
        string.Create(CultureInfo.InvariantCulture, $"{decision.Cause}{(decision.Policy is null ? "" : $" {decision.Policy}[{decision.Rule}]")}");

    private static PeerIdentity? Peer(string text) =>
        text == "-" ? null
        : PeerIdentity.TryParse(text, out var identity) ? identity
        : new("cluster.local", text.Split('/')[0], text.Split('/')[1]);
}
