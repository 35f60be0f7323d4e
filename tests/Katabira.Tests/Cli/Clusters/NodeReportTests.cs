using System.Text.Json;
using Katabira.Cli.Clusters;
using Xunit;

namespace Katabira.Tests.Cli.Clusters;

public class NodeReportTests
{
    [Theory]
    [InlineData("""{"items":[{"metadata":{"name":"n"},"status":{"conditions":[{"type":"Other","status":"False"},{"type":"Ready","status":"True"}]}}]}""", "n True")]
    [InlineData("""{"items":[{"metadata":{"name":"n"},"status":{"conditions":[{"type":"Ready","status":"Unknown"}]}}]}""", "n False")]
    [InlineData("""{"items":[{"metadata":{"name":"n"}}]}""", "n False")]
    [InlineData("""{"items":[{"metadata":7,"status":[]}]}""", " False")]
    [InlineData("""{"items":[]}""", "none")]
    [InlineData("""{"kind":"Status"}""", "none")]
    [InlineData("7", "none")]
    public void Node_OfAList_IsTheFirst(string json, string expected) =>
        Assert.Equal(expected, NodeReport.Of(Parse(json)) is { } node ? $"{node.Name} {node.Ready}" : "none");

    [Fact]
    public void Pods_OfAList_AreThoseThatHaveNotEnded()
    {
        var pods = PodsReport.Of(Parse("""
            {"items":[
              {"status":{"phase":"Running","conditions":[{"type":"Ready","status":"True"}]}},
              {"status":{"phase":"Running","conditions":[{"type":"Ready","status":"False"}]}},
              {"status":{"phase":"Pending"}},
              {"status":{"phase":"Succeeded"}},
              {"status":{"phase":"Failed"}},
              {}
            ]}
            """));

        Assert.Equal(new PodsReport(Total: 4, Ready: 1), pods);
    }

    [Fact]
    public void Reports_OfNoAnswer_AreNone()
    {
        Assert.Null(NodeReport.Of(null));
        Assert.Null(PodsReport.Of(null));
    }

    private static JsonElement Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
