using CsCheck;
using Katabira.Cluster.Node.Containers;
using Xunit;

namespace Katabira.Tests.Cluster.Node.Containers;

public class VariableExpansionTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("$(A)", "1")]
    [InlineData("$(A)$(B)", "12")]
    [InlineData("x-$(A)-y", "x-1-y")]
    [InlineData("$(NONE)", "$(NONE)")]
    [InlineData("$$(A)", "$(A)")]
    [InlineData("$$$(A)", "$1")]
    [InlineData("$$$$(A)", "$$(A)")]
    [InlineData("$A", "$A")]
    [InlineData("$", "$")]
    [InlineData("$$", "$")]
    [InlineData("$(", "$(")]
    [InlineData("$(A", "$(A")]
    [InlineData("$()", "$()")]
    [InlineData("$($(A))", "$($(A))")]
    [InlineData("$(A)$", "1$")]
    [InlineData("$ (A)", "$ (A)")]
    [InlineData("$(REF)", "$(A)")] // what came in is not looked at again
    public void Expand_Text_IsAsKubernetesDoesIt(string text, string expected) => Assert.Equal(expected, VariableExpansion.Expand(text, Find));

    [Fact]
    public void Expand_TextWithoutReferences_IsItself() =>
        Gen.String[Gen.Char['!', '#'], 0, 20].Sample(text => VariableExpansion.Expand(text, Find) == text);

    private static string? Find(string name) => name switch
    {
        "A" => "1",
        "B" => "2",
        "REF" => "$(A)",
        _ => null,
    };
}
