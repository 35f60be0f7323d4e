using System.Text.Json.Nodes;
using Katabira.Cluster.Cel;
using Katabira.Cluster.Cel.Go;
using Katabira.Cluster.Resources;

namespace Katabira.Cluster.Schemas;

/// <summary>Runs the rules of a schema over an object, within a budget. What cannot be decided refuses the object. Owned by one check; not
/// thread-safe.</summary>
/// <remarks>Wordings of Kubernetes up to 1.34: where the value is an object or a list, the message names the type in its stead.</remarks>
internal sealed class RuleCheck
{
    private const int LongestMessage = 5 * 1024;

    private readonly FieldIssues _issues;
    private readonly FieldPath _path = new();
    private readonly CelMeter _meter;
    private readonly CelFrame _frame;
    private bool _stopped;

    private RuleCheck(FieldIssues issues, CelMeter meter)
    {
        _issues = issues;
        _meter = meter;
        _frame = new CelFrame(meter);
    }

    /// <summary>Reports every rule that is broken.</summary>
    /// <param name="rules">The rules; null if there are none.</param>
    /// <param name="value">The object as it is to be stored.</param>
    /// <param name="old">The object as it is stored; null when it is created.</param>
    /// <param name="issues">Takes what is wrong.</param>
    /// <param name="meter">The budget; null for the usual one.</param>
    public static void Check(RuleTree? rules, JsonNode? value, JsonNode? old, FieldIssues issues, CelMeter? meter = null)
    {
        if (rules is not null)
        {
            new RuleCheck(issues, meter ?? new CelMeter()).Visit(rules, value, old);
        }
    }

    private void Visit(RuleTree rules, JsonNode? value, JsonNode? old)
    {
        // A null is judged by the rules around it.
        if (value is null || _stopped)
        {
            return;
        }
        if (!rules.Rules.IsEmpty)
        {
            Judge(rules, value, old);
        }
        switch (value)
        {
            case JsonObject fields:
                VisitObject(rules, fields, old as JsonObject);
                break;
            case JsonArray array when rules.Items is { } items:
                var olds = rules.Schema.ListType == ListType.Map && old is JsonArray oldArray ? new MapListIndex(oldArray, rules.Schema.ListMapKeys) : null;
                for (var i = 0; i < array.Count && !_stopped; i++)
                {
                    _path.Index(i);
                    Visit(items, array[i], olds?.Find(array[i]));
                    _path.Leave();
                }
                break;
        }
    }

    private void VisitObject(RuleTree rules, JsonObject fields, JsonObject? old)
    {
        if (rules.Additional is { } additional)
        {
            foreach (var (key, value) in fields)
            {
                _path.Key(key);
                Visit(additional, value, old?[key]);
                _path.Leave();
            }
        }
        foreach (var (name, below) in rules.Properties)
        {
            if (fields.TryGetPropertyValue(name, out var value))
            {
                _path.Field(name);
                Visit(below, value, old?[name]);
                _path.Leave();
            }
        }
    }

    private void Judge(RuleTree rules, JsonNode value, JsonNode? old)
    {
        var type = rules.Type ?? CelType.Dyn;
        var self = CelValue.FromJson(value, type);
        foreach (var rule in rules.Rules)
        {
            if (_meter.ObjectExhausted)
            {
                Stop(rules, "validation failed due to running out of cost budget, no further validation rules will be run");
                return;
            }
            if (rule.Program is null)
            {
                Invalid(rules, $"rule compile error: {rule.Problem}");
                continue;
            }
            var optional = rule.Rule.OptionalOldSelf == true;
            if (rule.UsesOldSelf && old is null && !optional)
            {
                continue;
            }
            var before = old is null ? CelValue.Null : CelValue.FromJson(old, type);
            before = optional ? CelValue.Of(old is null ? CelOptional.None : new CelOptional(before)) : before;
            var outcome = rule.Program.Run(_frame, self, before);
            if (!outcome.IsTrue && !Blame(rules, rule, outcome, value, self, before))
            {
                return;
            }
        }
    }

    /// <summary>Reports a rule that did not hold. False if nothing more is to be run.</summary>
    private bool Blame(RuleTree rules, CompiledRule rule, CelValue outcome, JsonNode value, CelValue self, CelValue old)
    {
        if (_meter.Exhausted)
        {
            Stop(rules, _meter.ObjectExhausted
                ? "validation failed due to running out of cost budget, no further validation rules will be run"
                : $"'{outcome.ErrorMessage}': no further validation rules will be run due to call cost exceeds limit for rule: {rule.Rule.Name}");
            return false;
        }
        if (!outcome.IsFalse)
        {
            var error = outcome.IsError ? outcome.ErrorMessage : "no such overload";
            Invalid(rules, error.StartsWith("no such overload", StringComparison.Ordinal)
                ? $"'{error}': call arguments did not match a supported operator, function or macro signature for rule: {rule.Rule.Name}"
                : $"{error} evaluating rule: {rule.Rule.Name}");
            return true;
        }
        var message = rule.Message is null ? null : MessageOf(rule.Message, self, old);
        if (_meter.Exhausted)
        {
            Stop(rules, _meter.ObjectExhausted
                ? "messageExpression evaluation failed due to running out of cost budget, no further validation rules will be run"
                : "no further validation rules will be run due to call cost exceeds limit for messageExpression: "
                    + GoQuote.Quote(rule.Rule.MessageExpression));
            return false;
        }
        Report(rules, rule, value, message ?? (rule.Rule.Message.Length > 0 ? rule.Rule.Message : $"failed rule: {rule.Rule.Name}"));
        return true;
    }

    /// <summary>The message that the expression makes; null if it fails or makes none that can be shown, and then the fixed one serves.</summary>
    private string? MessageOf(CelProgram program, CelValue self, CelValue old)
    {
        var made = program.Run(_frame, self, old);
        var text = made.Kind == CelKind.String ? made.AsString.Trim() : "";
        return text.Length is > 0 and <= LongestMessage && !text.Contains('\n', StringComparison.Ordinal) ? text : null;
    }

    private void Report(RuleTree rules, CompiledRule rule, JsonNode value, string message)
    {
        var path = rule.FieldPath.Length == 0 ? _path.Bracketed() : _path.Bracketed(rule.FieldPath);
        var shown = rules.Schema.Type is SchemaType.Object or SchemaType.Array ? TypeName(rules) : value;
        switch (rule.Rule.Reason)
        {
            case FieldIssueReason.FieldValueForbidden:
                _issues.Forbidden(path, message);
                break;
            case FieldIssueReason.FieldValueRequired:
                _issues.Required(path, message);
                break;
            case FieldIssueReason.FieldValueDuplicate:
                _issues.Duplicate(path, shown);
                break;
            default:
                _issues.Invalid(path, shown, message);
                break;
        }
    }

    private void Stop(RuleTree rules, string message)
    {
        _stopped = true;
        Invalid(rules, message);
    }

    private void Invalid(RuleTree rules, string message) => _issues.Invalid(_path.Bracketed(), TypeName(rules), message);

    private static string TypeName(RuleTree rules) => rules.Schema.Type == SchemaType.None ? "" : rules.Schema.Type.ToString().ToLowerInvariant();
}
