using System.Text.Json.Nodes;
using Katabira.Cluster.Schemas;
using Xunit;

namespace Katabira.Tests.Cluster.Schemas;

/// <summary>Definitions that are refused, and why. S stands for the place of the schema of spec.</summary>
public sealed class CrdCheckTests
{
    private const string Place = "spec.validation.openAPIV3Schema.properties[spec]";

    [Theory]
    // structural: every place has a type
    [InlineData("{}", "S.type: Required value: must not be empty for specified object fields")]
    [InlineData("{type: object, properties: {a: {}}}", "S.properties[a].type: Required value: must not be empty for specified object fields")]
    [InlineData("{type: array}", "S.items: Required value: must be specified")]
    [InlineData("{type: array, items: {}}", "S.items.type: Required value: must not be empty for specified array items")]
    [InlineData("{type: null-ish}", "S.type: Unsupported value: \"null-ish\": supported values: \"array\", \"boolean\", \"integer\", \"number\", \"object\", \"string\"")]
    [InlineData("{type: object, properties: {a: {type: string}}, additionalProperties: {type: string}}", "S.additionalProperties: Forbidden: additionalProperties and properties are mutual exclusive")]
    // junctors judge and do not shape
    [InlineData("{type: object, anyOf: [{type: object}]}", "S.anyOf[0].type: Forbidden: must be empty to be structural")]
    [InlineData("{type: object, oneOf: [{description: x, title: y, default: {}, nullable: true}]}", "S.oneOf[0].default: Forbidden: must be undefined to be structural", "S.oneOf[0].description: Forbidden: must be empty to be structural", "S.oneOf[0].nullable: Forbidden: must be false to be structural", "S.oneOf[0].title: Forbidden: must be empty to be structural")]
    [InlineData("{type: object, not: {additionalProperties: {minLength: 1}}}", "S.not.additionalProperties: Forbidden: must be undefined to be structural")]
    [InlineData("{type: object, allOf: [{x-kubernetes-preserve-unknown-fields: true, x-kubernetes-list-type: atomic}]}", "S.allOf[0].x-kubernetes-list-type: Forbidden: must be undefined to be structural", "S.allOf[0].x-kubernetes-preserve-unknown-fields: Forbidden: must be false to be structural", "S.allOf[0].type: Required value: must be array if x-kubernetes-list-type is specified")]
    [InlineData("{type: object, anyOf: [{x-kubernetes-validations: [{rule: 'true'}]}]}", "S.anyOf[0].x-kubernetes-validations: Forbidden: must be empty to be structural")]
    [InlineData("{type: object, properties: {a: {anyOf: [{type: integer}, {type: string}]}}}", "S.properties[a].type: Required value: must not be empty for specified object fields")]
    [InlineData("{type: object, properties: {a: {x-kubernetes-int-or-string: true, x-kubernetes-preserve-unknown-fields: true}}}", "S.properties[a].x-kubernetes-preserve-unknown-fields: Invalid value: true: must be false if x-kubernetes-int-or-string is true")]
    // keywords
    [InlineData("{type: object, $ref: '#/x'}", "S.$ref: Forbidden: $ref is not supported")]
    [InlineData("{type: array, items: {type: string}, uniqueItems: true}", "S.uniqueItems: Forbidden: uniqueItems cannot be set to true since the runtime complexity becomes quadratic")]
    [InlineData("{type: object, patternProperties: {a: {type: string}}}", "S.patternProperties: Forbidden: patternProperties is not supported")]
    [InlineData("{type: object, definitions: {a: {type: string}}}", "S.definitions: Forbidden: definitions is not supported")]
    [InlineData("{type: object, dependencies: {a: [b]}}", "S.dependencies: Forbidden: dependencies is not supported")]
    [InlineData("{type: object, x-kubernetes-preserve-unknown-fields: false}", "S.x-kubernetes-preserve-unknown-fields: Invalid value: false: must be true or undefined")]
    [InlineData("{type: string, pattern: '(?=a)'}", "S.pattern: Invalid value: \"(?=a)\": must be a valid regular expression, but isn't: error parsing regexp: invalid or unsupported Perl syntax")]
    // lists and maps
    [InlineData("{type: object, x-kubernetes-list-type: set}", "S.type: Invalid value: \"object\": must be array if x-kubernetes-list-type is specified")]
    [InlineData("{type: array, items: {type: string}, x-kubernetes-list-type: bag}", "S.x-kubernetes-list-type: Unsupported value: \"bag\": supported values: \"atomic\", \"set\", \"map\"")]
    [InlineData("{type: array, items: {type: object}, x-kubernetes-list-type: set}", "S.items.x-kubernetes-map-type: Invalid value: \"null\": must be atomic as item of a list with x-kubernetes-list-type=set")]
    [InlineData("{type: array, items: {type: object}, x-kubernetes-list-type: map}", "S.x-kubernetes-list-map-keys: Required value: must not be empty if x-kubernetes-list-type is map")]
    [InlineData("{type: array, items: {type: object, properties: {a: {type: string}}}, x-kubernetes-list-type: map, x-kubernetes-list-map-keys: [a]}", "S.items.properties[a].default: Required value: this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property")]
    [InlineData("{type: array, items: {type: object}, x-kubernetes-list-type: map, x-kubernetes-list-map-keys: [a]}", "S.x-kubernetes-list-map-keys: Invalid value: [\"a\"]: entries must all be names of item properties")]
    [InlineData("{type: string, x-kubernetes-map-type: atomic}", "S.type: Invalid value: \"string\": must be object if x-kubernetes-map-type is specified")]
    // embedded objects
    [InlineData("{type: object, x-kubernetes-embedded-resource: true}", "S.properties: Required value: must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields")]
    [InlineData("{type: string, x-kubernetes-embedded-resource: true, x-kubernetes-preserve-unknown-fields: true}", "S.type: Invalid value: \"string\": must be object if x-kubernetes-embedded-resource is true")]
    // rules as text
    [InlineData("{type: object, x-kubernetes-validations: [{message: m}]}", "S.x-kubernetes-validations[0].rule: Required value: rule is not specified")]
    [InlineData("{type: object, x-kubernetes-validations: [{rule: 'true', message: ' '}]}", "S.x-kubernetes-validations[0].message: Invalid value: \" \": must be non-empty if specified")]
    [InlineData("{type: object, x-kubernetes-validations: [{rule: \"true\\n\"}, {rule: \"true\\n&& true\"}]}", "S.x-kubernetes-validations[1].message: Required value: message must be specified if rule contains line breaks")]
    [InlineData("{type: object, x-kubernetes-validations: [{rule: 'true', reason: Because}]}", "S.x-kubernetes-validations[0].reason: Unsupported value: \"Because\": supported values: \"FieldValueDuplicate\", \"FieldValueForbidden\", \"FieldValueInvalid\", \"FieldValueRequired\"")]
    [InlineData("{type: object, x-kubernetes-validations: [{rule: 'true', fieldPath: .nope}]}", "S.x-kubernetes-validations[0].fieldPath: Invalid value: \".nope\": must be a valid path")]
    [InlineData("{type: object, x-kubernetes-validations: [{rule: 'true', optionalOldSelf: true}]}", "S.x-kubernetes-validations[0].optionalOldSelf: Invalid value: true: may not be set if oldSelf is not used in rule")]
    [InlineData("{type: object, x-kubernetes-validations: [{rule: '1 + 1'}]}", "S.x-kubernetes-validations[0].rule: Invalid value: {\"rule\":\"1 + 1\"}: cel expression must evaluate to a bool")]
    [InlineData("{type: object, x-kubernetes-validations: [{rule: 'true', messageExpression: '1'}]}", "S.x-kubernetes-validations[0].messageExpression: Invalid value: {\"rule\":\"true\",\"messageExpression\":\"1\"}: messageExpression must evaluate to a string")]
    // JSON of the wrong kind
    [InlineData("{type: object, properties: {a: 5}}", "S.properties: Invalid value: \"object\": must be of type object of object")]
    [InlineData("{type: object, required: a, minProperties: x}", "S.required: Invalid value: \"string\": must be of type array of string", "S.minProperties: Invalid value: \"string\": must be of type integer")]
    public void Definition_WithABadSchema_IsRefused(string schema, params string[] lines)
    {
        var expected = lines.Select(l => Place + l[1..]);
        Assert.Equal(expected, CrdCheck.Check(Widgets.Definition(schema), Widgets.Patterns).Select(i => i.ToString()));
    }

