using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using Katabira.Cluster.Selectors;
using Xunit;

namespace Katabira.Tests.Cluster.Selectors;

public class LabelSelectorTests
{
    [Theory]
    [InlineData("", "", true)]
    [InlineData("  ", "a=1", true)]
    [InlineData("a=1", "a=1", true)]
    [InlineData("a=1", "a=2", false)]
    [InlineData("a=1", "", false)]
    [InlineData("a==1", "a=1", true)]
    [InlineData("a = 1 , b=2", "a=1,b=2", true)]
    [InlineData("a=1,b=2", "a=1", false)]
    [InlineData("a!=1", "a=1", false)]
    [InlineData("a!=1", "a=2", true)]
    [InlineData("a!=1", "", true)]
    [InlineData("a=", "a=", true)]
    [InlineData("a=", "", false)]
    [InlineData("a=,b", "a=,b=x", true)]
    [InlineData("a!=", "a=", false)]
    [InlineData("a in (1,2)", "a=2", true)]
    [InlineData("a in (1, 2)", "a=3", false)]
    [InlineData("a in(1)", "a=1", true)]
    [InlineData("a in (1)", "", false)]
    [InlineData("a in ()", "a=", true)]
    [InlineData("a in ()", "a=1", false)]
    [InlineData("a in (,)", "a=", true)]
    [InlineData("a in (1,)", "a=", true)]
    [InlineData("a in (,1)", "a=", true)]
    [InlineData("a in (1,,2)", "a=", true)]
    [InlineData("a in (1,2)", "a=", false)]
    [InlineData("a notin (1,2)", "a=2", false)]
    [InlineData("a notin (1,2)", "a=3", true)]
    [InlineData("a notin (1,2)", "", true)]
    [InlineData("a", "a=", true)]
    [InlineData("a", "b=", false)]
    [InlineData("!a", "b=", true)]
    [InlineData("!a", "a=x", false)]
    [InlineData("! a ,b", "b=", true)]
    [InlineData("a>5", "a=6", true)]
    [InlineData("a>5", "a=5", false)]
    [InlineData("a>5", "a=x", false)]
    [InlineData("a>5", "", false)]
    [InlineData("a<5", "a=-7", true)]
    [InlineData("a<5", "a=5", false)]
    [InlineData("app.kubernetes.io/name=web", "app.kubernetes.io/name=web", true)]
    [InlineData("in=in", "in=in", true)]
    [InlineData("in in (in,notin)", "in=notin", true)]
    [InlineData("notin notin (in)", "notin=in", false)]
    [InlineData("in", "in=", true)]
    [InlineData("A=1", "a=1", false)]
    public void Matches_Labels_AsTheRequirementsSay(string text, string labels, bool expected)
    {
        Assert.True(LabelSelector.TryParse(text, out var selector, out var problem), problem);
        var map = labels.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]);
        Assert.Equal(expected, selector.Matches(map));
        Assert.Equal(expected, selector.Matches(new JsonObject(map.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value)))));
        if (map.Count == 0)
        {
            Assert.Equal(expected, selector.Matches((JsonObject?)null));
        }
    }

    private const string BadName = "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character "
        + "(e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";

    private const string BadValue = "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character "
        + "(e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

    [Theory]
    [InlineData("=1", "found '=', expected: !, identifier, or 'end of string'")]
    [InlineData(",", "found ',', expected: !, identifier, or 'end of string'")]
    [InlineData("a,", "found '', expected: identifier after ','")]
    [InlineData("a,,b", "found ',', expected: identifier after ','")]
    [InlineData("a=1 b", "found 'b', expected: ',' or 'end of string'")]
    [InlineData("a=1)", "found ')', expected: ',' or 'end of string'")]
    [InlineData("!", "unable to parse requirement: found '', expected: identifier")]
    [InlineData("!!a", "unable to parse requirement: found '!', expected: identifier")]
    [InlineData("!a=1", "found '=', expected: ',' or 'end of string'")]
    [InlineData("a b", "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt")]
    [InlineData("a!b", "unable to parse requirement: found '!', expected: in, notin, =, ==, !=, gt, lt")]
    [InlineData("a===1", "unable to parse requirement: found '=', expected: identifier")]
    [InlineData("a=(1)", "unable to parse requirement: found '(', expected: identifier")]
    [InlineData("a in 1", "unable to parse requirement: found '1' expected: '('")]
    [InlineData("a in (", "unable to parse requirement: found '', expected: ',', ')' or identifier")]
    [InlineData("a in (=", "unable to parse requirement: found '=', expected: ',', ')' or identifier")]
    [InlineData("a in (1", "unable to parse requirement: found '', expected: ',' or ')'")]
    [InlineData("a in (1 2)", "unable to parse requirement: found '2', expected: ',' or ')'")]
    [InlineData("a in (1,", "unable to parse requirement: found '', expected: ',', or identifier")]
    [InlineData("a>x", "unable to parse requirement: values[0]: Invalid value: \"x\": for 'Gt', 'Lt' operators, the value must be an integer")]
    [InlineData("-a", "unable to parse requirement: <nil>: Invalid value: \"-a\": " + BadName)]
    [InlineData("a/b/c", "unable to parse requirement: <nil>: Invalid value: \"a/b/c\": a valid label key must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an "
        + "alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' "
        + "(e.g. 'example.com/MyName')")]
    [InlineData("/a", "unable to parse requirement: <nil>: Invalid value: \"/a\": prefix part must be non-empty")]
    [InlineData("x.y/", "unable to parse requirement: <nil>: Invalid value: \"x.y/\": name part must be non-empty; " + BadName)]
    [InlineData("a=b/c", "unable to parse requirement: values[0][a]: Invalid value: \"b/c\": " + BadValue)]
    [InlineData("a in (1,-)", "unable to parse requirement: values[1][a]: Invalid value: \"-\": " + BadValue)]
    public void TryParse_BadSyntax_SaysWhatKubernetesSays(string text, string message)
    {
        Assert.False(LabelSelector.TryParse(text, out var selector, out var problem));
        Assert.Equal(message, problem);
        Assert.False(selector.Matches(new JsonObject { ["a"] = "1" }));
    }

    [Theory]
    [InlineData("X.y/a", "prefix part a lowercase RFC 1123 subdomain must consist of")]
    [InlineData("a..b/a", "prefix part a lowercase RFC 1123 subdomain must consist of")]
    public void TryParse_BadPrefix_IsNamed(string text, string message)
    {
        Assert.False(LabelSelector.TryParse(text, out _, out var problem));
        Assert.Contains(message, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void TryParse_LongKeyOrValue_IsRefused()
    {
        var name = new string('a', 63);
        Assert.True(LabelSelector.TryParse($"{name}={name}", out _, out _));
        Assert.False(LabelSelector.TryParse($"{name}a=1", out _, out var key));
        Assert.EndsWith("name part must be no more than 63 characters", key, StringComparison.Ordinal);
        Assert.False(LabelSelector.TryParse($"a={name}a", out _, out var value));
        Assert.EndsWith("must be no more than 63 characters", value, StringComparison.Ordinal);
    }

    [Fact]
    public void TryParse_MillionNames_IsLinearAndMatchesInConstantTime()
    {
        var text = new StringBuilder("a in (");
        for (var i = 0; i < 1_000_000; i++)
        {
            text.Append('n').Append(i).Append(',');
        }
        Assert.True(LabelSelector.TryParse(text.Append("last)").ToString(), out var selector, out var problem), problem);
        for (var i = 0; i < 100_000; i++)
        {
            Assert.False(selector.Matches(new Dictionary<string, string> { ["a"] = "x" }));
        }
        Assert.True(selector.Matches(new Dictionary<string, string> { ["a"] = "n999999" }));
    }

    [Fact]
    public void TryParse_MillionBadNames_HasAShortMessage()
    {
        Assert.False(LabelSelector.TryParse("a in (" + string.Join(',', Enumerable.Range(0, 1_000_000).Select(i => "-" + i)) + ")", out _, out var problem));
        Assert.InRange(problem.Length, 1, 10_000);
        Assert.False(LabelSelector.TryParse("a " + new string('x', 1_000_000), out _, out problem));
        Assert.InRange(problem.Length, 1, 1_000);
    }

    [Fact]
    public void TryParse_TooManyRequirements_IsRefused()
    {
        Assert.True(LabelSelector.TryParse(string.Join(',', Enumerable.Repeat("a", 1000)), out _, out _));
        Assert.False(LabelSelector.TryParse(string.Join(',', Enumerable.Repeat("a", 1001)), out _, out var problem));
        Assert.Equal("too many requirements: must have at most 1000", problem);
    }

    [Theory]
    [InlineData("null", "", false)]
    [InlineData("{}", "", true)]
    [InlineData("{'matchLabels':null,'matchExpressions':[]}", "a=1", true)]
    [InlineData("{'matchLabels':{'a':'1'}}", "a=1", true)]
    [InlineData("{'matchLabels':{'a':'1'}}", "", false)]
    [InlineData("{'matchLabels':{'a':'1'},'matchExpressions':[{'key':'b','operator':'DoesNotExist'}]}", "a=1,b=2", false)]
    [InlineData("{'matchExpressions':[{'key':'a','operator':'In','values':['1','2']}]}", "a=2", true)]
    [InlineData("{'matchExpressions':[{'key':'a','operator':'NotIn','values':['1','2']}]}", "", true)]
    [InlineData("{'matchExpressions':[{'key':'a','operator':'Exists'}]}", "a=", true)]
    [InlineData("{'matchExpressions':[{'key':'a','operator':'Exists','values':null}]}", "", false)]
    public void TryRead_Object_MatchesAsItSays(string json, string labels, bool expected)
    {
        Assert.True(LabelSelector.TryRead(JsonNode.Parse(json.Replace('\'', '"')), out var selector, out var problem), problem);
        Assert.Equal(expected, selector.Matches(labels.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => pair[1])));
    }

    [Theory]
    [InlineData("'a'", "a label selector is an object")]
    [InlineData("{'matchLabels':[]}", "a label selector is an object")]
    [InlineData("{'matchLabels':{'a':1}}", "matchLabels[a]: the value is not a text")]
    [InlineData("{'matchLabels':{'a':'-'}}", "values[0][a]: Invalid value: \"-\"")]
    [InlineData("{'matchExpressions':[1]}", "an entry of matchExpressions is an object")]
    [InlineData("{'matchExpressions':[{'key':'a','operator':'in','values':['x']}]}", "\"in\" is not a valid label selector operator")]
    [InlineData("{'matchExpressions':[{'key':'a'}]}", "\"\" is not a valid label selector operator")]
    [InlineData("{'matchExpressions':[{'key':'a','operator':'In'}]}", "values: Invalid value: []: for 'in', 'notin' operators, values set can't be empty")]
    [InlineData("{'matchExpressions':[{'key':'a','operator':'Exists','values':['x']}]}", "values set must be empty for exists and does not exist")]
    [InlineData("{'matchExpressions':[{'key':'-','operator':'Exists'}]}", "key: Invalid value: \"-\": name part")]
    [InlineData("{'matchExpressions':[{'key':'a','operator':'In','values':[1]}]}", "an entry of matchExpressions is an object")]
    public void TryRead_BadObject_IsRefused(string json, string message)
    {
        Assert.False(LabelSelector.TryRead(JsonNode.Parse(json.Replace('\'', '"')), out var selector, out var problem));
        Assert.Contains(message, problem, StringComparison.Ordinal);
        Assert.False(selector.Matches((JsonObject?)null));
    }

    [Fact]
    public void ToString_OfAParsedSelector_ParsesToTheSame() =>
        Gen.Int[0, 7].SelectMany(form => Gen.Int[0, 9].Array[1, 3].Select(numbers => (form, numbers))).Array[1, 4].Sample(parts =>
        {
            var text = string.Join(',', parts.Select(part => part.form switch
            {
                0 => "k",
                1 => "!k",
                2 => $"k={part.numbers[0]}",
                3 => $"k!={part.numbers[0]}",
                4 => $"k>{part.numbers[0]}",
                5 => $"k<{part.numbers[0]}",
                6 => $"k in ({string.Join(',', part.numbers)})",
                _ => $"k notin ({string.Join(',', part.numbers)})",
            }));
            Assert.True(LabelSelector.TryParse(text, out var first, out _));
            Assert.True(LabelSelector.TryParse(first.ToString(), out var second, out _));
            Assert.Equal(first.ToString(), second.ToString());
            for (var value = -1; value < 10; value++)
            {
                var labels = new Dictionary<string, string>();
                if (value >= 0)
                {
                    labels["k"] = value.ToString(System.Globalization.CultureInfo.InvariantCulture);
                }
                Assert.Equal(first.Matches(labels), second.Matches(labels));
            }
        });
}
