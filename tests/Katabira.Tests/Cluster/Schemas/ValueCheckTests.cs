using Xunit;

namespace Katabira.Tests.Cluster.Schemas;

/// <summary>The OpenAPI part of schemas, in the API server's words: schema of a field x, its value, the lines.</summary>
public sealed class ValueCheckTests
{
    [Theory]
    // types
    [InlineData("{type: string}", "5", "spec.x: Invalid value: \"integer\": spec.x in body must be of type string: \"integer\"")]
    [InlineData("{type: string}", "{}", "spec.x: Invalid value: \"object\": spec.x in body must be of type string: \"object\"")]
    [InlineData("{type: string}", "[]", "spec.x: Invalid value: \"array\": spec.x in body must be of type string: \"array\"")]
    [InlineData("{type: string}", "true", "spec.x: Invalid value: \"boolean\": spec.x in body must be of type string: \"boolean\"")]
    [InlineData("{type: string}", "1.5", "spec.x: Invalid value: \"number\": spec.x in body must be of type string: \"number\"")]
    [InlineData("{type: integer}", "x", "spec.x: Invalid value: \"string\": spec.x in body must be of type integer: \"string\"")]
    [InlineData("{type: integer}", "1.5", "spec.x: Invalid value: \"number\": spec.x in body must be of type integer: \"number\"")]
    [InlineData("{type: integer}", "1.0", null)]
    [InlineData("{type: integer}", "99999999999999999999", "spec.x: Invalid value: \"number\": spec.x in body must be of type integer: \"number\"")]
    [InlineData("{type: number}", "1", null)]
    [InlineData("{type: boolean}", "'true'", "spec.x: Invalid value: \"string\": spec.x in body must be of type boolean: \"string\"")]
    [InlineData("{type: array, items: {type: string}}", "a", "spec.x: Invalid value: \"string\": spec.x in body must be of type array: \"string\"")]
    [InlineData("{type: object}", "[]", "spec.x: Invalid value: \"array\": spec.x in body must be of type object: \"array\"")]
    [InlineData("{type: integer, format: int32}", "true", "spec.x: Invalid value: \"\": spec.x in body must be of type int32: \"\"")]
    [InlineData("{type: integer, format: int32}", "x", "spec.x: Invalid value: \"string\": spec.x in body must be of type integer: \"string\"")]
    [InlineData("{type: string, nullable: true}", "null", null)]
    [InlineData("{type: array, items: {type: string}}", "[null]", "spec.x[0]: Invalid value: \"null\": spec.x[0] in body must be of type string: \"null\"")]
    [InlineData("{type: array, items: {type: string, nullable: true}}", "[null]", null)]
    // either a number or a string
    [InlineData("{x-kubernetes-int-or-string: true}", "5", null)]
    [InlineData("{x-kubernetes-int-or-string: true}", "5%", null)]
    [InlineData("{x-kubernetes-int-or-string: true}", "true", "spec.x: Invalid value: \"boolean\": spec.x in body must be of type integer,string: \"boolean\"")]
    // numbers
    [InlineData("{type: integer, minimum: 1}", "0", "spec.x: Invalid value: 0: spec.x in body should be greater than or equal to 1")]
    [InlineData("{type: integer, maximum: 65535}", "70000", "spec.x: Invalid value: 70000: spec.x in body should be less than or equal to 65535")]
    [InlineData("{type: integer, minimum: 1, exclusiveMinimum: true}", "1", "spec.x: Invalid value: 1: spec.x in body should be greater than 1")]
    [InlineData("{type: number, maximum: 1, exclusiveMaximum: true}", "1.5", "spec.x: Invalid value: 1.5: spec.x in body should be less than 1")]
    [InlineData("{type: number, maximum: 1000000}", "2e6", "spec.x: Invalid value: 2e+06: spec.x in body should be less than or equal to 1e+06")]
    [InlineData("{type: integer, multipleOf: 5}", "7", "spec.x: Invalid value: 7: spec.x in body should be a multiple of 5")]
    [InlineData("{type: number, multipleOf: 0.1}", "0.3", null)]
    [InlineData("{type: integer, format: int32}", "3000000000", "<nil>: Invalid value: \"\": Checked value must be of type integer with format int32 in spec.x")]
    [InlineData("{type: integer, format: int64}", "3000000000", null)]
    // text
    [InlineData("{type: string, maxLength: 3}", "abcd", "spec.x: Too long: may not be more than 3 bytes")]
    [InlineData("{type: string, maxLength: 1}", "ab", "spec.x: Too long: may not be more than 1 byte")]
    [InlineData("{type: string, maxLength: 3}", "é🐱n", null)]
    [InlineData("{type: string, minLength: 2}", "🐱", "spec.x: Invalid value: \"🐱\": spec.x in body should be at least 2 chars long")]
    [InlineData("{type: string, pattern: '^a+$'}", "b", "spec.x: Invalid value: \"b\": spec.x in body should match '^a+$'")]
    [InlineData("{type: string, pattern: '^a+$'}", "\"a\\n\"", "spec.x: Invalid value: \"a\\n\": spec.x in body should match '^a+$'")]
    [InlineData("{type: string, pattern: a}", "bab", null)]
    [InlineData("{type: string, enum: [A, B]}", "C", "spec.x: Unsupported value: \"C\": supported values: \"A\", \"B\"")]
    [InlineData("{type: integer, enum: [1, 2]}", "3", "spec.x: Unsupported value: 3: supported values: \"1\", \"2\"")]
    [InlineData("{type: integer, enum: [1, 2]}", "2", null)]
    [InlineData("{type: string, nullable: true, enum: [A]}", "null", "spec.x: Unsupported value: \"null\": supported values: \"A\"")]
    // formats
    [InlineData("{type: string, format: date-time}", "'2026-08-01T00:00:00Z'", null)]
    [InlineData("{type: string, format: date-time}", "'2026-08-01t00:00:00.123+02:00'", null)]
    [InlineData("{type: string, format: date-time}", "yesterday", "spec.x: Invalid value: \"yesterday\": spec.x in body must be of type date-time: \"yesterday\"")]
    [InlineData("{type: string, format: date-time}", "'2026-02-30T00:00:00Z'", "spec.x: Invalid value: \"2026-02-30T00:00:00Z\": spec.x in body must be of type date-time: \"2026-02-30T00:00:00Z\"")]
    [InlineData("{type: string, format: byte}", "aGk=", null)]
    [InlineData("{type: string, format: byte}", "'!'", "spec.x: Invalid value: \"!\": spec.x in body must be of type byte: \"!\"")]
    [InlineData("{type: string, format: ipv4}", "1.2.3", "spec.x: Invalid value: \"1.2.3\": spec.x in body must be of type ipv4: \"1.2.3\"")]
    [InlineData("{type: string, format: uuid}", "123e4567-e89b-12d3-a456-426614174000", null)]
    [InlineData("{type: string, format: hostname}", "a_b", "spec.x: Invalid value: \"a_b\": spec.x in body must be of type hostname: \"a_b\"")]
    [InlineData("{type: string, format: cidr}", "10.0.0.0/33", "spec.x: Invalid value: \"10.0.0.0/33\": spec.x in body must be of type cidr: \"10.0.0.0/33\"")]
    [InlineData("{type: string, format: uri}", "https://a/b", null)]
    [InlineData("{type: string, format: email}", "nobody", "spec.x: Invalid value: \"nobody\": spec.x in body must be of type email: \"nobody\"")]
    [InlineData("{type: string, format: duration}", "3 days", null)]
    [InlineData("{type: string, format: made-up}", "anything", null)]
    [InlineData("{type: integer, format: made-up}", "5", null)]
    // sizes
    [InlineData("{type: array, maxItems: 2, items: {type: integer}}", "[1, 2, 3]", "spec.x: Too many: 3: must have at most 2 items")]
    [InlineData("{type: array, maxItems: 1, items: {type: integer}}", "[1, 2]", "spec.x: Too many: 2: must have at most 1 item")]
    [InlineData("{type: array, minItems: 1, items: {type: integer}}", "[]", "spec.x: Invalid value: 0: spec.x in body should have at least 1 items")]
    [InlineData("{type: object, minProperties: 1, additionalProperties: {type: string}}", "{}", "spec.x: Invalid value: 0: spec.x in body should have at least 1 properties")]
    [InlineData("{type: object, maxProperties: 1, additionalProperties: {type: string}}", "{a: b, c: d}", "spec.x: Too many: 2: must have at most 1 item")]
    // places
    [InlineData("{type: object, required: [a, b], properties: {a: {type: string}, b: {type: string}}}", "{a: ''}", "spec.x.b: Required value")]
    [InlineData("{type: object, additionalProperties: {type: string}}", "{k: 1}", "spec.x.k: Invalid value: \"integer\": spec.x.k in body must be of type string: \"integer\"")]
    [InlineData("{type: array, items: {type: array, items: {type: string}}}", "[[a], [b, 1]]", "spec.x[1][1]: Invalid value: \"integer\": spec.x[1][1] in body must be of type string: \"integer\"")]
    public void Value_Checked_SaysWhatTheApiServerSays(string schema, string value, string? line) => Assert.Equal(
        line is null ? [] : [line], Widgets.Issues(Widgets.Version($"{{type: object, properties: {{x: {schema}}}}}"), $"{{x: {value}}}"));

