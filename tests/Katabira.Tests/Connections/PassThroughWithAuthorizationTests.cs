using System.Net;
using System.Text.Json;
using Katabira.Model.Authorization;
using Katabira.Model.Connections;
using Katabira.Model.Kinds;
using Katabira.Model.Mesh;
using Katabira.Tests.Mtls;
using Xunit;

namespace Katabira.Tests.Connections;

/// <summary>The row of Istio's pass-through table in which mode and authorization meet: DISABLE, and an AuthorizationPolicy that allows port 19092 alone.</summary>
public class PassThroughWithAuthorizationTests
{
    private static readonly MeshSettings s_mesh = new();
    private static readonly Workload s_server = Given.Workload("demo/foo", "app=foo");

    [Theory]
    [InlineData(19092, Arrival.Plaintext, "ok")]
    [InlineData(19092, Arrival.IstioTls, "fail")]
    [InlineData(19093, Arrival.Plaintext, "fail")]
    [InlineData(19093, Arrival.IstioTls, "fail")]
    public void Disable_WithOnePortAllowed_EachCall(int port, Arrival arrival, string expected)
    {
        var mode = new[] { Given.Policy("demo/app", "DISABLE", "app=foo") }.Explain(s_server, (ushort)port).Decision.Mode;
        Assert.Equal(InboundVerdict.Admit, InboundDecision.Decide(mode, arrival).Verdict);
        var allowed = OnlyPort("19092").Decide(new AuthorizationRequest(null, IPAddress.Parse("10.244.0.9"), IPAddress.Parse("10.244.0.1"), (ushort)port)).Allowed;
        // a handshake reaches an application that speaks plaintext
        Assert.Equal(expected, allowed && arrival == Arrival.Plaintext ? "ok" : "fail");
    }

    private static AuthorizationModel OnlyPort(string port)
    {
        using var json = JsonDocument.Parse($$$"""
            {"metadata":{"name":"only","namespace":"demo"},"spec":{"selector":{"matchLabels":{"app":"foo"}},"rules":[{"to":[{"operation":{"ports":["{{{port}}}"]}}]}]}}
            """);
        Assert.True(AuthorizationPolicy.Kind.Read(json.RootElement, out var policy).Ok);
        return AuthorizationModel.For([AuthorizationPolicyModel.Compile(policy!, s_mesh)], s_server);
    }
}