    [Theory]
    [InlineData("{type: object, additionalProperties: {type: string}}", "spec.validation.openAPIV3Schema.additionalProperties: Forbidden: must not be used at the root")]
    [InlineData("{properties: {spec: {type: object}}}", "spec.validation.openAPIV3Schema.type: Required value: must not be empty at the root")]
    [InlineData("{type: object, nullable: true}", "spec.validation.openAPIV3Schema.nullable: Forbidden: nullable cannot be true at the root")]
    [InlineData("{type: object, properties: {metadata: {type: object, properties: {labels: {type: object}}}}}", "spec.validation.openAPIV3Schema.properties[metadata]: Forbidden: must not specify anything other than name and generateName, but metadata is implicitly specified")]
    [InlineData("{type: object, properties: {kind: {type: integer}}}", "spec.validation.openAPIV3Schema.properties[kind].type: Invalid value: \"integer\": must be string")]
    [InlineData("{type: object, properties: {kind: {type: string, default: X}}}", "spec.validation.openAPIV3Schema.properties[kind].default: Forbidden: must not be set in top-level kind")]
    [InlineData("{type: object, anyOf: [{required: [a]}, {properties: {b: {minimum: 1}}}]}", "spec.validation.openAPIV3Schema.properties[b]: Required value: because it is defined in spec.validation.openAPIV3Schema.anyOf[1].properties[b]")]
    [InlineData("{type: object, properties: {metadata: {type: object, properties: {name: {type: string, maxLength: 5}}}}}")]
    [InlineData("{type: object, properties: {n: {x-kubernetes-int-or-string: true, anyOf: [{type: integer}, {type: string}]}}}")]
    [InlineData("{type: object, properties: {n: {x-kubernetes-int-or-string: true, allOf: [{anyOf: [{type: integer}, {type: string}]}, {pattern: a}]}}}")]
    [InlineData("{type: object, x-kubernetes-preserve-unknown-fields: true}")]
    public void Definition_WithARoot_IsJudged(string schema, params string[] lines) =>
        Assert.Equal(lines, CrdCheck.Check(Widgets.Whole(schema), Widgets.Patterns).Select(i => i.ToString()));

