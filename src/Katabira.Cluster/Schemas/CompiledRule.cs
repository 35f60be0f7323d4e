using Katabira.Cluster.Cel;

namespace Katabira.Cluster.Schemas;

/// <summary>A rule that is ready to run, or the reason why it never will be. Immutable.</summary>
internal sealed class CompiledRule
{
    public required ValidationRule Rule { get; init; }

    /// <summary>Null if the rule does not compile; such a rule refuses every object.</summary>
    public CelProgram? Program { get; private init; }

    /// <summary>Makes the message; null if there is no such expression.</summary>
    public CelProgram? Message { get; private init; }

    /// <summary>Why the rule does not compile.</summary>
    public string? Problem { get; private init; }

    /// <summary>Why the expression for the message does not compile.</summary>
    public string? MessageProblem { get; private init; }

    /// <summary>The rule compares with the old value: it runs on updates only, unless it takes an optional.</summary>
    public bool UsesOldSelf => Program?.Uses("oldSelf") == true;

    /// <summary>The field to blame, normalized; empty for the place of the rule.</summary>
    public string FieldPath { get; private init; } = "";

    /// <summary>A rule on a value that rules cannot see. Definitions with one are refused; should one be stored all the same, it lets nothing pass.</summary>
    public static CompiledRule Blind(ValidationRule rule) => new() { Rule = rule, Problem = "failed to retrieve type information for x-kubernetes-validations" };

    /// <summary>Compiles a rule for values of a type.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="self">The type of the value, as rules see it.</param>
    /// <param name="schema">The schema of the value, for the field path.</param>
    public static CompiledRule Compile(ValidationRule rule, CelType self, StructuralSchema schema)
    {
        var old = rule.OptionalOldSelf == true ? CelType.Optional(self) : self;
        var program = CelProgram.Compile(rule.Rule, CelType.Bool, ("self", self), ("oldSelf", old));
        var message = rule.MessageExpression.Trim().Length == 0 ? default : CelProgram.Compile(rule.MessageExpression, CelType.String, ("self", self), ("oldSelf", old));
        return new CompiledRule
        {
            Rule = rule,
            Program = program.Program,
            Problem = program.Program is not null ? null : program.Problem is { } problem ? $"compilation failed: {problem}" : "cel expression must evaluate to a bool",
            Message = message.Program,
            MessageProblem = rule.MessageExpression.Trim().Length == 0 || message.Program is not null ? null
                : message.Problem is { } failure ? $"messageExpression compilation failed: {failure}" : "messageExpression must evaluate to a string",
            FieldPath = RuleFieldPath.TryNormalize(rule.FieldPath, schema, out var path) ? path : "",
        };
    }
}
