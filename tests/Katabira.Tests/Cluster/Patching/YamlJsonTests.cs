using System.Text;
using Katabira.Cluster.Patching;
using Xunit;
using static Katabira.Tests.Cluster.Patching.JsonTable;

namespace Katabira.Tests.Cluster.Patching;

public class YamlJsonTests
{
    [Theory]
    // truth values, YAML 1.1
    [InlineData("[yes, No, on, OFF, true, False, y, N]", "[true,false,true,false,true,false,true,false]")]
    [InlineData("['yes', \"no\", !!str on, yEs, truE]", "['yes','no','on','yEs','truE']")]
    [InlineData("[~, null, Null, NULL, nULL]", "[null,null,null,null,'nULL']")]
    [InlineData("a:\nb: ''", "{'a':null,'b':''}")]
    // whole numbers
    [InlineData("[1, +12, -3, -0, 1_000, 0x1F, -0x10, 0b101, 0o17, 017, 00]", "[1,12,-3,0,1000,31,-16,5,15,15,0]")]
    [InlineData("[9223372036854775807, 18446744073709551615]", "[9223372036854775807,18446744073709551615]")]
    [InlineData("[18446744073709551616, -9223372036854775809]", "[18446744073709552000,-9223372036854776000]")]
    // other numbers, as Go writes them
    [InlineData("[1.0, 1.50, .5, +.5, 1., 1e3, 1E-7, 1e21, 1.5e300, 08, -0.0, 0.000001]", "[1,1.5,0.5,0.5,1,1000,1e-7,1e+21,1.5e+300,8,-0,0.000001]")]
    [InlineData("[1e999, 0x1p3, 1:30, 1.2.3, '1', 1a, +, ., 0x, _1, 1e]", "['1e999','0x1p3','1:30','1.2.3','1','1a','+','.','0x','_1','1e']")]
    [InlineData("[.5_0, .5__0, ._5, .5_, 1__0.5_]", "[0.5,'.5__0','._5','.5_',10.5]")]
    // dates and versions stay text
    [InlineData("[2001-01-01, 2001-01-01T00:00:00Z, v1.2, 10.0.0.1]", "['2001-01-01','2001-01-01T00:00:00Z','v1.2','10.0.0.1']")]
    // tags
    [InlineData("[!!int '3', !!float 3, !!bool yes, !!null '', !!str 4, !mine 5, !!binary aGk=, !!timestamp 2001-01-01]", "[3,3,true,null,'4','5','hi','2001-01-01']")]
    // keys are texts
    [InlineData("{1: a, 0x10: b, true: c, y: d, 1.5: e, 'n': f}", "{'1':'a','16':'b','true':'c','1.5':'e','n':'f'}", true)]
    [InlineData("{1: a, 0x10: b, true: c, 1.5: e, 'n': f}", "{'1':'a','16':'b','true':'c','1.5':'e','n':'f'}")]
    // blocks, flow, comments
    [InlineData("a: |\n  x\n  y\nb: >-\n  x\n  y\nc: [1, {d: 2}] # end", "{'a':'x\\ny\\n','b':'x y','c':[1,{'d':2}]}")]
    [InlineData("z: 1\na: 2", "{'z':1,'a':2}")]
    // documents
    [InlineData("", "null")]
    [InlineData("# nothing", "null")]
    [InlineData("---\na: 1\n---\n", "{'a':1}")]
    [InlineData("%YAML 1.1\n---\na: 1\n...", "{'a':1}")]
    [InlineData("{\"json\": [1, \"x\"]}", "{'json':[1,'x']}")]
    // anchors and merge keys
    [InlineData("a: &x {p: 1}\nb: *x\nc: [*x, *x]", "{'a':{'p':1},'b':{'p':1},'c':[{'p':1},{'p':1}]}")]
    [InlineData("base: &b {p: 1, q: 2}\nd:\n  <<: *b\n  q: 3", "{'base':{'p':1,'q':2},'d':{'q':3,'p':1}}")]
    [InlineData("d:\n  <<: [{p: 1}, {p: 2, q: 2}]", "{'d':{'p':1,'q':2}}")]
    [InlineData("'<<': 1", "{'<<':1}")]
    public void Read_Yaml_ResolvesAsKubernetesDoes(string yaml, string expected, bool refused = false)
    {
        var body = YamlJson.Read(Utf8(yaml));
        Assert.Equal(refused, body.Failure is not null);
        if (!refused)
        {
            SameText(expected, body.Node);
        }
    }

    [Theory]
    [InlineData("a: 1\nb: 2\na: 3", "line 3: key \"a\" already set in map")]
    [InlineData("{1: a, '1': b}", "key \"1\" already set in map")]
    [InlineData("? [a]\n: 1", "invalid map key")]
    [InlineData("~: 1", "invalid map key")]
    [InlineData("a: *x", "unknown anchor 'x' referenced")]
    [InlineData("a: &x [*x]", "anchor 'x' value contains itself")]
    [InlineData("a: .inf", "unsupported value: .inf")]
    [InlineData("a: !!int x", "cannot decode !!str `x` as a !!int")]
    [InlineData("a: !!binary '%'", "!!binary value contains invalid base64 data")]
    [InlineData("<<: 1", "map merge requires map or sequence of maps as the value")]
    [InlineData("a: 1\n---\nb: 2", "expected one document")]
    [InlineData("a: 'x", "line ")]
    [InlineData("a: b: c", "line 1: ")]
    public void Read_YamlThatIsNoJson_IsBadRequest(string yaml, string message)
    {
        var failure = YamlJson.Read(Utf8(yaml)).Failure!;
        Assert.Equal(400, failure.Code);
        Assert.StartsWith("error converting YAML to JSON: yaml: ", failure.Message, StringComparison.Ordinal);
        Assert.Contains(message, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_InvalidUtf8_IsBadRequest() => Assert.EndsWith("yaml: invalid UTF-8", YamlJson.Read([(byte)'a', 0xFF]).Failure!.Message, StringComparison.Ordinal);

    [Fact]
    public void Read_AliasBomb_EndsAtTheBudget()
    {
        var bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (var i = 1; i < 20; i++)
        {
            bomb.Append($"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10))}]\n");
        }
        Assert.Contains("document contains excessive aliasing", YamlJson.Read(Utf8(bomb.ToString())).Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_AliasesThatDeepen_EndAtTheLimit()
    {
        var chain = new StringBuilder("- &a0 [x]\n");
        for (var i = 1; i < 600; i++)
        {
            chain.Append($"- &a{i} [*a{i - 1}]\n");
        }
        Assert.Contains(JsonBounds.TooDeep, YamlJson.Read(Utf8(chain.ToString())).Failure!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[")]
    [InlineData("{a: ")]
    [InlineData("- ")]
    [InlineData("? ")]
    public void Read_DeepNesting_IsRefused(string opening) =>
        Assert.Contains(JsonBounds.TooDeep, YamlJson.Read(Utf8(string.Concat(Enumerable.Repeat(opening, 3_000_000 / opening.Length)))).Failure!.Message, StringComparison.Ordinal);

    [Fact]
    public void Read_MillionItems_IsRefused() =>
        Assert.Contains("document contains too many values", YamlJson.Read(Utf8("[" + string.Concat(Enumerable.Repeat("a,", 1_000_000)) + "]")).Failure!.Message, StringComparison.Ordinal);
}
