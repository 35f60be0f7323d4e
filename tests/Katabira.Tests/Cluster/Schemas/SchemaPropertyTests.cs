using System.Text.Json.Nodes;
using CsCheck;
using Katabira.Cluster.Schemas;
using Xunit;

namespace Katabira.Tests.Cluster.Schemas;

/// <summary>What holds for any JSON whatsoever.</summary>
public sealed class SchemaPropertyTests
{
    private const string Rich = """
        type: object
        required: [a]
        properties:
          a: {type: string, default: x, minLength: 1, pattern: '^[a-z]+$'}
          b: {type: integer, minimum: 1, maximum: 5, default: 3, nullable: true}
          c: {x-kubernetes-int-or-string: true}
          d:
            type: object
            default: {}
            properties:
              a: {type: array, items: {type: object, properties: {a: {type: string, default: q}, b: {type: number}}}}
              b: {type: object, additionalProperties: {type: string, nullable: true}}
              c: {type: boolean, default: true}
            oneOf: [{required: [a]}, {required: [b]}, {not: {anyOf: [{required: [a]}, {required: [b]}]}}]
          e: {type: array, x-kubernetes-list-type: set, items: {type: string}}
          f:
            type: array
            x-kubernetes-list-type: map
            x-kubernetes-list-map-keys: [a]
            items: {type: object, properties: {a: {type: string, default: k}, b: {type: integer}}}
          g: {type: object, x-kubernetes-preserve-unknown-fields: true, properties: {a: {type: object, properties: {b: {type: string}}}}}
          h: {type: object, x-kubernetes-embedded-resource: true, x-kubernetes-preserve-unknown-fields: true}
        x-kubernetes-validations:
        - {rule: "!has(self.d) || !has(self.d.b) || self.d.b.all(k, k != '' && self.d.b[k] != 'z')"}
        - {rule: "!has(self.c) || (type(self.c) == int ? self.c > 0 : self.c.matches('^[0-9]+%$'))"}
        - {rule: "!has(self.f) || self.f.all(x, self.f.exists_one(y, x.a == y.a))"}
        - {rule: "self.e.size() < 3 && self == oldSelf"}
        """;

    private static readonly CustomResourceVersion s_version = Widgets.Version(Rich);

    private static readonly Gen<string> s_scalar = Gen.OneOf(
        Gen.OneOf("null", "true", "false", "0", "-1", "3", "1.5", "1e400", "99999999999999999999", "\"\"", "\"a\"", "\"z\"", "\"5%\"", "\"v1\"", "\"é🐱\"", "\"2026-08-01T00:00:00Z\""),
        Gen.Int.Select(i => i.ToString(System.Globalization.CultureInfo.InvariantCulture)));

    private static readonly Gen<string> s_name = Gen.OneOf("a", "b", "c", "d", "e", "f", "g", "h", "apiVersion", "kind", "metadata", "spec", "status", "", "x y");

    private static readonly Gen<string> s_json = Gen.Recursive<string>((depth, inner) => depth > 5 ? s_scalar : Gen.Frequency(
        (2, s_scalar),
        (1, inner.Array[0, 4].Select(items => $"[{string.Join(',', items)}]")),
        (3, Gen.Select(s_name, inner).Array[0, 6].Select(members => "{" + string.Join(',', members.DistinctBy(m => m.Item1).Select(m => $"\"{m.Item1}\":{m.Item2}")) + "}"))));

    [Fact]
    public void AnyJson_PrunedTwice_IsAsAfterOnce() => s_json.Sample(json =>
    {
        var widget = Around(json);
        Pruning.Prune(widget, s_version.Schema, isResource: true);
        var once = widget.ToJsonString();
        var unknown = new List<string>();
        Pruning.Prune(widget, s_version.Schema, isResource: true, unknown);
        return widget.ToJsonString() == once && unknown.Count == 0;
    });

    [Fact]
    public void AnyJson_DefaultedTwice_IsAsAfterOnce() => s_json.Sample(json =>
    {
        var widget = Around(json);
        s_version.Default(widget);
        var once = widget.ToJsonString();
        s_version.Default(widget);
        return widget.ToJsonString() == once;
    });

    [Fact]
    public void AnyJson_DecodedTwice_IsAsAfterOnce() => s_json.Sample(json =>
    {
        var widget = Around(json);
        s_version.Decode(widget, collectUnknown: true);
        var once = widget.ToJsonString();
        return s_version.Decode(widget, collectUnknown: true).Count == 0 && widget.ToJsonString() == once;
    });

    [Fact]
    public void AnyJson_Validated_IsJudgedWithoutAnException() => Gen.Select(s_json, s_json).Sample((json, old) =>
    {
        var (widget, before) = (Around(json), Around(old));
        s_version.Validate(widget, before);
        s_version.Decode(widget, collectUnknown: true);
        s_version.Decode(before, collectUnknown: true);
        var text = widget.ToJsonString();
        var issues = s_version.Validate(widget, before);
        s_version.ValidateStatus(widget, before);
        // Judging changes nothing, and twice the same object gets the same judgement.
        return widget.ToJsonString() == text && issues.SequenceEqual(s_version.Validate(widget, before));
    });

    [Fact]
    public void AnyJson_AsADefinition_IsJudgedWithoutAnException() => s_json.Sample(json =>
    {
        var crd = Widgets.Whole("{type: object}");
        crd["spec"]!["versions"]![0]!["schema"]!["openAPIV3Schema"]!["properties"] = new JsonObject { ["spec"] = JsonNode.Parse(json) };
        CrdCheck.Check(crd, Widgets.Patterns);
        crd["spec"] = JsonNode.Parse(json);
        CrdCheck.Check(crd, Widgets.Patterns);
    });

    [Fact]
    public void HalfACharacter_Validated_IsJudgedWithoutAnException()
    {
        var widget = Around("""{"a":"\ud800","c":"\ud800","e":["\ud800","\ud800"],"d":{"b":{"k":"\ud800"}}}""");
        Assert.Equal("spec.a: Invalid value: \"\uFFFD\": spec.a in body should match '^[a-z]+$'", s_version.Validate(widget, null)[0].ToString());
    }

    private static JsonObject Around(string json)
    {
        var widget = Widgets.Of("{}");
        widget["spec"] = JsonNode.Parse(json);
        return widget;
    }
}
