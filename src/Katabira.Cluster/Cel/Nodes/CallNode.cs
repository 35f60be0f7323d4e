using System.Collections.Immutable;
using Katabira.Cluster.Cel.Functions;

namespace Katabira.Cluster.Cel.Nodes;

/// <summary>A call of a function whose arguments are values. Errors among them are the outcome.</summary>
/// <param name="overloads">The signatures that the compiler could not rule out; the values decide.</param>
/// <param name="arguments">At most four, the receiver first.</param>
internal sealed class CallNode(ImmutableArray<Overload> overloads, ImmutableArray<CelNode> arguments) : CelNode
{
    /// <summary>Nothing in it depends on a variable.</summary>
    public bool IsConstant => arguments.All(argument => argument is LiteralNode);

    protected override CelValue Run(CelFrame frame)
    {
        CelValue first = default, second = default, third = default, fourth = default;
        for (var i = 0; i < arguments.Length; i++)
        {
            var value = arguments[i].Eval(frame);
            if (value.IsError)
            {
                return value;
            }
            switch (i)
            {
                case 0:
                    first = value;
                    break;
                case 1:
                    second = value;
                    break;
                case 2:
                    third = value;
                    break;
                default:
                    fourth = value;
                    break;
            }
        }
        var all = new CelArguments(first, second, third, fourth);
        foreach (var overload in overloads)
        {
            if (overload.Accepts(all))
            {
                return overload.Body(frame.Meter, all);
            }
        }
        return CelValue.NoSuchOverload;
    }
}
