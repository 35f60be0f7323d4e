using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Katabira.Cluster.Schemas;
using Xunit;

namespace Katabira.Tests.Cluster.Schemas;

/// <summary>Definitions and objects made to cost more than they should.</summary>
public sealed class HostileSchemaTests
{
    private static readonly JsonDocumentOptions s_deep = new() { MaxDepth = 100_000 };

    [Fact]
    public void Schema_NestedTooDeeply_IsRefusedOnce()
    {
        const int levels = 500;
        var json = string.Concat(Enumerable.Repeat("{\"type\":\"object\",\"properties\":{\"a\":", levels)) + "{\"type\":\"string\"}" + string.Concat(Enumerable.Repeat("}}", levels));
        var crd = Widgets.Whole("{type: object}");
        crd["spec"]!["versions"]![0]!["schema"]!["openAPIV3Schema"] = JsonNode.Parse(json, documentOptions: s_deep);
        var issue = Assert.Single(CrdCheck.Check(crd, Widgets.Patterns));
        Assert.EndsWith("Forbidden: schemas may be nested 100 levels deep at most", issue.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Schema_WithTooManyParts_IsRefusedOnce()
    {
        var properties = new JsonObject(Enumerable.Range(0, SchemaShape.MostSchemas + 10).Select(i => KeyValuePair.Create($"p{i}", (JsonNode?)new JsonObject { ["type"] = "string" })));
        var crd = Widgets.Whole("{type: object}");
        crd["spec"]!["versions"]![0]!["schema"]!["openAPIV3Schema"]!["properties"] = properties;
        var issue = Assert.Single(CrdCheck.Check(crd, Widgets.Patterns));
        Assert.EndsWith("Forbidden: a version may have 100000 schemas at most", issue.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Junctors_NestedInEachOther_CostNoMoreThanTheyAreMany()
    {
        // Each level asks the next one four times; without a memory of what failed, 4^12 questions.
        var schema = new StringBuilder("{required: [a]}");
        for (var i = 0; i < 12; i++)
        {
            schema = new StringBuilder($"{{anyOf: [{schema}]}}");
        }
        Assert.Contains("spec.a: Required value", Widgets.Issues(Widgets.Version($"{{type: object, properties: {{a: {{type: string}}}}, anyOf: [{schema}]}}"), "{}"));
    }

    [Fact]
    public void Value_TooLargeForItsSchema_IsRefusedInBoundedTime()
    {
        var junctors = string.Join(',', Enumerable.Range(0, 200).Select(i => $"{{not: {{required: [k{i}]}}}}"));
        var schema = new SchemaReader(Widgets.Patterns).Read((JsonObject)YamlJson.Read($"{{type: array, items: {{type: object, allOf: [{junctors}]}}}}")!);
        var value = new JsonArray([.. Enumerable.Range(0, 2_000).Select(_ => (JsonNode)new JsonObject())]);
        var issues = new FieldIssues();
        ValueCheck.Check(value, schema, issues, mostSteps: 100_000);
        Assert.Contains(issues.ToList(), i => i.Message.EndsWith("validation was stopped because the object is too large for its schema", StringComparison.Ordinal));

        var free = new FieldIssues();
        ValueCheck.Check(value, schema, free);
        Assert.Empty(free.ToList());
    }

    [Fact]
    public void Value_NestedFarBeyondItsSchema_IsPruned()
    {
        var json = string.Concat(Enumerable.Repeat("[", 900)) + string.Concat(Enumerable.Repeat("]", 900));
        var widget = Widgets.Of("{}");
        widget["spec"] = new JsonObject { ["a"] = JsonNode.Parse(json, documentOptions: s_deep), ["b"] = JsonNode.Parse(json, documentOptions: s_deep) };
        var version = Widgets.Version("{type: object, properties: {a: {type: array, items: {type: string}}}}");
        Assert.Equal(["spec.b"], version.Decode(widget, collectUnknown: true));
        Assert.StartsWith("spec.a[0]: Invalid value: \"array\"", version.Validate(widget, null)[0].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Message_AboutAHugeValue_IsShort()
    {
        var version = Widgets.Version("{type: object, properties: {a: {type: string, enum: [x]}, b: {type: string, pattern: '^x$'}}}");
        var widget = Widgets.Of("{}");
        widget["spec"] = new JsonObject { ["a"] = new string('y', 1_000_000), ["b"] = new string('z', 1_000_000) };
        Assert.All(version.Validate(widget, null), i => Assert.True(i.Message.Length < 2_500));
    }

    [Fact]
    public void Pattern_WithACatastrophicShape_AnswersAllTheSame()
    {
        var version = Widgets.Version("{type: object, properties: {a: {type: string, pattern: '^(a+)+$'}}}");
        var widget = Widgets.Of("{}");
        widget["spec"] = new JsonObject { ["a"] = new string('a', 100_000) + "!" };
        Assert.Single(version.Validate(widget, null));
    }
}
