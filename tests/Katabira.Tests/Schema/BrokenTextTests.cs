using System.Text.Json;
using Katabira.Model.Kinds;
using Xunit;

namespace Katabira.Tests.Schema;

/// <summary>JSON may escape half of a surrogate pair; it passes the parser and breaks whoever reads the text.</summary>
public class BrokenTextTests
{
    [Theory]
    [InlineData("""{"spec":{"mtls":{"mode":"\ud800"}}}""", "spec.mtls.mode")]
    [InlineData("""{"spec":{"selector":{"matchLabels":{"app":"\ud800"}}}}""", "spec.selector.matchLabels[app]")]
    [InlineData("""{"spec":{"selector":{"matchLabels":{"\udc00":"a"}}}}""", "spec.selector.matchLabels")]
    [InlineData("""{"spec":{"\ud800":1}}""", "spec")]
    [InlineData("""{"metadata":{"name":"\ud800"}}""", "metadata.name")]
    [InlineData("""{"apiVersion":"\ud800"}""", "apiVersion")]
    [InlineData("""{"kind":"\ud800"}""", "kind")]
    [InlineData("""{"\ud800":1}""", "")]
    public void Validate_HalfASurrogatePair_IsAnErrorWithItsPath(string json, string path)
    {
        using var document = JsonDocument.Parse(json);
        Assert.Equal($"{path}: Invalid value: \"\": must be valid Unicode", Assert.Single(PeerAuthentication.Kind.Validate(document.RootElement).Errors).ToString());
    }

    [Fact]
    public void Validate_UnknownFieldOfTheEnvelope_IsKeptWhateverItSays()
    {
        using var document = JsonDocument.Parse("""{"more":"\ud800","spec":{}}""");
        Assert.True(PeerAuthentication.Kind.Validate(document.RootElement).Ok);
    }
}