    [Theory]
    [InlineData("metadata.name", "\"other.example.com\"", "metadata.name: Invalid value: \"other.example.com\": must be spec.names.plural+\".\"+spec.group")]
    [InlineData("spec.scope", "\"Galactic\"", "spec.scope: Unsupported value: \"Galactic\": supported values: \"Cluster\", \"Namespaced\"")]
    [InlineData("spec.scope", "null", "spec.scope: Required value")]
    [InlineData("spec.versions", "[]", "spec.versions: Invalid value: []: must have exactly one version marked as storage version")]
    [InlineData("spec.versions.0.storage", "false", "spec.versions: Invalid value: *: must have exactly one version marked as storage version")]
    [InlineData("spec.versions.0.name", "\"1\"", "spec.versions[0].name: Invalid value: \"1\": a DNS-1035 label must*")]
    [InlineData("spec.versions.0.schema", "null", "spec.versions[0].schema.openAPIV3Schema: Required value")]
    [InlineData("spec.versions.0.deprecationWarning", "\"old\"", "spec.versions[0].deprecationWarning: Invalid value: \"old\": can only be set for deprecated versions")]
    [InlineData("spec.versions.0.additionalPrinterColumns", "[{\"name\":\"A\",\"type\":\"text\",\"jsonPath\":\"a\"},{}]", "spec.additionalPrinterColumns[0].type: Invalid value: \"text\": must be one of boolean,date,integer,number,string", "spec.additionalPrinterColumns[0].JSONPath: Invalid value: \"a\": must be a simple json path starting with .", "spec.additionalPrinterColumns[1].name: Required value", "spec.additionalPrinterColumns[1].type: Required value: must be one of boolean,date,integer,number,string", "spec.additionalPrinterColumns[1].JSONPath: Required value")]
    [InlineData("spec.versions.0.subresources", "{\"scale\":{\"specReplicasPath\":\".status.replicas\"}}", "spec.subresources.scale.specReplicasPath: Invalid value: \".status.replicas\": should be a json path under .spec", "spec.subresources.scale.statusReplicasPath: Required value")]
    [InlineData("spec.names.kind", "\"wid_get\"", "spec.names.kind: Invalid value: \"wid_get\": may have mixed case, but should otherwise match: a DNS-1035 label must*")]
    [InlineData("spec.names.singular", "null", "spec.names.singular: Required value")]
    [InlineData("spec.names.shortNames", "[\"W\"]", "spec.names.shortNames[0]: Invalid value: \"W\": a DNS-1035 label must*")]
    [InlineData("spec.names.listKind", "\"Widget\"", "spec.names.listKind: Invalid value: \"Widget\": kind and listKind may not be the same")]
    [InlineData("spec.conversion", "{\"strategy\":\"Webhook\"}", "spec.conversion.strategy: Unsupported value: \"Webhook\": supported values: \"None\"")]
    [InlineData("spec.preserveUnknownFields", "true", "spec.preserveUnknownFields: Invalid value: true: cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead")]
    public void Definition_WithOneThingChanged_IsRefused(string place, string json, params string[] lines)
    {
        var crd = Widgets.Whole("{type: object}");
        Set(crd, place, JsonNode.Parse(json));
        var found = CrdCheck.Check(crd, Widgets.Patterns).Select(i => i.ToString()).ToArray();
        Assert.Equal(lines.Length, found.Length);
        Assert.All(lines.Zip(found), pair => Assert.Matches("^" + System.Text.RegularExpressions.Regex.Escape(pair.First).Replace("\\*", ".*", StringComparison.Ordinal) + "$", pair.Second.Replace("[*]", "[.]", StringComparison.Ordinal).Replace("[.]", "[*]", StringComparison.Ordinal)));
    }

