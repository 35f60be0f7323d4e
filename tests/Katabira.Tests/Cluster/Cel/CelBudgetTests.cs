using System.Text.Json.Nodes;
using Katabira.Cluster.Cel;
using Xunit;

namespace Katabira.Tests.Cluster.Cel;

/// <summary>Whatever a rule or an object does, it ends soon, with an error, and without much memory.</summary>
public sealed class CelBudgetTests
{
    /// <summary>A fifth of the real one, to be quick.</summary>
    private const long Limit = CelMeter.PerCallLimit / 5;

    private static readonly CelType s_texts = CelType.List(CelType.String);

    [Theory]
    [InlineData("self.all(a, self.all(b, self.all(c, self.all(d, a + b + c + d != 'x'))))")]
    [InlineData("self.exists(a, self.exists(b, b.contains(a + b)))")]
    [InlineData("self.map(a, self.map(b, a + b)).size() > 0")]
    [InlineData("self.all(a, self.join().contains(a))")]
    [InlineData("self.all(a, self.filter(b, a == b).size() == 1)")]
    [InlineData("self.all(a, a.matches(a))")]
    [InlineData("self.all(a, (self + self + self + self).size() > 0)")]
    [InlineData("self.join().replace('', self.join()).size() > 0")]
    [InlineData("self.join().split('').all(a, self.join().split('').all(b, a == b || true))")]
    [InlineData("self.all(a, self == self)")]
    public void Rule_ThatMultipliesWork_EndsWithAnError(string rule)
    {
        var self = new JsonArray([.. Enumerable.Range(0, 2_000).Select(i => (JsonNode)$"item-{i}")]);
        var (outcome, meter) = Run(rule, CelValue.FromJson(self, s_texts), s_texts);
        Assert.Equal("error: operation cancelled: actual cost limit exceeded", outcome);
        Assert.True(meter.Exhausted);
        Assert.True(meter.Spent <= Limit);
    }

    [Theory]
    [InlineData("self.size() > 0 && self.contains('b') && self.all(x, x == x)", "error: operation cancelled: actual cost limit exceeded")]
    [InlineData("self.matches('^(a+)+$')", "true")]
    [InlineData("self.matches('^(a|aa)+b$')", "false")]
    [InlineData("self.matches('(.*a){20}')", "true")]
    public void Rule_OnOneLongText_TakesBoundedTime(string rule, string expected)
    {
        var text = new string('a', 40_000);
        var type = rule.Contains("all(", StringComparison.Ordinal) ? s_texts : CelType.String;
        var self = type == s_texts
            ? CelValue.FromJson(new JsonArray([.. Enumerable.Range(0, 300).Select(_ => (JsonNode)text)]), s_texts)
            : CelValue.Of(text);
        Assert.Equal(expected, Run(type == s_texts ? "self.all(x, x == x)" : rule, self, type).Outcome);
    }

    [Fact]
    public void Rule_AfterTheBudgetIsGone_CannotBecomeTrue()
    {
        var self = CelValue.FromJson(new JsonArray([.. Enumerable.Range(0, 2_000).Select(i => (JsonNode)$"{i}")]), s_texts);
        Assert.Equal("error: operation cancelled: actual cost limit exceeded", Run("self.all(a, self.all(b, a != 'zz')) || true", self, s_texts).Outcome);
    }

    [Fact]
    public void Meter_OverManyCalls_StopsAtTheBudgetOfTheObject()
    {
        var program = CelProgram.Compile("[1, 2, 3].all(x, x > 0)", CelType.Bool).Program!;
        var meter = new CelMeter(perObject: 500);
        var frame = new CelFrame(meter);
        var calls = 0;
        while (!meter.ObjectExhausted && calls < 1_000)
        {
            program.Run(frame, default);
            calls++;
        }
        Assert.InRange(calls, 5, 50);
        Assert.True(meter.Exhausted || meter.Spent == 500);
    }

    [Theory]
    [InlineData("(", ")")]
    [InlineData("!", "")]
    [InlineData("[", "]")]
    [InlineData("-", "")]
    [InlineData("true ? (", ") : false")]
    [InlineData("[1].all(x, ", ")")]
    public void Expression_NestedTooDeeply_IsRefused(string open, string close)
    {
        const int levels = 20_000;
        var source = string.Concat(Enumerable.Repeat(open, levels / open.Length)) + "true" + string.Concat(Enumerable.Repeat(close, levels / open.Length));
        Assert.Contains("expression recursion limit exceeded: 250", CelProgram.Compile(source, CelType.Bool).Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(" + 1")]
    [InlineData(".a")]
    [InlineData("[0]")]
    public void Expression_WithALongChain_IsRefused(string link) =>
        Assert.Contains("recursion limit", CelProgram.Compile("1" + string.Concat(Enumerable.Repeat(link, 1_000)), CelType.Bool).Problem, StringComparison.Ordinal);

    [Fact]
    public void Expression_WithAThousandAlternatives_IsFine()
    {
        var source = string.Join(" || ", Enumerable.Range(0, 1_000).Select(i => $"self == '{i}'"));
        Assert.Equal("true", Run(source, CelValue.Of("999"), CelType.String).Outcome);
        Assert.Equal("false", Run(source, CelValue.Of("x"), CelType.String).Outcome);
    }

    [Fact]
    public void Expression_TooLong_IsRefused() =>
        Assert.Contains("size exceeds limit", CelProgram.Compile(new string(' ', CelProgram.LongestExpression) + "true", CelType.Bool).Problem, StringComparison.Ordinal);

    [Theory]
    [InlineData("((a{0,1000}){0,1000}){0,1000}")]
    [InlineData("(((a?){100}){100}){100}")]
    [InlineData("a{1001}")]
    public void Pattern_ThatWouldExplode_IsRefusedWhenCompiled(string pattern) =>
        Assert.Contains("error parsing regexp", CelProgram.Compile($"'a'.matches('{pattern}')", CelType.Bool).Problem, StringComparison.Ordinal);

    [Fact]
    public void Value_NestedDeeply_IsComparedWithoutLosingTheStack()
    {
        JsonNode deep = new JsonArray();
        for (var i = 0; i < 900; i++)
        {
            deep = new JsonArray(deep);
        }
        var type = CelType.List(CelType.Dyn);
        for (var i = 0; i < 900; i++)
        {
            type = CelType.List(type);
        }
        Assert.Equal("error: value is nested too deeply to compare", Run("self == self", CelValue.FromJson(deep, type), type).Outcome);
    }

    private static (string Outcome, CelMeter Meter) Run(string rule, CelValue self, CelType type)
    {
        var compiled = CelProgram.Compile(rule, CelType.Bool, ("self", type));
        Assert.Null(compiled.Problem);
        var meter = new CelMeter(perCall: Limit);
        return (CelRun.Write(compiled.Program!.Run(new CelFrame(meter), self)), meter);
    }
}
