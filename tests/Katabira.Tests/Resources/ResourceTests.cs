using System.Text.Json;
using Katabira.Model.Kinds;
using Katabira.Model.Resources;
using Xunit;

namespace Katabira.Tests.Resources;

public class ResourceTests
{
    [Fact]
    public void Read_NothingButBraces_GivesEmptyParts()
    {
        var policy = Read("{}");
        Assert.Equal(("", "", new ObjectKey("", "")), (policy.ApiVersion, policy.Kind, policy.Key));
        Assert.Null(policy.Spec.Mtls);
        Assert.Null(policy.Status);
    }

    /// <summary>Protobuf's JSON writes 64-bit numbers as strings, so Istio's own controllers do.</summary>
    [Theory]
    [InlineData("5")]
    [InlineData("\"5\"")]
    public void Read_ObservedGeneration_MayBeANumberOrDigits(string generation)
    {
        var policy = Read($$$"""{"status":{"observedGeneration":{{{generation}}},"conditions":[{"type":"Enforced","observedGeneration":{{{generation}}} }]}}""");
        Assert.Equal(5, policy.Status!.ObservedGeneration);
        Assert.Equal(5, policy.Status.Conditions![0].ObservedGeneration);
    }

    [Theory]
    [InlineData("\"five\"")]
    [InlineData("5.5")]
    [InlineData("true")]
    public void Read_ObservedGenerationThatIsNoNumber_IsRefused(string generation)
    {
        using var json = JsonDocument.Parse($$$"""{"status":{"observedGeneration":{{{generation}}} } }""");
        Assert.Equal("status.observedGeneration", Assert.Single(PeerAuthentication.Kind.Validate(json.RootElement).Errors).Path);
    }

    private static Resource<PeerAuthentication> Read(string text)
    {
        using var json = JsonDocument.Parse(text);
        Assert.True(PeerAuthentication.Kind.Read(json.RootElement, out var policy).Ok);
        return policy!;
    }
}
