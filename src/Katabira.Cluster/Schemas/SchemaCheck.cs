using System.Text.Json.Nodes;
using Katabira.Cluster.Resources;

namespace Katabira.Cluster.Schemas;

/// <summary>What a definition's schema may not contain, besides being structural: keywords, list and map types, and rules that do not compile. Used once
/// per schema.</summary>
/// <remarks>Source: kubernetes/apiextensions-apiserver, pkg/apis/apiextensions/validation. There is no estimate of a rule's cost when the definition
/// comes; the running rule is bounded instead.</remarks>
internal sealed class SchemaCheck
{
    private readonly FieldIssues _issues;
    private readonly FieldIssues _ruleIssues = new();
    private readonly FieldPath _path;
    private readonly SchemaTypes _types = new();

    private SchemaCheck(FieldPath path, FieldIssues issues)
    {
        _path = path;
        _issues = issues;
    }

    /// <summary>Reports what is wrong; mistakes in rules come last.</summary>
    /// <param name="schema">The schema as JSON.</param>
    /// <param name="compiled">The same, compiled, if its rules are to be looked at.</param>
    /// <param name="path">Where it stands.</param>
    /// <param name="issues">Takes what is wrong.</param>
    public static void Check(JsonObject schema, StructuralSchema? compiled, FieldPath path, FieldIssues issues)
    {
        var check = new SchemaCheck(path, issues);
        check.Visit(schema, compiled, new Place(null, false, null), isRoot: true);
        issues.AddRange(check._ruleIssues.ToList());
    }

    /// <summary>True if nothing was wrong here and below, but for rules.</summary>
    private bool Visit(JsonObject schema, StructuralSchema? compiled, Place place, bool isRoot)
    {
        var before = _issues.Count;
        KeywordCheck.Check(schema, _path, place.DefaultsForbidden, place.InMetadata, _issues);
        foreach (var (keyword, key, index, child) in SchemaKeywords.Children(schema))
        {
            var inner = Inside(schema, place, keyword, key, isRoot);
            SchemaShape.Steps.Enter(_path, keyword, key, index);
            Visit(child, Below(compiled, keyword, key), inner, isRoot: false);
            SchemaShape.Steps.Leave(_path, key, index);
        }
        ListTypeCheck.Check(schema, _path, _issues);
        CheckRules(schema, compiled, place, isRoot, before);
        return _issues.Count == before;
    }

    private Place Inside(JsonObject schema, Place place, string keyword, string? key, bool isRoot)
    {
        switch (keyword)
        {
            case "additionalProperties" when place.InMetadata:
                return place with { DefaultsForbidden = "inside additionalProperties applying to object metadata" };
            case "properties":
                var inner = schema.Text("x-kubernetes-map-type") is "" or "granular" or "atomic" ? place : place.WithoutOld(_path);
                if ((isRoot || schema.Flag("x-kubernetes-embedded-resource")) && key is "metadata" or "kind" or "apiVersion")
                {
                    inner = inner with { InMetadata = true, DefaultsForbidden = isRoot ? $"in top-level {key}" : inner.DefaultsForbidden };
                }
                return inner;
            case "items" when schema.Text("x-kubernetes-list-type") != "map":
                return place.WithoutOld(_path);
            default:
                return place;
        }
    }

    private static StructuralSchema? Below(StructuralSchema? compiled, string keyword, string? key) => keyword switch
    {
        "properties" => compiled?.ByName.GetValueOrDefault(key!),
        "items" => compiled?.Items,
        "additionalProperties" => compiled?.Additional,
        _ => null,
    };

    private void CheckRules(JsonObject schema, StructuralSchema? compiled, Place place, bool isRoot, int before)
    {
        var index = 0;
        foreach (var rule in schema.Items("x-kubernetes-validations"))
        {
            RuleTextCheck.Check(rule, compiled, At(index++), _issues);
        }
        // With a broken schema around it, what a rule means is a guess; its author hears of it once the schema is mended.
        if (compiled is null || compiled.Rules.IsEmpty || _issues.Count != before)
        {
            return;
        }
        if (_types.Of(compiled, isRoot || compiled.Embedded) is not { } self)
        {
            _ruleIssues.Add(new(_path.Bracketed("x-kubernetes-validations"), FieldIssueReason.FieldValueInvalid,
                "Internal error: internal error: failed to retrieve type information for x-kubernetes-validations"));
            return;
        }
        index = 0;
        foreach (var rule in schema.Items("x-kubernetes-validations"))
        {
            CheckRule(rule, compiled.Rules[index], CompiledRule.Compile(compiled.Rules[index], self, compiled), place, At(index++));
        }
    }

    private void CheckRule(JsonObject json, ValidationRule rule, CompiledRule compiled, Place place, string path)
    {
        if (compiled.Problem is { } problem)
        {
            _ruleIssues.Invalid($"{path}.rule", json, problem);
        }
        if (compiled.MessageProblem is { } messageProblem)
        {
            _ruleIssues.Invalid($"{path}.messageExpression", json, messageProblem);
        }
        if (compiled.UsesOldSelf)
        {
            if (place.NoOldWithin is { } uncorrelatable)
            {
                _ruleIssues.Invalid($"{path}.rule", rule.Rule, $"oldSelf cannot be used on the uncorrelatable portion of the schema within {uncorrelatable}");
            }
        }
        else if (rule.OptionalOldSelf is { } optional && compiled.Problem is null)
        {
            _ruleIssues.Add(new($"{path}.optionalOldSelf", FieldIssueReason.FieldValueInvalid,
                $"Invalid value: {(optional ? "true" : "false")}: may not be set if oldSelf is not used in rule"));
        }
    }

    private string At(int index) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{_path.Bracketed("x-kubernetes-validations")}[{index}]");

    /// <summary>What holds where the walk stands.</summary>
    /// <param name="DefaultsForbidden">Why no default may stand here; null if it may.</param>
    /// <param name="InMetadata">The place belongs to the metadata or the header of an object.</param>
    /// <param name="NoOldWithin">The outermost place whose parts have no old counterparts; null if there is none around.</param>
    private sealed record Place(string? DefaultsForbidden, bool InMetadata, string? NoOldWithin)
    {
        public Place WithoutOld(FieldPath path) => NoOldWithin is null ? this with { NoOldWithin = path.Bracketed() } : this;
    }
}