    [Fact]
    public void Definition_WithDifferentVersions_TellsWhichOneIsWrong()
    {
        var crd = Widgets.Whole("{type: object}");
        var second = crd["spec"]!["versions"]![0]!.DeepClone();
        second["name"] = "v2";
        second["schema"]!["openAPIV3Schema"] = YamlJson.Read("{type: object, properties: {a: {}}}");
        crd["spec"]!["versions"]!.AsArray().Add(second);
        Assert.Equal(
            [
                "spec.versions[1].schema.openAPIV3Schema.properties[a].type: Required value: must not be empty for specified object fields",
                "spec.versions: must have exactly one version marked as storage version",
            ],
            CrdCheck.Check(crd, Widgets.Patterns).Select(i => i.Path == "spec.versions" ? "spec.versions: " + i.Message[(i.Message.LastIndexOf(": ", StringComparison.Ordinal) + 2)..] : i.ToString()));
    }

    [Fact]
    public void Definition_OfTheCommunity_NeedsAnApproval()
    {
        var crd = Widgets.Whole("{type: object}");
        Set(crd, "spec.group", "networking.k8s.io");
        Set(crd, "metadata.name", "widgets.networking.k8s.io");
        Assert.Equal(["metadata.annotations[api-approved.kubernetes.io]"], CrdCheck.Check(crd, Widgets.Patterns).Select(i => i.Path));
        Set(crd, "metadata.annotations", JsonNode.Parse("""{"api-approved.kubernetes.io":"https://github.com/kubernetes/enhancements/pull/1"}"""));
        Assert.Empty(CrdCheck.Check(crd, Widgets.Patterns));
    }

    [Fact]
    public void Definition_ChangedAfterItIsEstablished_KeepsItsIdentity()
    {
        var old = Widgets.Whole("{type: object}");
        old["status"] = CrdStatus.Next(old, [], "2026-08-01T00:00:00Z");
        var crd = old.DeepClone().AsObject();
        Assert.Empty(CrdCheck.CheckUpdate(crd, old, Widgets.Patterns));

        Set(crd, "spec.scope", "Cluster");
        Set(crd, "spec.names.kind", "Gadget");
        Set(crd, "spec.names.plural", "gadgets");
        Set(crd, "spec.versions.0.name", "v2");
        Assert.Equal(
            [
                "spec.scope: Invalid value: \"Cluster\": field is immutable",
                "spec.names.kind: Invalid value: \"Gadget\": field is immutable",
                "spec.names.plural: Invalid value: \"gadgets\": field is immutable",
                "status.storedVersions[0]: Invalid value: \"v1\": missing from spec.versions; v1 was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in v1 and removes v1 from status.storedVersions",
            ],
            CrdCheck.CheckUpdate(crd, old, Widgets.Patterns).Select(i => i.ToString()));
    }

    [Fact]
    public void Definition_WithUnknownKeywords_LosesThemAndNamesThem()
    {
        var crd = Widgets.Whole("{type: object, readOnly: true, properties: {typ: {type: string, typ: string, items: {deprecated: true}}}, anyOf: [{requierd: [a]}]}");
        var unknown = new List<string>();
        CrdFields.PruneSchemas(crd, unknown);
        const string root = "spec.versions[0].schema.openAPIV3Schema";
        Assert.Equal([$"{root}.readOnly", $"{root}.properties.typ.typ", $"{root}.properties.typ.items.deprecated", $"{root}.anyOf[0].requierd"], unknown);
        Assert.Equal("""{"type":"object","properties":{"typ":{"type":"string","items":{}}},"anyOf":[{}]}""", crd["spec"]!["versions"]![0]!["schema"]!["openAPIV3Schema"]!.ToJsonString());
    }

    internal static void Set(JsonObject target, string place, JsonNode? value)
    {
        var steps = place.Split('.');
        JsonNode at = target;
        foreach (var step in steps[..^1])
        {
            at = at is JsonArray list ? list[int.Parse(step, System.Globalization.CultureInfo.InvariantCulture)]! : at[step]!;
        }
        at[steps[^1]] = value;
    }
}
