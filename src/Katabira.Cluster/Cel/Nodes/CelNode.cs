using System.Collections.Immutable;

namespace Katabira.Cluster.Cel.Nodes;

/// <summary>An executable piece of an expression. Immutable, shared by all evaluations.</summary>
internal abstract class CelNode
{
    /// <summary>Charges one step and runs; failures are values.</summary>
    public CelValue Eval(CelFrame frame) => frame.Meter.Spend() ? Run(frame) : CelValue.Exhausted;

    protected abstract CelValue Run(CelFrame frame);
}

internal sealed class LiteralNode(CelValue value) : CelNode
{
    public CelValue Value => value;

    protected override CelValue Run(CelFrame frame) => value;
}

/// <summary>A variable.</summary>
internal sealed class SlotNode(int slot) : CelNode
{
    protected override CelValue Run(CelFrame frame) => frame[slot];
}

/// <summary>A chain of <c>&amp;&amp;</c> or <c>||</c>: one operand that decides is enough, whatever the others are, errors included.</summary>
internal sealed class LogicNode(bool isAnd, ImmutableArray<CelNode> operands) : CelNode
{
    protected override CelValue Run(CelFrame frame)
    {
        CelValue? error = null;
        foreach (var operand in operands)
        {
            var value = operand.Eval(frame);
            if (isAnd ? value.IsFalse : value.IsTrue)
            {
                return value;
            }
            if (value.Kind != CelKind.Bool)
            {
                error ??= value.IsError ? value : CelValue.NoSuchOverload;
            }
        }
        return error ?? CelValue.Of(isAnd);
    }
}

internal sealed class ConditionalNode(CelNode condition, CelNode then, CelNode otherwise) : CelNode
{
    protected override CelValue Run(CelFrame frame)
    {
        var value = condition.Eval(frame);
        return value.Kind switch
        {
            CelKind.Bool => (value.IsTrue ? then : otherwise).Eval(frame),
            CelKind.Error => value,
            _ => CelValue.NoSuchOverload,
        };
    }
}

internal sealed class ListNode(ImmutableArray<CelNode> items) : CelNode
{
    protected override CelValue Run(CelFrame frame)
    {
        if (!frame.Meter.Spend(10))
        {
            return CelValue.Exhausted;
        }
        var values = ImmutableArray.CreateBuilder<CelValue>(items.Length);
        foreach (var item in items)
        {
            var value = item.Eval(frame);
            if (value.IsError)
            {
                return value;
            }
            values.Add(value);
        }
        return CelValue.Of(CelList.Of(values.MoveToImmutable()));
    }
}

internal sealed class MapNode(ImmutableArray<CelNode> keys, ImmutableArray<CelNode> values) : CelNode
{
    protected override CelValue Run(CelFrame frame)
    {
        if (!frame.Meter.Spend(30))
        {
            return CelValue.Exhausted;
        }
        var entries = new (CelValue, CelValue)[keys.Length];
        for (var i = 0; i < entries.Length; i++)
        {
            var (key, value) = (keys[i].Eval(frame), values[i].Eval(frame));
            if (key.IsError || value.IsError)
            {
                return key.IsError ? key : value;
            }
            entries[i] = (key, value);
        }
        return CelMap.TryCreate(entries, out var map, out var error) ? CelValue.Of(map) : CelValue.Error(error);
    }
}
