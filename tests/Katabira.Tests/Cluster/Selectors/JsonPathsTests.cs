using System.Text.Json.Nodes;
using Katabira.Cluster.Selectors;
using Xunit;

namespace Katabira.Tests.Cluster.Selectors;

public class JsonPathsTests
{
    private const string Object = """
        {
          "metadata": { "name": "web", "annotations": { "example.com/x": "y", "a]b": "z" } },
          "spec": { "hosts": ["a", "b"], "n": 1.0, "flag": false, "nothing": null, "ports": [ { "port": 80 }, { "port": 443, "name": "tls" } ] },
          "status": { "conditions": [ { "type": "Live", "status": "False" }, { "type": "Ready", "status": "True" } ] }
        }
        """;

    [Theory]
    [InlineData(".metadata.name", "['web']")]
    [InlineData("{.metadata.name}", "['web']")]
    [InlineData("$.metadata.name", "['web']")]
    [InlineData(".spec.n", "[1.0]")]
    [InlineData(".spec.flag", "[false]")]
    [InlineData(".spec.nothing", "[]")]
    [InlineData(".spec.missing.deep", "[]")]
    [InlineData(".metadata.name.x", "[]")]
    [InlineData(".spec.hosts", "[['a','b']]")]
    [InlineData(".spec.hosts[0]", "['a']")]
    [InlineData(".spec.hosts[-1]", "['b']")]
    [InlineData(".spec.hosts[2]", "[]")]
    [InlineData(".spec.hosts[-3]", "[]")]
    [InlineData(".spec.hosts[*]", "['a','b']")]
    [InlineData(".spec.ports[*].port", "[80,443]")]
    [InlineData(".spec.ports[*].name", "['tls']")]
    [InlineData(".metadata.annotations.*", "['y','z']")]
    [InlineData(".metadata.annotations['example.com/x']", "['y']")]
    [InlineData(".metadata.annotations['example\\.com/x']", "['y']")]
    [InlineData(".metadata.annotations.example\\.com/x", "['y']")]
    [InlineData(".metadata.annotations[\"a]b\"]", "['z']")]
    [InlineData("['metadata']['name']", "['web']")]
    [InlineData(".status.conditions[?(@.type==\"Ready\")].status", "['True']")]
    [InlineData(".status.conditions[?(@.type=='Ready')].status", "['True']")]
    [InlineData(".status.conditions[?( @.type != 'Ready' )].type", "['Live']")]
    [InlineData(".status.conditions[?(@.type==\"Gone\")].status", "[]")]
    [InlineData(".spec.ports[?(@.port==443)].name", "['tls']")]
    [InlineData(".spec.ports[?(@.name)].port", "[443]")]
    [InlineData(".spec.ports[?(@.name!='x')].port", "[443]")]
    [InlineData(".spec.hosts[?(@=='b')]", "['b']")]
    [InlineData(".spec[?(@.a==1)]", "[]")]
    [InlineData(".status.conditions[?(@.type==\"a)b]\")]", "[]")]
    public void Evaluate_Path_GivesTheValues(string text, string expected)
    {
        Assert.True(JsonPaths.TryParse(text, out var path, out var problem), problem);
        var values = path!.Evaluate(JsonNode.Parse(Object));
        Assert.Equal(JsonNode.Parse(expected.Replace('\'', '"'))!.ToJsonString(), $"[{string.Join(',', values.Select(value => value.ToJsonString()))}]");
        Assert.Same(values.Count == 0 ? null : values[0], values.Count == 0 ? path.First(JsonNode.Parse(Object)) : values[0]);
    }

    [Fact]
    public void Evaluate_Dot_IsTheRoot()
    {
        Assert.True(JsonPaths.TryParse(".", out var path, out _));
        Assert.Equal("{\"a\":1}", path!.First(JsonNode.Parse("{\"a\":1}"))!.ToJsonString());
        Assert.Null(path.First(null));
    }

    [Theory]
    [InlineData("", "must be a simple json path starting with .")]
    [InlineData("spec.x", "must be a simple json path starting with .")]
    [InlineData(".spec.", "ends with a dot")]
    [InlineData("..name", "recursive descent (..) is not supported")]
    [InlineData(".items..name", "recursive descent (..) is not supported")]
    [InlineData(".spec.x[", "unterminated array")]
    [InlineData(".spec.x['a]", "unterminated array")]
    [InlineData(".spec.x[a]", "invalid array index a")]
    [InlineData(".spec.x[]", "invalid array index")]
    [InlineData(".spec.x[99999999999]", "invalid array index 99999999999")]
    [InlineData(".spec.x[0,1]", "union [0,1] is not supported")]
    [InlineData(".spec.x['a','b']", "union ['a','b'] is not supported")]
    [InlineData(".spec.x[0:2]", "slice [0:2] is not supported")]
    [InlineData(".spec.x[(@.length-1)]", "script expression [(@.length-1)] is not supported")]
    [InlineData(".spec.x[?(@.a<1)]", "unrecognized filter operator <1")]
    [InlineData(".spec.x[?(@.a>=1)]", "unrecognized filter operator >=")]
    [InlineData(".spec.x[?(@.a=~/x/)]", "unrecognized filter operator =~")]
    [InlineData(".spec.x[?(@.a==@.b)]", "a filter compares with a text, a number or a truth value")]
    [InlineData(".spec.x[?(@.a==1 && @.b==2)]", "a filter compares with a text, a number or a truth value")]
    [InlineData(".spec.x[?(@.a[?(@.b)])]", "a filter inside a filter is not supported")]
    [InlineData(".spec.x[?(a==1)]", "must be a simple json path starting with .")]
    [InlineData(".spec.x y", "unrecognized character in jsonpath \".spec.x y\": ' '")]
    [InlineData("{.a}{.b}", "unrecognized character")]
    public void TryParse_WhatItDoesNotKnow_IsRefusedByName(string text, string message)
    {
        Assert.False(JsonPaths.TryParse(text, out var path, out var problem));
        Assert.Contains(message, problem, StringComparison.Ordinal);
        Assert.Null(path);
    }

    [Fact]
    public void TryParse_LongPaths_AreRefused()
    {
        Assert.False(JsonPaths.TryParse(string.Concat(Enumerable.Repeat(".a", 65)), out _, out var steps));
        Assert.Contains("more than 64 steps", steps, StringComparison.Ordinal);
        Assert.False(JsonPaths.TryParse("." + new string('a', 5000), out _, out var length));
        Assert.Equal("the path is too long", length);
    }

    [Fact]
    public void Evaluate_WildcardsThatMultiply_AreCutOff()
    {
        JsonNode? nested = 0;
        for (var depth = 0; depth < 6; depth++)
        {
            nested = new JsonArray([.. Enumerable.Range(0, 8).Select(_ => nested?.DeepClone())]);
        }
        Assert.True(JsonPaths.TryParse("[*][*][*][*][*][*]", out var path, out _));
        Assert.Equal(JsonPaths.MaxResults, path!.Evaluate(nested).Count);
    }
}