    [Theory]
    // one of: none, one, two
    [InlineData("oneOf: [{required: [a]}, {required: [b]}]", "{a: 1}", null)]
    [InlineData("oneOf: [{required: [a]}, {required: [b]}]", "{a: 1, b: 1}", "<nil>: Invalid value: \"\": \"spec\" must validate one and only one schema (oneOf). Found 2 valid alternatives")]
    [InlineData("oneOf: [{required: [a]}, {required: [b]}]", "{}", "<nil>: Invalid value: \"\": \"spec\" must validate one and only one schema (oneOf). Found none valid|spec.a: Required value")]
    // at most one, as Istio writes it
    [InlineData("oneOf: [{not: {anyOf: [{required: [a]}, {required: [b]}]}}, {required: [a]}, {required: [b]}]", "{}", null)]
    [InlineData("oneOf: [{not: {anyOf: [{required: [a]}, {required: [b]}]}}, {required: [a]}, {required: [b]}]", "{b: 1}", null)]
    [InlineData("oneOf: [{not: {anyOf: [{required: [a]}, {required: [b]}]}}, {required: [a]}, {required: [b]}]", "{a: 1, b: 1}", "<nil>: Invalid value: \"\": \"spec\" must validate one and only one schema (oneOf). Found 2 valid alternatives")]
    // any of
    [InlineData("anyOf: [{required: [a]}, {required: [b]}]", "{a: 1, b: 1}", null)]
    [InlineData("anyOf: [{required: [a]}, {required: [b]}]", "{}", "<nil>: Invalid value: \"\": \"spec\" must validate at least one schema (anyOf)|spec.a: Required value")]
    // the nearest alternative is blamed: the one in which most checks passed
    [InlineData("anyOf: [{required: [c]}, {properties: {a: {minimum: 5}}}]", "{a: 1}", "<nil>: Invalid value: \"\": \"spec\" must validate at least one schema (anyOf)|spec.a: Invalid value: 1: spec.a in body should be greater than or equal to 5")]
    // all of
    [InlineData("allOf: [{required: [a]}, {required: [b]}]", "{a: 1, b: 1}", null)]
    [InlineData("allOf: [{required: [a]}, {required: [b]}]", "{a: 1}", "spec.b: Required value|<nil>: Invalid value: \"\": \"spec\" must validate all the schemas (allOf)")]
    [InlineData("allOf: [{required: [a]}, {required: [b]}]", "{}", "spec.a: Required value|spec.b: Required value|<nil>: Invalid value: \"\": \"spec\" must validate all the schemas (allOf). None validated")]
    // not, and properties inside
    [InlineData("not: {required: [a]}", "{}", null)]
    [InlineData("not: {required: [a]}", "{a: 1}", "<nil>: Invalid value: \"\": \"spec\" must not validate the schema (not)")]
    [InlineData("not: {properties: {a: {enum: [1]}}, required: [a]}", "{a: 2}", null)]
    [InlineData("anyOf: [{properties: {d: {required: [e]}}}]", "{d: {}}", "<nil>: Invalid value: \"\": \"spec\" must validate at least one schema (anyOf)|spec.d.e: Required value")]
    public void Junctor_Checked_SaysWhatTheApiServerSays(string junctor, string spec, string? lines) => Assert.Equal(
        lines?.Split('|') ?? [],
        Widgets.Issues(Widgets.Version(
            "type: object\nproperties: {a: {type: integer}, b: {type: integer}, c: {type: integer}, d: {type: object, properties: {e: {type: string}}}}\n"
            + junctor), spec));

