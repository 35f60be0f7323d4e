using Katabira.Cluster.Cel;
using Katabira.Cluster.Schemas;
using Xunit;

namespace Katabira.Tests.Cluster.Schemas;

/// <summary>Rules on objects: what <c>self</c> sees, when transition rules run, what the user reads.</summary>
public sealed class RuleTests
{
    private const string Everything = """
        type: object
        properties:
          name: {type: string}
          port: {type: integer, format: int32}
          weight: {type: number}
          on: {type: boolean}
          maybe: {type: string, nullable: true}
          either: {x-kubernetes-int-or-string: true}
          data: {type: string, format: byte}
          since: {type: string, format: date-time}
          span: {type: string, format: duration}
          list: {type: array, items: {type: string}}
          set: {type: array, x-kubernetes-list-type: set, items: {type: string}}
          named:
            type: array
            x-kubernetes-list-type: map
            x-kubernetes-list-map-keys: [name]
            items:
              type: object
              required: [name]
              properties: {name: {type: string}, value: {type: integer}}
          labels: {type: object, additionalProperties: {type: string}}
          nested: {type: object, properties: {deep: {type: object, properties: {a: {type: integer}}}}}
          namespace: {type: string}
          x-dashed: {type: string}
          hidden: {x-kubernetes-preserve-unknown-fields: true}
          open: {type: object, x-kubernetes-preserve-unknown-fields: true, properties: {a: {type: integer}}}
        """;

    [Theory]
    [InlineData("self.name == 'a'", "{name: a}", true)]
    [InlineData("has(self.name)", "{}", false)]
    [InlineData("has(self.name)", "{name: ''}", true)]
    [InlineData("self.port > 5", "{port: 6}", true)]
    [InlineData("self.port == 6", "{port: 6.0}", true)]
    [InlineData("self.weight == 1.0", "{weight: 1}", true)]
    [InlineData("self.on", "{on: false}", false)]
    [InlineData("has(self.maybe)", "{maybe: null}", false)]
    [InlineData("!has(self.maybe) || self.maybe == 'x'", "{maybe: x}", true)]
    [InlineData("type(self.either) == int ? self.either < 5 : self.either.endsWith('%')", "{either: 4}", true)]
    [InlineData("type(self.either) == int ? self.either < 5 : self.either.endsWith('%')", "{either: 40%}", true)]
    [InlineData("type(self.either) == int ? self.either < 5 : self.either.endsWith('%')", "{either: 40}", false)]
    [InlineData("self.data == b'hi' && size(self.data) == 2", "{data: aGk=}", true)]
    [InlineData("self.since < timestamp('2026-01-01T00:00:00Z')", "{since: '2025-12-31T23:59:59+00:00'}", true)]
    [InlineData("self.span > duration('1m')", "{span: 61s}", true)]
    [InlineData("self.list.all(x, x.startsWith('a'))", "{list: [a, ab]}", true)]
    [InlineData("self.list == ['a', 'b']", "{list: [b, a]}", false)]
    [InlineData("self.set == ['a', 'b']", "{set: [b, a]}", true)]
    [InlineData("self.set + ['a', 'c'] == ['b', 'a', 'c']", "{set: [b, a]}", true)]
    [InlineData("self.named.exists(n, n.name == 'b' && n.value == 2)", "{named: [{name: a, value: 1}, {name: b, value: 2}]}", true)]
    [InlineData("self.named.all(n, self.named.exists_one(m, m.name == n.name))", "{named: [{name: a}, {name: b}]}", true)]
    [InlineData("self.labels.all(k, k != '' && self.labels[k] == 'v')", "{labels: {a: v}}", true)]
    [InlineData("'a' in self.labels && self.labels.a == 'v'", "{labels: {a: v}}", true)]
    [InlineData("self.labels.size() == 2", "{labels: {a: v, b: w}}", true)]
    [InlineData("has(self.labels.a) && !has(self.labels.z)", "{labels: {a: v}}", true)]
    [InlineData("self.nested.deep.a == 1", "{nested: {deep: {a: 1}}}", true)]
    [InlineData("self.?nested.?deep.?a.orValue(7) == 7", "{}", true)]
    [InlineData("self.__namespace__ == 'n' && self.x__dash__dashed == 'd'", "{namespace: n, x-dashed: d}", true)]
    [InlineData("self.open.a == 1", "{open: {a: 1, b: 2}}", true)]
    [InlineData("(has(self.list) ? self.list : []).size() == 0", "{}", true)]
    [InlineData("(has(self.labels) ? self.labels : {}).size() == 1", "{labels: {a: b}}", true)]
    public void Rule_OnSpec_SeesTheDeclaredFields(string rule, string spec, bool holds) => Assert.Equal(
        holds ? [] : [$"spec: Invalid value: \"object\": failed rule: {rule}"],
        Widgets.Issues(Widgets.Version(Everything + $"\nx-kubernetes-validations:\n- rule: \"{rule}\"\n"), spec));

