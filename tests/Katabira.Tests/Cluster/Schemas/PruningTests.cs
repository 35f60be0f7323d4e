using System.Text.Json.Nodes;
using Xunit;

namespace Katabira.Tests.Cluster.Schemas;

public sealed class PruningTests
{
    [Theory]
    // schema of spec, spec, what is left, what strict validation names
    [InlineData("{type: object, properties: {a: {type: string}}}", "{a: x, b: y, c: {d: 1}}", "{a: x}", "spec.b spec.c")]
    [InlineData("{type: object}", "{a: 1}", "{}", "spec.a")]
    [InlineData("{type: object, properties: {l: {type: array, items: {type: object, properties: {a: {type: string}}}}}}", "{l: [{a: x}, {a: y, b: 1}, 5]}", "{l: [{a: x}, {a: y}, 5]}", "spec.l[1].b")]
    [InlineData("{type: object, properties: {m: {type: object, additionalProperties: {type: object, properties: {a: {type: string}}}}}}", "{m: {k: {a: x, b: 1}}}", "{m: {k: {a: x}}}", "spec.m.k.b")]
    // preserved, at the root of a part and below
    [InlineData("{type: object, x-kubernetes-preserve-unknown-fields: true}", "{a: {b: [1, {c: 2}]}}", "{a: {b: [1, {c: 2}]}}", "")]
    [InlineData("{type: object, properties: {p: {type: object, x-kubernetes-preserve-unknown-fields: true}}}", "{p: {a: {b: 1}}, q: 1}", "{p: {a: {b: 1}}}", "spec.q")]
    // a declared field below a preserved place is pruned again
    [InlineData("{type: object, x-kubernetes-preserve-unknown-fields: true, properties: {d: {type: object, properties: {a: {type: string}}}}}", "{x: 1, d: {a: y, b: z}}", "{x: 1, d: {a: y}}", "spec.d.b")]
    // and items of a preserved list keep what they have, but for what their own fields declare
    [InlineData("{type: object, properties: {l: {type: array, x-kubernetes-preserve-unknown-fields: true, items: {type: object, properties: {d: {type: object}}}}}}", "{l: [{x: 1, d: {y: 2}}]}", "{l: [{x: 1, d: {}}]}", "spec.l[0].d.y")]
    // keys of a map of anything stay, what is in their values does not
    [InlineData("{type: object, properties: {m: {type: object, additionalProperties: true}}}", "{m: {k: {a: 1}, n: 5}}", "{m: {k: {}, n: 5}}", "spec.m.k.a")]
    // whole objects inside keep their headers
    [InlineData("{type: object, properties: {o: {type: object, x-kubernetes-embedded-resource: true, properties: {spec: {type: object}}}}}", "{o: {apiVersion: v1, kind: Pod, metadata: {name: p, labels: {a: b}}, spec: {x: 1}, status: {}}}", "{o: {apiVersion: v1, kind: Pod, metadata: {name: p, labels: {a: b}}, spec: {}}}", "spec.o.spec.x spec.o.status")]
    public void Object_Decoded_LosesWhatIsUnknown(string schema, string spec, string left, string unknown)
    {
        var version = Widgets.Version(schema);
        var widget = Widgets.Of(spec);
        var paths = version.Decode(widget, collectUnknown: true);
        Assert.Equal(YamlJson.Read(left)!.ToJsonString(), widget["spec"]!.ToJsonString());
        Assert.Equal(unknown, string.Join(' ', paths));
        Assert.Equal("""{"name":"w","namespace":"default"}""", widget["metadata"]!.ToJsonString());
    }

    [Fact]
    public void Object_WithUnknownFieldsAtTheRoot_KeepsItsHeaderOnly()
    {
        var widget = Widgets.Of("{}");
        widget["data"] = 1;
        var paths = Widgets.Version("{type: object}").Decode(widget, collectUnknown: true);
        Assert.Equal(["data"], paths);
        Assert.Equal("""{"apiVersion":"example.com/v1","kind":"Widget","metadata":{"name":"w","namespace":"default"},"spec":{}}""", widget.ToJsonString());
    }

    [Fact]
    public void Object_Decoded_KeepsOrderAndTheTextOfNumbers()
    {
        const string json = """{"apiVersion":"example.com/v1","kind":"Widget","metadata":{"name":"w"},"spec":{"z":1.50,"a":1e3,"m":{"9":10000000000000000000001,"1":-0.0}}}""";
        var widget = (JsonObject)JsonNode.Parse(json)!;
        var version = Widgets.Version("{type: object, properties: {a: {type: number}, z: {type: number}, m: {type: object, additionalProperties: {type: number}}}}");
        version.Decode(widget, collectUnknown: false);
        Assert.Empty(version.Validate(widget, null));
        Assert.Equal(json, widget.ToJsonString());
    }

    [Fact]
    public void Pruning_NotAskedForPaths_CollectsNone()
    {
        var widget = Widgets.Of("{a: 1}");
        Assert.Empty(Widgets.Version("{type: object}").Decode(widget, collectUnknown: false));
        Assert.Equal("{}", widget["spec"]!.ToJsonString());
    }
}
