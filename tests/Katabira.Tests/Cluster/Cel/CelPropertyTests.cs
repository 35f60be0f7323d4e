using System.Text.Json.Nodes;
using CsCheck;
using Katabira.Cluster.Cel;
using Xunit;

namespace Katabira.Tests.Cluster.Cel;

/// <summary>What holds for any expression: it is refused or it runs, and it never does anything else.</summary>
public sealed class CelPropertyTests
{
    private static readonly string[] s_methods =
    [
        "size", "contains", "startsWith", "endsWith", "matches", "substring", "indexOf", "lastIndexOf", "lowerAscii", "upperAscii", "split", "join", "trim", "replace", "charAt",
        "find", "findAll", "getSeconds", "getHours", "getFullYear", "getScheme", "getHost", "getQuery", "hasValue", "value", "or", "orValue", "all", "exists", "map", "nope",
    ];

    private static readonly string[] s_functions =
        ["size", "int", "uint", "double", "string", "bool", "bytes", "type", "dyn", "duration", "timestamp", "url", "isURL", "isIP", "isCIDR", "has", "optional.of", "optional.none", "matches"];

    private static readonly string[] s_operators = ["+", "-", "*", "/", "%", "==", "!=", "<", "<=", ">", ">=", "in", "&&", "||"];

    private static readonly Gen<string> s_leaf = Gen.OneOf(
        "1", "-1", "0", "9223372036854775807", "2u", "1.5", "'a'", "'1'", "''", "'1s'", "'https://h:1/p?q=1'", "b'\\xff'", "true", "false", "null", "[]", "[1, 2]", "['a']", "{}", "{'a': 1}",
        "{1: true}", "duration('1s')", "timestamp('2026-01-01T00:00:00Z')", "optional.none()", "optional.of('a')", "self", "self.text", "self.number", "self.list", "self.map", "self.either",
        "self.missing", "x", "type(1)", "string", "'['", "'🐱é'");

    private static readonly Gen<string> s_expression = Gen.Recursive<string>((depth, inner) => depth > 4 ? s_leaf : Gen.Frequency(
        (3, s_leaf),
        (2, inner.Select(e => $"dyn({e})")),
        (3, Gen.Select(inner, Gen.OneOf(s_operators), inner).Select((a, op, b) => $"({a} {op} {b})")),
        (1, inner.Select(e => $"!({e})")),
        (1, inner.Select(e => $"-({e})")),
        (1, Gen.Select(inner, inner, inner).Select((a, b, c) => $"({a} ? {b} : {c})")),
        (2, Gen.Select(inner, Gen.OneOf(s_methods), inner.Array[0, 3]).Select((t, m, a) => $"{t}.{m}({string.Join(", ", a)})")),
        (2, Gen.Select(Gen.OneOf(s_functions), inner.Array[0, 2]).Select((f, a) => $"{f}({string.Join(", ", a)})")),
        (2, Gen.Select(inner, Gen.OneOf("all", "exists", "exists_one", "filter", "map", "optMap"), inner).Select((t, m, b) => $"{t}.{m}(x, {b})")),
        (1, Gen.Select(inner, inner).Select((t, i) => $"{t}[{i}]")),
        (1, inner.Select(e => $"[{e}, {e}]")),
        (1, Gen.Select(inner, inner).Select((k, v) => $"{{{k}: {v}}}")),
        (1, inner.Select(e => $"{e}.?a"))));

    private static readonly CelType s_self = CelType.Object(System.Collections.Frozen.FrozenDictionary.ToFrozenDictionary(new Dictionary<string, CelField>
    {
        ["text"] = new("text", CelType.String),
        ["number"] = new("number", CelType.Int),
        ["list"] = new("list", CelType.List(CelType.String)),
        ["map"] = new("map", CelType.Map(CelType.String, CelType.Int)),
        ["either"] = new("either", CelType.Dyn),
        ["missing"] = new("missing", CelType.Bool),
    }));

    private static readonly JsonNode s_object = JsonNode.Parse("""{"text":"abc","number":3,"list":["a","b",null],"map":{"a":1,"b":"not a number"},"either":"5%"}""")!;

    [Fact]
    public void AnyExpression_Compiled_IsRefusedOrRuns()
    {
        var ran = 0;
        s_expression.Sample(expression =>
        {
            var compiled = CelProgram.Compile($"({expression}) == dyn(1) || true", CelType.Bool, ("self", s_self));
            if (compiled.Program is null)
            {
                Assert.StartsWith("ERROR: <input>:", compiled.Problem, StringComparison.Ordinal);
                return;
            }
            var outcome = compiled.Program.Run(new CelFrame(new CelMeter(perCall: 100_000)), CelValue.FromJson(s_object, s_self));
            Assert.True(outcome.IsTrue || outcome.IsError);
            Interlocked.Increment(ref ran);
        }, iter: 3_000);
        // Most random expressions make no sense; enough of them must, or nothing was tried.
        Assert.True(ran > 200, $"{ran} ran");
    }

    [Fact]
    public void AnyText_Compiled_IsRefusedOrRuns() =>
        Gen.OneOf("(", ")", "[", "]", "{", "}", ".", ",", "?", ":", "!", "-", "+", "&&", "||", "==", "in", "a", "self", "1", "1.", "'", "\"", "'''", "r'", "b\"", "\\", "0x", "1e", "//", "\n", " ", "has", "all", "null", "é", "\0")
            .Array[0, 20].Sample(parts =>
            {
                var compiled = CelProgram.Compile(string.Concat(parts), CelType.Bool, ("self", CelType.Bool));
                compiled.Program?.Run(new CelFrame(new CelMeter(perCall: 10_000)), CelValue.True);
            }, iter: 3_000);
}