    [Theory]
    [InlineData("self.nested.deep.a == 1", "{nested: {}}", "no such key: deep evaluating rule: R")]
    [InlineData("self.list[3] == ''", "{list: []}", "index out of bounds: 3 evaluating rule: R")]
    [InlineData("self.either > 5", "{either: x}", "'no such overload': call arguments did not match a supported operator, function or macro signature for rule: R")]
    [InlineData("1 / self.port > 0", "{port: 0}", "division by zero evaluating rule: R")]
    public void Rule_ThatFails_RefusesTheObject(string rule, string spec, string message) => Assert.Equal(
        [$"spec: Invalid value: \"object\": {message}"],
        Widgets.Issues(Widgets.Version(Everything + $"\nx-kubernetes-validations:\n- {{rule: \"{rule}\", message: R}}\n"), spec));

    [Theory]
    [InlineData("self.nope == 1", "undefined field 'nope'")]
    [InlineData("self.namespace == 'a'", "undefined field 'namespace'")]
    [InlineData("self.hidden == 1", "undefined field 'hidden'")]
    [InlineData("self.open.b == 1", "undefined field 'b'")]
    [InlineData("self.nested.all(x, x)", "expression of type 'object' cannot be range of a comprehension (must be list, map, or dynamic)")]
    [InlineData("has(self.nope)", "undefined field 'nope'")]
    [InlineData("self.frobnicate()", "undeclared reference to 'frobnicate' (in container '')")]
    [InlineData("other.name == 'a'", "undeclared reference to 'other' (in container '')")]
    public void Definition_WithARuleThatDoesNotCompile_IsRefusedByName(string rule, string problem)
    {
        var crd = Widgets.Definition(Everything + $"\nx-kubernetes-validations:\n- rule: \"{rule}\"\n");
        var issue = Assert.Single(CrdCheck.Check(crd, Widgets.Patterns));
        Assert.Equal("spec.validation.openAPIV3Schema.properties[spec].x-kubernetes-validations[0].rule", issue.Path);
        Assert.StartsWith($"Invalid value: {{\"rule\":\"{rule}\"}}: compilation failed: ERROR: <input>:1:", issue.Message, StringComparison.Ordinal);
        Assert.Contains($": {problem}\n | ", issue.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("- {rule: 'self.a > 1', message: too small}", "spec: Invalid value: \"object\": too small")]
    [InlineData("- {rule: 'self.a > 1', messageExpression: \"'a is ' + string(self.a)\"}", "spec: Invalid value: \"object\": a is 1")]
    [InlineData("- {rule: 'self.a > 1', message: fixed, messageExpression: \"string(1 / (self.a - 1))\"}", "spec: Invalid value: \"object\": fixed")]
    [InlineData("- {rule: 'self.a > 1', messageExpression: \"' '\"}", "spec: Invalid value: \"object\": failed rule: self.a > 1")]
    [InlineData("- {rule: 'self.a > 1', message: m, reason: FieldValueForbidden}", "spec: Forbidden: m")]
    [InlineData("- {rule: 'self.a > 1', message: m, reason: FieldValueRequired}", "spec: Required value: m")]
    [InlineData("- {rule: 'self.a > 1', message: m, reason: FieldValueDuplicate}", "spec: Duplicate value: \"object\"")]
    [InlineData("- {rule: 'self.a > 1', message: m, fieldPath: .a}", "spec.a: Invalid value: \"object\": m")]
    [InlineData("- {rule: 'self.a > 1', message: m, fieldPath: \".b['x.y']\"}", "spec.b[x.y]: Invalid value: \"object\": m")]
    public void Rule_Broken_TellsWhatItsAuthorWanted(string rules, string line) => Assert.Equal([line], Widgets.Issues(Widgets.Version(
        "type: object\nproperties: {a: {type: integer}, b: {type: object, additionalProperties: {type: string}}}\nx-kubernetes-validations:\n" + rules), "{a: 1}"));

    [Fact]
    public void Rules_OnScalarsListsAndMaps_AreToldAtTheirPlace() => Assert.Equal(
        [
            "spec.text: Invalid value: \"x\": bad text",
            "spec.number: Invalid value: 7: bad number",
            "spec.list: Invalid value: \"array\": bad list",
            "spec.list[1]: Invalid value: \"bb\": bad item",
            "spec.map: Invalid value: \"object\": bad map",
            "spec.map[k]: Invalid value: true: bad value",
        ],
        Widgets.Issues(Widgets.Version("""
            type: object
            properties:
              text: {type: string, x-kubernetes-validations: [{rule: "self != 'x'", message: bad text}]}
              number: {type: integer, x-kubernetes-validations: [{rule: "self != 7", message: bad number}]}
              list:
                type: array
                x-kubernetes-validations: [{rule: "self.size() < 2", message: bad list}]
                items: {type: string, x-kubernetes-validations: [{rule: "self.size() < 2", message: bad item}]}
              map:
                type: object
                x-kubernetes-validations: [{rule: "self.size() == 0", message: bad map}]
                additionalProperties: {type: boolean, x-kubernetes-validations: [{rule: "!self", message: bad value}]}
            """), "{text: x, number: 7, list: [a, bb], map: {k: true}}"));

    [Fact]
    public void Rule_AtTheRoot_SeesTheHeaderAndIsToldWithoutAPath()
    {
        var version = Widgets.Compile(Widgets.Whole("""
            type: object
            properties: {spec: {type: object}}
            x-kubernetes-validations:
            - {rule: "self.metadata.name.startsWith('a') && self.kind == 'Widget' && self.apiVersion == 'example.com/v1'", message: bad name}
            """));
        var issue = Assert.Single(version.Validate(Widgets.Of("{}"), null));
        Assert.Equal("<nil>: Invalid value: \"object\": bad name", issue.ToString());
    }

    [Theory]
    [InlineData("rule: self == oldSelf", "a", null, true)]
    [InlineData("rule: self == oldSelf", "a", "a", true)]
    [InlineData("rule: self == oldSelf", "a", "b", false)]
    [InlineData("rule: '!oldSelf.hasValue() || oldSelf.value() == self', optionalOldSelf: true", "a", null, true)]
    [InlineData("rule: '!oldSelf.hasValue() || oldSelf.value() == self', optionalOldSelf: true", "a", "b", false)]
    [InlineData("rule: oldSelf.hasValue(), optionalOldSelf: true", "a", null, false)]
    [InlineData("rule: \"oldSelf.orValue('z') <= self\", optionalOldSelf: true", "a", null, false)]
    [InlineData("rule: 'oldSelf.optMap(o, o == self).orValue(true)', optionalOldSelf: true", "a", "a", true)]
    public void TransitionRule_RunsOnlyWithAnOldValue_UnlessItTakesAnOptional(string rule, string value, string? old, bool holds)
    {
        var version = Widgets.Version($"type: object\nproperties: {{v: {{type: string, x-kubernetes-validations: [{{{rule}, message: moved}}]}}}}");
        Assert.Equal(holds ? [] : [$"spec.v: Invalid value: \"{value}\": moved"], Widgets.Issues(version, $"{{v: {value}}}", old is null ? null : $"{{v: {old}}}"));
    }

    [Fact]
    public void TransitionRule_InAMapListAndAMap_FindsTheOldItem() => Assert.Equal(
        [
            "spec.ports[0].target: Invalid value: 9: immutable",
            "spec.labels[a]: Invalid value: \"2\": immutable",
        ],
        Widgets.Issues(Widgets.Version("""
            type: object
            properties:
              ports:
                type: array
                x-kubernetes-list-type: map
                x-kubernetes-list-map-keys: [name]
                items:
                  type: object
                  required: [name]
                  properties:
                    name: {type: string}
                    target: {type: integer, x-kubernetes-validations: [{rule: self == oldSelf, message: immutable}]}
              labels:
                type: object
                additionalProperties: {type: string, x-kubernetes-validations: [{rule: self == oldSelf, message: immutable}]}
            """),
            "{ports: [{name: b, target: 9}, {name: new, target: 1}], labels: {a: '2', n: x}}",
            "{ports: [{name: a, target: 1}, {name: b, target: 2}], labels: {a: '1'}}"));

    [Fact]
    public void TransitionRule_OnAWholeObject_SeesWhatIsPreservedToo()
    {
        var version = Widgets.Version("""
            type: object
            x-kubernetes-preserve-unknown-fields: true
            x-kubernetes-validations: [{rule: self == oldSelf, message: immutable}]
            """);
        Assert.Empty(Widgets.Issues(version, "{any: {thing: 1}}", "{any: {thing: 1}}"));
        Assert.Equal(["spec: Invalid value: \"object\": immutable"], Widgets.Issues(version, "{any: {thing: 2}}", "{any: {thing: 1}}"));
        Assert.Equal(["spec: Invalid value: \"object\": immutable"], Widgets.Issues(version, "{some: {thing: 1}}", "{any: {thing: 1}}"));
    }

    [Theory]
    [InlineData("type: array\nitems: {type: string, x-kubernetes-validations: [{rule: self == oldSelf}]}", "spec.validation.openAPIV3Schema.properties[spec].properties[x]")]
    [InlineData("type: array\nx-kubernetes-list-type: set\nitems: {type: string, x-kubernetes-validations: [{rule: self == oldSelf}]}", "spec.validation.openAPIV3Schema.properties[spec].properties[x]")]
    public void TransitionRule_WhereItemsHaveNoOldSelf_IsRefused(string schema, string within)
    {
        var indented = schema.Replace("\n", "\n    ", StringComparison.Ordinal);
        var issue = Assert.Single(CrdCheck.Check(Widgets.Definition($"type: object\nproperties:\n  x:\n    {indented}"), Widgets.Patterns));
        Assert.Equal($"Invalid value: \"self == oldSelf\": oldSelf cannot be used on the uncorrelatable portion of the schema within {within}", issue.Message);
    }

    [Fact]
    public void Rules_OnAnObjectOfTheWrongShape_AreNotAsked() => Assert.Equal(
        [
            "spec.a: Invalid value: \"string\": spec.a in body must be of type integer: \"string\"",
            "<nil>: Invalid value: \"null\": some validation rules were not checked because the object was invalid; correct the existing errors to complete validation",
        ],
        Widgets.Issues(Widgets.Version("type: object\nproperties: {a: {type: integer}}\nx-kubernetes-validations: [{rule: 'self.a > 1'}]"), "{a: x}"));

    [Fact]
    public void Rules_OfAHostileObject_EndAndRefuseIt()
    {
        var version = Widgets.Version("""
            type: object
            properties:
              list:
                type: array
                items: {type: string}
                x-kubernetes-validations: [{rule: "self.all(a, self.all(b, a == b || a != b))", message: never shown}, {rule: "false", message: never reached}]
            """);
        var spec = "{list: [" + string.Join(',', Enumerable.Range(0, 5_000)).Replace(",", ",x", StringComparison.Ordinal).Insert(0, "x") + "]}";
        Assert.Equal(
            ["spec.list: Invalid value: \"array\": 'operation cancelled: actual cost limit exceeded': no further validation rules will be run due to call cost exceeds limit for rule: never shown"],
            Widgets.Issues(version, spec));
    }

    [Fact]
    public void Rule_OnAValueItCannotSee_RefusesTheDefinitionAndEveryObject()
    {
        const string schema = "{type: object, properties: {x: {x-kubernetes-preserve-unknown-fields: true, x-kubernetes-validations: [{rule: 'true'}]}}}";
        var crd = Widgets.Definition(schema);
        Assert.Contains("failed to retrieve type information", Assert.Single(CrdCheck.Check(crd, Widgets.Patterns)).Message, StringComparison.Ordinal);
        var issue = Assert.Single(CustomResourceModel.Compile(crd, Widgets.Patterns).Storage.Validate(Widgets.Of("{x: 1}"), null));
        Assert.Equal("spec.x: Invalid value: \"\": rule compile error: failed to retrieve type information for x-kubernetes-validations", issue.ToString());
    }

    [Fact]
    public void Rules_OfAnObjectWithManyItems_ShareOneBudget()
    {
        var version = Widgets.Version("""
            type: object
            properties:
              list:
                type: array
                items: {type: string, x-kubernetes-validations: [{rule: "self.split('').all(c, c != 'z') && self.split('').all(c, c != 'y')"}]}
            """);
        var widget = Widgets.Of($"{{list: [{string.Join(',', Enumerable.Repeat(new string('a', 200), 300))}]}}");
        var issues = new FieldIssues();
        RuleCheck.Check(version.Rules, widget, null, issues, new CelMeter(perObject: 100_000));
        var line = Assert.Single(issues.ToList()).ToString();
        Assert.Matches(@"^spec\.list\[\d+\]: Invalid value: ""string"": validation failed due to running out of cost budget, no further validation rules will be run$", line);
    }
}
