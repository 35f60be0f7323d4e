using System.Collections.Immutable;
using Katabira.Cluster.Cel.Functions;
using Katabira.Cluster.Cel.Nodes;
using Katabira.Cluster.Cel.Syntax;

namespace Katabira.Cluster.Cel.Binding;

/// <summary>Gives every name a meaning and every call its signatures, and builds what will run. Collects all problems. Used once per expression.</summary>
/// <remarks>
/// Types are checked as far as the schema knows them. What it does not know (an int-or-string) is left to the running rule.
/// The reference implementation checks a little more strictly in places; functions that it has and we have not are refused by name.
/// </remarks>
internal sealed class CelBinder(int outerVariables)
{
    private readonly List<CelProblem> _problems = [];
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);

    /// <summary>What is wrong, in the order found.</summary>
    public IReadOnlyList<CelProblem> Problems => _problems;

    /// <summary>The outer variables that the expression names.</summary>
    public IReadOnlySet<string> Used => _used;

    /// <summary>How many places the frame needs.</summary>
    public int Slots { get; private set; }

    public Bound Bind(CelExpr expression, CelScope scope) => expression switch
    {
        LiteralExpr literal => new(new LiteralNode(literal.Value), TypeOf(literal.Value.Kind)),
        NameExpr name => Name(name, scope),
        SelectExpr select => Select(select, scope),
        HasExpr has => Has(has, scope),
        CallExpr call => Call(call, scope),
        LogicExpr logic => Logic(logic, scope),
        ConditionalExpr conditional => Conditional(conditional, scope),
        ListExpr list => List(list, scope),
        MapExpr map => Map(map, scope),
        LoopExpr loop => Loop(loop, scope),
        _ => throw new InvalidOperationException($"no meaning for {expression.GetType()}"),
    };

    private Bound Name(NameExpr name, CelScope scope)
    {
        if (scope.Find(name.Name) is { } variable)
        {
            // A loop may call its variable oldSelf; that says nothing about the old object.
            if (variable.Slot < outerVariables)
            {
                _used.Add(name.Name);
            }
            Slots = Math.Max(Slots, variable.Slot + 1);
            return new(new SlotNode(variable.Slot), variable.Type);
        }
        return Constant(name.Name) ?? Undeclared(name.Position, name.Name);
    }

    private Bound Select(SelectExpr select, CelScope scope)
    {
        if (Qualified(select, scope) is { } qualified && Constant(qualified) is { } constant)
        {
            return constant;
        }
        var operand = Bind(select.Operand, scope);
        if (select.Optional)
        {
            var held = operand.Type.Kind == CelKind.Optional ? operand.Type.Element! : operand.Type;
            return new(new OptionalSelectNode(operand.Node, select.Field), CelType.Optional(FieldOf(held, select.Field, select.Position)?.Type ?? ElementOf(held)));
        }
        // Fields of an optional are optional without being asked.
        if (operand.Type.Kind == CelKind.Optional)
        {
            return new(new OptionalSelectNode(operand.Node, select.Field),
                CelType.Optional(FieldOf(operand.Type.Element!, select.Field, select.Position)?.Type ?? ElementOf(operand.Type.Element!)));
        }
        return FieldOf(operand.Type, select.Field, select.Position) is { } field
            ? new(new FieldNode(operand.Node, field, select.Field), field.Type)
            : new(new SelectNode(operand.Node, select.Field), ElementOf(operand.Type));
    }

    private Bound Has(HasExpr has, CelScope scope)
    {
        var operand = Bind(has.Field.Operand, scope);
        return new(new HasNode(operand.Node, FieldOf(operand.Type, has.Field.Field, has.Field.Position), has.Field.Field), CelType.Bool);
    }

    /// <summary>The declared field, or null where only the running rule can know. Reports what cannot be there.</summary>
    private CelField? FieldOf(CelType target, string field, int position)
    {
        switch (target.Kind)
        {
            case CelKind.Object when target.Fields.TryGetValue(field, out var found):
                return found;
            case CelKind.Object:
                Report(position, $"undefined field '{field}'");
                return null;
            case CelKind.Map or CelKind.Dyn or CelKind.Parameter:
                return null;
            default:
                Report(position, $"type '{target}' does not support field selection");
                return null;
        }
    }

    private static CelType ElementOf(CelType target) => target is { Kind: CelKind.Map, Element: { } element } ? element : CelType.Dyn;

    private Bound Call(CallExpr call, CelScope scope)
    {
        if (call.Target is not null && Qualified(call.Target, scope) is { } prefix && FunctionTable.Knows($"{prefix}.{call.Function}"))
        {
            return Apply(call, $"{prefix}.{call.Function}", isMethod: false, [.. call.Arguments.Select(a => Bind(a, scope))]);
        }
        if (!FunctionTable.Knows(call.Function))
        {
            Undeclared(call.Position, call.Function);
            return new(new LiteralNode(CelValue.NoSuchOverload), CelType.Dyn);
        }
        var target = call.Target is null ? ImmutableArray<Bound>.Empty : [Bind(call.Target, scope)];
        return Apply(call, call.Function, call.Target is not null, [.. target, .. call.Arguments.Select(a => Bind(a, scope))]);
    }

    private Bound Apply(CallExpr call, string function, bool isMethod, ImmutableArray<Bound> arguments)
    {
        var types = arguments.Select(a => a.Type).ToImmutableArray();
        var (overloads, result) = Signature.Resolve(FunctionTable.Find(function, isMethod), types);
        if (overloads.IsEmpty)
        {
            var signature = isMethod ? $"{types[0]}.({string.Join(", ", types[1..])})" : $"({string.Join(", ", types)})";
            Report(call.Position, $"found no matching overload for '{function}' applied to '{signature}'");
            return new(new LiteralNode(CelValue.NoSuchOverload), CelType.Dyn);
        }
        overloads = WithPattern(call, overloads, arguments);
        var node = new CallNode(overloads, [.. arguments.Select(a => a.Node)]);
        return new(Fold(call, function, node), result);
    }

    /// <summary>A pattern that stands in the source is compiled here, once, and refused here if it is none.</summary>
    private ImmutableArray<Overload> WithPattern(CallExpr call, ImmutableArray<Overload> overloads, ImmutableArray<Bound> arguments)
    {
        if (arguments.Length < 2 || arguments[1].Node is not LiteralNode { Value: { Kind: CelKind.String } pattern })
        {
            return overloads;
        }
        try
        {
            return Patterns.WithPattern(overloads, pattern.AsString) ?? overloads;
        }
        catch (ArgumentException e)
        {
            Report(call.Position, e.Message);
            return overloads;
        }
    }

    /// <summary>Calls of constants run now, once. A duration or timestamp that can never be read is a mistake of the author.</summary>
    private CelNode Fold(CallExpr call, string function, CallNode node)
    {
        if (!node.IsConstant)
        {
            return node;
        }
        var meter = new CelMeter();
        meter.BeginCall();
        var value = node.Eval(new CelFrame(meter));
        if (value.IsError)
        {
            if (function is "duration" or "timestamp")
            {
                Report(call.Position, $"invalid {function} argument");
            }
            return node;
        }
        return value.Kind is CelKind.List or CelKind.Map ? node : new LiteralNode(value);
    }

    private Bound Logic(LogicExpr logic, CelScope scope)
    {
        var operands = logic.Operands.Select(o => Bind(o, scope)).ToImmutableArray();
        if (operands.Any(o => o.Type.Kind is not (CelKind.Bool or CelKind.Dyn or CelKind.Parameter)))
        {
            Report(logic.Position, $"found no matching overload for '{(logic.IsAnd ? "_&&_" : "_||_")}' applied to '({string.Join(", ", operands.Select(o => o.Type))})'");
        }
        return new(new LogicNode(logic.IsAnd, [.. operands.Select(o => o.Node)]), CelType.Bool);
    }

    private Bound Conditional(ConditionalExpr conditional, CelScope scope)
    {
        var condition = Bind(conditional.Condition, scope);
        var then = Bind(conditional.Then, scope);
        var otherwise = Bind(conditional.Otherwise, scope);
        var joined = condition.Type.Kind is CelKind.Bool or CelKind.Dyn or CelKind.Parameter ? CelType.Join(then.Type, otherwise.Type) : null;
        if (joined is null)
        {
            Report(conditional.Position, $"found no matching overload for '_?_:_' applied to '({condition.Type}, {then.Type}, {otherwise.Type})'");
        }
        return new(new ConditionalNode(condition.Node, then.Node, otherwise.Node), joined ?? CelType.Dyn);
    }

    private Bound List(ListExpr list, CelScope scope)
    {
        var items = list.Items.Select(i => Bind(i, scope)).ToImmutableArray();
        return new(new ListNode([.. items.Select(i => i.Node)]), CelType.List(Common(list.Items, items)));
    }

    private Bound Map(MapExpr map, CelScope scope)
    {
        var keys = map.Keys.Select(k => Bind(k, scope)).ToImmutableArray();
        var values = map.Values.Select(v => Bind(v, scope)).ToImmutableArray();
        return new(new MapNode([.. keys.Select(k => k.Node)], [.. values.Select(v => v.Node)]), CelType.Map(Common(map.Keys, keys), Common(map.Values, values)));
    }

    /// <summary>Kubernetes wants the items of a literal to be of one type.</summary>
    private CelType Common(ImmutableArray<CelExpr> expressions, ImmutableArray<Bound> items)
    {
        var type = CelType.Free;
        for (var i = 0; i < items.Length; i++)
        {
            if (CelType.Join(type, items[i].Type) is { } joined)
            {
                type = joined;
            }
            else
            {
                Report(expressions[i].Position, $"expected type '{type}' but found '{items[i].Type}'");
            }
        }
        return type;
    }

    private Bound Loop(LoopExpr loop, CelScope scope)
    {
        var range = Bind(loop.Range, scope);
        var item = ItemOf(loop, range.Type);
        var inner = scope.With(loop.Variable, item, out var slot);
        Slots = Math.Max(Slots, slot + 1);
        var filter = loop.Filter is null ? null : Bind(loop.Filter, inner);
        var body = Bind(loop.Body, inner);
        switch (loop.Macro)
        {
            case CelMacro.All or CelMacro.Exists:
                Expect(CelType.Bool, body, loop.Body.Position);
                return new(new QuantifierNode(loop.Macro == CelMacro.All, range.Node, slot, body.Node), CelType.Bool);
            case CelMacro.ExistsOne:
                Expect(CelType.Bool, body, loop.Body.Position);
                return new(new ExistsOneNode(range.Node, slot, body.Node), CelType.Bool);
            case CelMacro.Filter:
                Expect(CelType.Bool, body, loop.Body.Position);
                return new(new CollectNode(range.Node, slot, body.Node, null), CelType.List(item));
            case CelMacro.Map:
                if (filter is not null)
                {
                    Expect(CelType.Bool, filter, loop.Filter!.Position);
                }
                return new(new CollectNode(range.Node, slot, filter?.Node, body.Node), CelType.List(body.Type));
            default:
                return new(new OptionalMapNode(loop.Macro, range.Node, slot, body.Node), loop.Macro == CelMacro.OptionalMap ? CelType.Optional(body.Type) : body.Type);
        }
    }

    private CelType ItemOf(LoopExpr loop, CelType range)
    {
        var optional = loop.Macro is CelMacro.OptionalMap or CelMacro.OptionalFlatMap;
        switch (range.Kind)
        {
            case CelKind.Dyn or CelKind.Parameter:
                return CelType.Dyn;
            case CelKind.Optional when optional:
                return range.Element!;
            case CelKind.List when !optional:
                return range.Element!;
            case CelKind.Map when !optional:
                return range.Key!;
            default:
                Report(loop.Range.Position, optional
                    ? $"found no matching overload for 'optMap' applied to '{range}.()'"
                    : $"expression of type '{range}' cannot be range of a comprehension (must be list, map, or dynamic)");
                return CelType.Dyn;
        }
    }

    private void Expect(CelType wanted, Bound found, int position)
    {
        if (CelType.Join(wanted, found.Type) is null)
        {
            Report(position, $"expected type '{wanted}' but found '{found.Type}'");
        }
    }

    private static Bound? Constant(string name) => FunctionTable.TypeNamed(name) is { } type ? new(new LiteralNode(CelValue.Of(type)), CelType.TypeOf(type)) : null;

    /// <summary>A chain of names that begins with none of our variables; it can only be a qualified name.</summary>
    private static string? Qualified(CelExpr expression, CelScope scope) => expression switch
    {
        NameExpr name => scope.Find(name.Name) is null ? name.Name : null,
        SelectExpr { Optional: false } select => Qualified(select.Operand, scope) is { } prefix ? $"{prefix}.{select.Field}" : null,
        _ => null,
    };

    private static CelType TypeOf(CelKind literal) => literal switch
    {
        CelKind.Null => CelType.Null,
        CelKind.Bool => CelType.Bool,
        CelKind.Int => CelType.Int,
        CelKind.Uint => CelType.Uint,
        CelKind.Double => CelType.Double,
        CelKind.String => CelType.String,
        _ => CelType.Bytes,
    };

    private Bound Undeclared(int position, string name)
    {
        Report(position, $"undeclared reference to '{name}' (in container '')");
        return new(new LiteralNode(CelValue.NoSuchOverload), CelType.Dyn);
    }

    private void Report(int position, string message) => _problems.Add(new CelProblem(position, message));
}

/// <summary>An expression with a meaning.</summary>
/// <param name="Node">What runs.</param>
/// <param name="Type">What comes out.</param>
internal sealed record Bound(CelNode Node, CelType Type);
