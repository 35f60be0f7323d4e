using Katabira.Cluster.Schemas;
using Xunit;

namespace Katabira.Tests.Cluster.Schemas;

public sealed class DefaultingTests
{
    [Theory]
    // schema of spec, spec, spec with defaults
    [InlineData("{type: object, properties: {a: {type: string, default: x}}}", "{}", "{a: x}")]
    [InlineData("{type: object, properties: {a: {type: string, default: x}}}", "{a: y}", "{a: y}")]
    [InlineData("{type: object, properties: {a: {type: string, default: ''}}}", "{}", "{a: ''}")]
    [InlineData("{type: object, properties: {a: {type: boolean, default: false}}}", "{}", "{a: false}")]
    // an object's default gets the defaults of its fields
    [InlineData("{type: object, properties: {a: {type: object, default: {}, properties: {b: {type: integer, default: 5}}}}}", "{}", "{a: {b: 5}}")]
    [InlineData("{type: object, properties: {a: {type: object, properties: {b: {type: integer, default: 5}}}}}", "{}", "{}")]
    [InlineData("{type: object, properties: {a: {type: object, properties: {b: {type: integer, default: 5}}}}}", "{a: {}}", "{a: {b: 5}}")]
    [InlineData("{type: object, properties: {l: {type: array, items: {type: object, properties: {b: {type: integer, default: 5}}}}}}", "{l: [{}, {b: 1}]}", "{l: [{b: 5}, {b: 1}]}")]
    [InlineData("{type: object, properties: {m: {type: object, additionalProperties: {type: object, properties: {b: {type: integer, default: 5}}}}}}", "{m: {k: {}}}", "{m: {k: {b: 5}}}")]
    // null: no value where null is none, a value where it is one
    [InlineData("{type: object, properties: {a: {type: string}}}", "{a: null}", "{}")]
    [InlineData("{type: object, properties: {a: {type: string, default: x}}}", "{a: null}", "{a: x}")]
    [InlineData("{type: object, properties: {a: {type: string, nullable: true}}}", "{a: null}", "{a: null}")]
    [InlineData("{type: object, properties: {a: {type: string, nullable: true, default: x}}}", "{a: null}", "{a: null}")]
    [InlineData("{type: object, properties: {a: {type: string, nullable: true, default: x}}}", "{}", "{a: x}")]
    [InlineData("{type: object, properties: {m: {type: object, additionalProperties: {type: string}}}}", "{m: {k: null, n: x}}", "{m: {n: x}}")]
    [InlineData("{type: object, properties: {m: {type: object, additionalProperties: {type: object, default: {}, properties: {b: {type: integer, default: 5}}}}}}", "{m: {k: null}}", "{m: {k: {b: 5}}}")]
    [InlineData("{type: object, properties: {l: {type: array, items: {type: integer, default: 7}}}}", "{l: [null, 1]}", "{l: [7, 1]}")]
    [InlineData("{type: object, x-kubernetes-preserve-unknown-fields: true}", "{a: null}", "{a: null}")]
    public void Object_Decoded_GetsItsDefaults(string schema, string spec, string expected)
    {
        var widget = Widgets.Of(spec);
        Widgets.Version(schema).Decode(widget, collectUnknown: false);
        Assert.Equal(YamlJson.Read(expected)!.ToJsonString(), widget["spec"]!.ToJsonString());
    }

    [Fact]
    public void Default_FilledIntoTwoObjects_IsNotShared()
    {
        var version = Widgets.Version("{type: object, properties: {a: {type: object, default: {k: v}, additionalProperties: {type: string}}}}");
        var (first, second) = (Widgets.Of("{}"), Widgets.Of("{}"));
        version.Default(first);
        version.Default(second);
        first["spec"]!["a"]!["k"] = "changed";
        Assert.Equal("v", second["spec"]!["a"]!["k"]!.GetValue<string>());
    }

    [Fact]
    public void OldObject_ReadAsAnotherVersion_GetsThatVersionsNameAndDefaults()
    {
        var crd = Widgets.Definition("{type: object, properties: {a: {type: string}}}");
        var second = crd["spec"]!["versions"]![0]!.DeepClone().AsObject();
        second["name"] = "v2";
        second["storage"] = false;
        second["schema"]!["openAPIV3Schema"]!["properties"]!["spec"] = YamlJson.Read("{type: object, properties: {b: {type: integer, default: 3}}}");
        crd["spec"]!["versions"]!.AsArray().Add(second);
        Assert.Empty(CrdCheck.Check(crd, Widgets.Patterns));
        var model = CustomResourceModel.Compile(crd, Widgets.Patterns);

        var stored = Widgets.Of("{a: x}");
        model.Version("v2")!.Read(stored);

        Assert.Equal("v1", model.Storage.Name);
        Assert.Equal("example.com/v2", stored["apiVersion"]!.GetValue<string>());
        Assert.Equal("""{"b":3}""", stored["spec"]!.ToJsonString());
    }

    [Theory]
    [InlineData("{type: string, default: 5}", "Invalid value: \"integer\":  in body must be of type string: \"integer\"")]
    [InlineData("{type: string, enum: [a], default: b}", "Unsupported value: \"b\": supported values: \"a\"")]
    [InlineData("{type: object, default: {nope: 1}, properties: {a: {type: string}}}", "Invalid value: {\"nope\":1}: must not have unknown fields")]
    [InlineData("{type: integer, default: 1, x-kubernetes-validations: [{rule: self > 1, message: too small}]}", "Invalid value: 1: too small")]
    public void Definition_WithADefaultThatItsSchemaRefuses_IsRefused(string schema, string message)
    {
        var issue = Assert.Single(CrdCheck.Check(Widgets.Definition($"{{type: object, properties: {{x: {schema}}}}}"), Widgets.Patterns));
        Assert.Equal("spec.validation.openAPIV3Schema.properties[spec].properties[x].default", issue.Path);
        Assert.Equal(message, issue.Message);
    }
}
