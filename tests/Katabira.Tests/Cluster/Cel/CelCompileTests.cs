using Katabira.Cluster.Cel;
using Xunit;

namespace Katabira.Tests.Cluster.Cel;

/// <summary>What does not compile is refused with the name and the place of what is wrong.</summary>
public sealed class CelCompileTests
{
    [Theory]
    // names
    [InlineData("foo == 1", "1:1: undeclared reference to 'foo' (in container '')")]
    [InlineData("true && bar(1)", "1:9: undeclared reference to 'bar' (in container '')")]
    [InlineData("'a'.reverse() == 'a'", "1:5: undeclared reference to 'reverse' (in container '')")]
    [InlineData("sets.contains([1], [1])", "1:1: undeclared reference to 'sets' (in container '')")]
    [InlineData("cel.bind(x, 1, x == 1)", "1:5: undeclared reference to 'bind' (in container '')")]
    [InlineData("Message{a: 1}.a == 1", "1:1: undeclared reference to 'Message' (in container '')")]
    [InlineData("[1].all(i, v, true)", "1:5: undeclared reference to 'all' (in container '')")]
    [InlineData("[1].sum() == 1", "1:5: undeclared reference to 'sum' (in container '')")]
    // types
    [InlineData("1 == 'a'", "1:3: found no matching overload for '_==_' applied to '(int, string)'")]
    [InlineData("1 + 1.0 == 2.0", "1:3: found no matching overload for '_+_' applied to '(int, double)'")]
    [InlineData("'a' < 1", "1:5: found no matching overload for '_<_' applied to '(string, int)'")]
    [InlineData("'a'.contains(1)", "1:5: found no matching overload for 'contains' applied to 'string.(int)'")]
    [InlineData("size(1) == 1", "1:1: found no matching overload for 'size' applied to '(int)'")]
    [InlineData("!1", "1:1: found no matching overload for '!_' applied to '(int)'")]
    [InlineData("1 && true", "1:3: found no matching overload for '_&&_' applied to '(int, bool)'")]
    [InlineData("true ? 1 : 'a'", "1:6: found no matching overload for '_?_:_' applied to '(bool, int, string)'")]
    [InlineData("[1, 'a'] == []", "1:5: expected type 'int' but found 'string'")]
    [InlineData("{'a': 1, 'b': 'c'} == {}", "1:15: expected type 'int' but found 'string'")]
    [InlineData("1.all(x, true)", "1:1: expression of type 'int' cannot be range of a comprehension (must be list, map, or dynamic)")]
    [InlineData("[1].all(x, x)", "1:12: expected type 'bool' but found 'int'")]
    [InlineData("'a'.b == 1", "1:5: type 'string' does not support field selection")]
    [InlineData("'a' in 'b'", "1:5: found no matching overload for '@in' applied to '(string, string)'")]
    // literals that can never be read
    [InlineData("duration('1x') == duration('1s')", "1:1: invalid duration argument")]
    [InlineData("timestamp('yesterday') == timestamp(0)", "1:1: invalid timestamp argument")]
    [InlineData("'a'.matches('[a')", "1:5: error parsing regexp: missing closing ]")]
    [InlineData("'a'.matches('(?=a)')", "1:5: error parsing regexp: invalid or unsupported Perl syntax")]
    // syntax
    [InlineData("", "1:1: Syntax error: unexpected '<EOF>'")]
    [InlineData("1 +", "1:4: Syntax error: unexpected '<EOF>'")]
    [InlineData("(1 == 1", "1:8: Syntax error: unexpected '<EOF>'")]
    [InlineData("1 == 1)", "1:7: Syntax error: unexpected ')'")]
    [InlineData("a.1", "1:2: Syntax error: unexpected '.1'")]
    [InlineData("'abc", "1:1: Syntax error: unterminated string literal")]
    [InlineData("'a\\q'", "1:3: Syntax error: invalid escape sequence '\\q'")]
    [InlineData("'\\ud800' == ''", "1:2: Syntax error: invalid unicode code point")]
    [InlineData("1 == #", "1:6: Syntax error: token recognition error at: '#'")]
    [InlineData("1 = 1", "1:3: Syntax error: token recognition error at: '='")]
    [InlineData("for == 1", "1:1: reserved identifier: for")]
    [InlineData("has(1)", "1:5: invalid argument to has() macro")]
    [InlineData("[1].all(x + 1, true)", "1:11: argument must be a simple name")]
    [InlineData("9223372036854775808 > 0", "1:1: invalid int literal")]
    [InlineData("18446744073709551616u > 0u", "1:1: invalid uint literal")]
    [InlineData("1e999 > 0.0", "1:1: invalid double literal")]
    [InlineData("true\n&& foo", "2:4: undeclared reference to 'foo' (in container '')")]
    public void Expression_Wrong_IsRefusedByNameAndPlace(string expression, string problem)
    {
        var compiled = CelProgram.Compile(expression, CelType.Bool);
        Assert.Null(compiled.Program);
        Assert.Equal("ERROR: <input>:" + problem, compiled.Problem!.Split('\n')[0]);
    }

    [Fact]
    public void Problem_Formatted_PointsAtThePlace()
    {
        var compiled = CelProgram.Compile("1 == 1 &&\n  foo", CelType.Bool);
        Assert.Equal("ERROR: <input>:2:3: undeclared reference to 'foo' (in container '')\n |   foo\n | ..^", compiled.Problem);
    }

    [Fact]
    public void Expression_WithSeveralMistakes_TellsAll()
    {
        var compiled = CelProgram.Compile("foo && bar", CelType.Bool);
        Assert.Equal(2, compiled.Problem!.Split("ERROR: ").Length - 1);
    }

    [Fact]
    public void Expression_OfAnotherType_IsRefusedWithoutAProblem()
    {
        var compiled = CelProgram.Compile("1 + 1", CelType.Bool);
        Assert.Null(compiled.Program);
        Assert.Null(compiled.Problem);
    }

    [Theory]
    [InlineData("self.x", true, false)]
    [InlineData("self.x && oldSelf.x", true, true)]
    [InlineData("[true].all(oldSelf, oldSelf)", false, false)]
    public void Program_Compiled_KnowsItsVariables(string expression, bool self, bool old)
    {
        var type = CelType.Map(CelType.String, CelType.Bool);
        var program = CelProgram.Compile(expression, CelType.Bool, ("self", type), ("oldSelf", type)).Program!;
        Assert.Equal((self, old), (program.Uses("self"), program.Uses("oldSelf")));
    }
}
