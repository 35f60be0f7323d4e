using System.Collections.Immutable;
using Katabira.Cluster.Cel.Functions;

namespace Katabira.Cluster.Cel.Binding;

/// <summary>Which signatures of a function take arguments of given types, and what comes out.</summary>
internal static class Signature
{
    /// <summary>The signatures that the types do not rule out, and the type of the outcome; none if the call cannot work.</summary>
    public static (ImmutableArray<Overload> Overloads, CelType Result) Resolve(ImmutableArray<Overload> candidates, ImmutableArray<CelType> arguments)
    {
        var fitting = ImmutableArray.CreateBuilder<Overload>();
        CelType? result = null;
        foreach (var candidate in candidates)
        {
            if (TryMatch(candidate, arguments, out var outcome))
            {
                fitting.Add(candidate);
                // Arguments known only at run time leave several signatures; if their outcomes differ, so much is unknown.
                result = result is null ? outcome : result.ToString() == outcome.ToString() ? result : CelType.Dyn;
            }
        }
        return (fitting.ToImmutable(), result ?? CelType.Dyn);
    }

    private static bool TryMatch(Overload overload, ImmutableArray<CelType> arguments, out CelType result)
    {
        result = CelType.Dyn;
        if (overload.Parameters.Length != arguments.Length)
        {
            return false;
        }
        CelType? a = null, b = null;
        for (var i = 0; i < arguments.Length; i++)
        {
            if (!TryAssign(overload.Parameters[i], arguments[i], ref a, ref b))
            {
                return false;
            }
        }
        result = Substitute(overload.Result, a ?? CelType.Free, b ?? CelType.Free);
        return true;
    }

    private static bool TryAssign(CelType parameter, CelType argument, ref CelType? a, ref CelType? b)
    {
        if (parameter == CelType.A || parameter == CelType.B)
        {
            ref var bound = ref parameter == CelType.A ? ref a : ref b;
            var joined = bound is null ? argument : CelType.Join(bound, argument);
            bound = joined ?? bound;
            return joined is not null;
        }
        if (argument.Kind is CelKind.Dyn or CelKind.Parameter || parameter.Kind == CelKind.Dyn)
        {
            return true;
        }
        if (parameter.Kind != argument.Kind)
        {
            return false;
        }
        return parameter.Kind switch
        {
            CelKind.List or CelKind.Optional => TryAssign(parameter.Element!, argument.Element!, ref a, ref b),
            CelKind.Map => TryAssign(parameter.Key!, argument.Key!, ref a, ref b) && TryAssign(parameter.Element!, argument.Element!, ref a, ref b),
            _ => true,
        };
    }

    private static CelType Substitute(CelType type, CelType a, CelType b)
    {
        if (type == CelType.A)
        {
            return a;
        }
        if (type == CelType.B)
        {
            return b;
        }
        return type.Kind switch
        {
            CelKind.List => CelType.List(Substitute(type.Element!, a, b)),
            CelKind.Map => CelType.Map(Substitute(type.Key!, a, b), Substitute(type.Element!, a, b)),
            CelKind.Optional => CelType.Optional(Substitute(type.Element!, a, b)),
            CelKind.Type when type.Element is { } named => CelType.TypeOf(Substitute(named, a, b)),
            _ => type,
        };
    }
}
