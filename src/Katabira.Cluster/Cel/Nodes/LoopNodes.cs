using System.Collections.Immutable;
using Katabira.Cluster.Cel.Syntax;

namespace Katabira.Cluster.Cel.Nodes;

/// <summary>A macro that looks at each item of a list or each key of a map.</summary>
internal abstract class LoopNode(CelNode range, int slot) : CelNode
{
    protected sealed override CelValue Run(CelFrame frame)
    {
        var source = range.Eval(frame);
        var state = new State();
        switch (source.Kind)
        {
            case CelKind.Error:
                return source;
            case CelKind.List:
                var list = source.AsList;
                for (var i = 0; i < list.Count; i++)
                {
                    if (Step(frame, list[i], ref state) is { } outcome)
                    {
                        return outcome;
                    }
                }
                return Finish(state);
            case CelKind.Map:
                foreach (var key in source.AsMap.Keys)
                {
                    if (Step(frame, key, ref state) is { } outcome)
                    {
                        return outcome;
                    }
                }
                return Finish(state);
            default:
                return CelValue.NoSuchOverload;
        }
    }

    /// <summary>Runs the body for one item; the outcome of the whole loop if that is now decided.</summary>
    protected abstract CelValue? Visit(CelFrame frame, CelValue item, ref State state);

    /// <summary>What the loop comes to if no item decided it.</summary>
    protected abstract CelValue Finish(in State state);

    private CelValue? Step(CelFrame frame, CelValue item, ref State state)
    {
        if (!frame.Meter.Spend())
        {
            return CelValue.Exhausted;
        }
        frame[slot] = item;
        return Visit(frame, item, ref state);
    }

    /// <summary>What a loop remembers between items.</summary>
    protected struct State
    {
        public CelValue? Error;
        public int Count;
        public ImmutableArray<CelValue>.Builder? Items;

        public void Add(CelValue item) => (Items ??= ImmutableArray.CreateBuilder<CelValue>()).Add(item);
    }
}

/// <summary><c>all</c> and <c>exists</c>: a chain of <c>&amp;&amp;</c> or <c>||</c> over the items, with the same forgiveness of errors.</summary>
internal sealed class QuantifierNode(bool isAll, CelNode range, int slot, CelNode body) : LoopNode(range, slot)
{
    protected override CelValue? Visit(CelFrame frame, CelValue item, ref State state)
    {
        var value = body.Eval(frame);
        if (isAll ? value.IsFalse : value.IsTrue)
        {
            return value;
        }
        if (value.Kind != CelKind.Bool)
        {
            state.Error ??= value.IsError ? value : CelValue.NoSuchOverload;
        }
        return null;
    }

    protected override CelValue Finish(in State state) => state.Error ?? CelValue.Of(isAll);
}

/// <summary><c>exists_one</c>: exactly one item; an error anywhere is the outcome.</summary>
internal sealed class ExistsOneNode(CelNode range, int slot, CelNode body) : LoopNode(range, slot)
{
    protected override CelValue? Visit(CelFrame frame, CelValue item, ref State state)
    {
        var value = body.Eval(frame);
        if (value.Kind != CelKind.Bool)
        {
            return value.IsError ? value : CelValue.NoSuchOverload;
        }
        state.Count += value.IsTrue ? 1 : 0;
        return null;
    }

    protected override CelValue Finish(in State state) => CelValue.Of(state.Count == 1);
}

/// <summary><c>filter</c> and <c>map</c>: a list of the items that pass, or of what becomes of them.</summary>
internal sealed class CollectNode(CelNode range, int slot, CelNode? filter, CelNode? transform) : LoopNode(range, slot)
{
    protected override CelValue? Visit(CelFrame frame, CelValue item, ref State state)
    {
        var keep = filter?.Eval(frame) ?? CelValue.True;
        if (keep.Kind != CelKind.Bool)
        {
            return keep.IsError ? keep : CelValue.NoSuchOverload;
        }
        if (keep.IsTrue)
        {
            var value = transform?.Eval(frame) ?? item;
            if (value.IsError)
            {
                return value;
            }
            state.Add(value);
        }
        return null;
    }

    protected override CelValue Finish(in State state) => CelValue.Of(CelList.Of(state.Items?.ToImmutable() ?? []));
}

/// <summary><c>optMap</c> and <c>optFlatMap</c>: what becomes of the value of an optional, if it has one.</summary>
internal sealed class OptionalMapNode(CelMacro macro, CelNode target, int slot, CelNode body) : CelNode
{
    protected override CelValue Run(CelFrame frame)
    {
        var source = target.Eval(frame);
        if (source.Kind != CelKind.Optional)
        {
            return source.IsError ? source : CelValue.NoSuchOverload;
        }
        if (source.AsOptional.Value is not { } held)
        {
            return source;
        }
        frame[slot] = held;
        var value = body.Eval(frame);
        return value.IsError ? value
            : macro == CelMacro.OptionalMap ? CelValue.Of(new CelOptional(value))
            : value.Kind == CelKind.Optional ? value
            : CelValue.NoSuchOverload;
    }
}
