namespace Katabira.Cluster.Cel.Nodes;

/// <summary>A field of an object whose schema is known.</summary>
internal sealed class FieldNode(CelNode operand, CelField field, string name) : CelNode
{
    protected override CelValue Run(CelFrame frame)
    {
        var target = operand.Eval(frame);
        return target.IsError ? target
            : CelJson.TryField(target, field, out var value) ? value
            : CelValue.Error($"no such key: {name}");
    }
}

/// <summary>The value of a map's key, where only the running rule knows the map.</summary>
internal sealed class SelectNode(CelNode operand, string name) : CelNode
{
    private readonly CelValue _key = CelValue.Of(name);

    protected override CelValue Run(CelFrame frame)
    {
        var target = operand.Eval(frame);
        return target.Kind switch
        {
            CelKind.Error => target,
            CelKind.Map => target.AsMap.TryGet(_key, out var value) ? value : CelValue.Error($"no such key: {name}"),
            _ => CelValue.NoSuchOverload,
        };
    }
}

/// <summary><c>has(operand.name)</c>: true if the key is there; a missing operand is an error all the same.</summary>
internal sealed class HasNode(CelNode operand, CelField? field, string name) : CelNode
{
    private readonly CelValue _key = CelValue.Of(name);

    protected override CelValue Run(CelFrame frame)
    {
        var target = operand.Eval(frame);
        if (target.IsError)
        {
            return target;
        }
        if (target.Kind != CelKind.Map)
        {
            return CelValue.NoSuchOverload;
        }
        var found = field is { } known ? CelJson.TryField(target, known, out var value) : target.AsMap.TryGet(_key, out value);
        return found && value.IsError ? value : CelValue.Of(found);
    }
}

/// <summary><c>operand.?name</c>: an optional, empty if the operand is empty or has no such key.</summary>
internal sealed class OptionalSelectNode(CelNode operand, string name) : CelNode
{
    private readonly CelValue _key = CelValue.Of(name);

    protected override CelValue Run(CelFrame frame)
    {
        var target = operand.Eval(frame);
        if (target.Kind == CelKind.Optional)
        {
            if (target.AsOptional.Value is not { } held)
            {
                return target;
            }
            target = held;
        }
        return target.Kind switch
        {
            CelKind.Error => target,
            CelKind.Map => target.AsMap.TryGet(_key, out var value)
                ? value.IsError ? value : CelValue.Of(new CelOptional(value))
                : CelValue.Of(CelOptional.None),
            _ => CelValue.NoSuchOverload,
        };
    }
}
