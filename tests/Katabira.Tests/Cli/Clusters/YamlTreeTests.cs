using Katabira.Cli.Clusters.Kubeconfigs;
using Xunit;

namespace Katabira.Tests.Cli.Clusters;

public class YamlTreeTests
{
    [Theory]
    [InlineData("a: yes\nb: 'yes'\nc: \"0123\"\nd: 0123\n")]
    [InlineData("a: &x {b: 1}\nc: *x\n")]
    [InlineData("a: &x\n  <<: *x\n")] // endless for whoever follows it
    [InlineData("a: !!binary QUJD\nb: !own {c: 1}\n")]
    [InlineData("a: |\n  one\n  two\nb: >-\n  three\n  four\n")]
    [InlineData("? [x, y]\n: 1\n")]
    [InlineData("{a: [1, {b: ~}], 'c': }")]
    [InlineData("a:\nb: &x\nc: [~, null, '', !!str ]\nd: *x\n")]
    [InlineData("a: plain over\n  two lines\n")]
    public void Write_WhatWasRead_MeansTheSame(string text)
    {
        var tree = YamlTree.Parse(text)!;

        Assert.True(YamlTree.Parse(tree.Write())!.MeansTheSameAs(tree), tree.Write());
    }

    [Theory]
    [InlineData("a: yes\n", "a: 'yes'\n")]
    [InlineData("a: 1\n", "a: \"1\"\n")]
    [InlineData("a: 1\n", "a: 2\n")]
    [InlineData("a: 1\nb: 2\n", "a: 1\n")]
    [InlineData("a: [b]\n", "a: {b: }\n")]
    [InlineData("a: &x 1\n", "a: &y 1\n")]
    [InlineData("a: !!str 1\n", "a: 1\n")]
    [InlineData("a: \n", "a: ''\n")]
    public void Meaning_OfAnotherText_IsAnother(string one, string other) =>
        Assert.False(YamlTree.Parse(one)!.MeansTheSameAs(YamlTree.Parse(other)!));

    /// <summary>Billions of nodes for whoever resolves them.</summary>
    [Fact]
    public void Parse_AliasesOfAliases_IsAsSmallAsTheText()
    {
        var text = "a0: &a0 [x]\n" + string.Concat(Enumerable.Range(1, 40).Select(i =>
            $"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10))}]\n"));

        var tree = YamlTree.Parse(text)!;

        Assert.True(YamlTree.Parse(tree.Write())!.MeansTheSameAs(tree));
    }

    [Theory]
    [InlineData(50, true)]
    [InlineData(100_000, false)]
    public void Parse_Nesting_IsBounded(int levels, bool accepted)
    {
        var text = string.Concat(Enumerable.Repeat("[", levels)) + string.Concat(Enumerable.Repeat("]", levels));

        if (accepted)
        {
            Assert.True(YamlTree.Parse(text)!.IsList);
        }
        else
        {
            Assert.Equal("it is nested too deep", Assert.Throws<FormatException>(() => YamlTree.Parse(text)).Message);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("# only words\n")]
    public void Parse_NoDocument_IsNull(string text) => Assert.Null(YamlTree.Parse(text));
}
