using System.Collections.Immutable;

namespace Katabira.Cluster.Cel.Syntax;

/// <summary>Calls that are not functions: their arguments are not values but variables and bodies.</summary>
internal static class CelMacros
{
    /// <summary>Null if the call is an ordinary one.</summary>
    /// <exception cref="CelSyntaxException">It is a macro with arguments that no macro takes.</exception>
    public static CelExpr? TryExpand(CelToken name, CelExpr? target, ImmutableArray<CelExpr> arguments)
    {
        if (target is null)
        {
            return name.Text == "has" && arguments.Length == 1 ? Has(name, arguments[0]) : null;
        }
        var macro = (name.Text, arguments.Length) switch
        {
            ("all", 2) => CelMacro.All,
            ("exists", 2) => CelMacro.Exists,
            ("exists_one" or "existsOne", 2) => CelMacro.ExistsOne,
            ("filter", 2) => CelMacro.Filter,
            ("map", 2 or 3) => CelMacro.Map,
            ("optMap", 2) => CelMacro.OptionalMap,
            ("optFlatMap", 2) => CelMacro.OptionalFlatMap,
            _ => (CelMacro?)null,
        };
        if (macro is null)
        {
            return null;
        }
        if (arguments[0] is not NameExpr variable)
        {
            throw new CelSyntaxException(arguments[0].Position, "argument must be a simple name");
        }
        return new LoopExpr(name.Position, macro.Value, target, variable.Name, arguments.Length == 3 ? arguments[1] : null, arguments[^1]);
    }

    private static HasExpr Has(CelToken name, CelExpr argument) => argument is SelectExpr { Optional: false } field
        ? new HasExpr(name.Position, field)
        : throw new CelSyntaxException(argument.Position, "invalid argument to has() macro");
}