    [Fact]
    public void Value_WithManyMistakes_TellsAllAtOnce() => Assert.Equal(
        [
            "spec.a: Invalid value: \"string\": spec.a in body must be of type integer: \"string\"",
            "spec.b: Unsupported value: \"Z\": supported values: \"X\", \"Y\"",
            "spec.c[1]: Invalid value: \"integer\": spec.c[1] in body must be of type string: \"integer\"",
            "spec.d: Required value",
        ],
        Widgets.Issues(Widgets.Version("""
            type: object
            required: [d]
            properties:
              a: {type: integer}
              b: {type: string, enum: [X, Y]}
              c: {type: array, items: {type: string}}
              d: {type: string}
            """), "{a: x, b: Z, c: [ok, 1]}"));

    [Fact]
    public void Value_WithThousandsOfMistakes_TellsTheFirstAndCountsTheRest()
    {
        var lines = Widgets.Issues(Widgets.Version("{type: object, properties: {x: {type: array, items: {type: string}}}}"),
            $"{{x: [{string.Join(',', Enumerable.Range(0, 10_000))}]}}");
        Assert.Equal(251, lines.Length);
        Assert.Equal("<nil>: and 9750 more errors", lines[^1]);
    }

    [Fact]
    public void Root_OfTheWrongType_IsToldWithoutAPath()
    {
        var version = Widgets.Compile(Widgets.Whole("{type: object, required: [spec], properties: {spec: {type: object}}}"));
        var widget = Widgets.Of("{}");
        widget.Remove("spec");
        Assert.Equal(["spec: Required value"], version.Validate(widget, null).Select(i => i.ToString()));
    }
}
