using System.Collections.Immutable;
using Katabira.Cluster.Cel.Binding;
using Katabira.Cluster.Cel.Nodes;
using Katabira.Cluster.Cel.Syntax;

namespace Katabira.Cluster.Cel;

/// <summary>A compiled expression of the Common Expression Language. Immutable and thread-safe; compiled once, run for every object.</summary>
/// <remarks>Source: github.com/google/cel-spec (language definition) and Kubernetes' library for validation rules. What we leave out is refused by name when compiled.</remarks>
internal sealed class CelProgram
{
    /// <summary>Longer expressions are refused, as in the reference implementation.</summary>
    public const int LongestExpression = 100_000;

    private readonly CelNode _root;
    private readonly int _slots;
    private readonly ImmutableHashSet<string> _used;

    private CelProgram(CelNode root, int slots, ImmutableHashSet<string> used)
    {
        _root = root;
        _slots = slots;
        _used = used;
    }

    /// <summary>Compiles an expression.</summary>
    /// <param name="source">The text.</param>
    /// <param name="result">What must come out.</param>
    /// <param name="variables">What it may name, in the order in which <see cref="Run"/> takes the values.</param>
    /// <returns>The program, or all that is wrong: line, column, message, the line itself.</returns>
    public static CelCompilation Compile(string source, CelType result, params ReadOnlySpan<(string Name, CelType Type)> variables)
    {
        if (source.Length > LongestExpression)
        {
            return new(null, $"expression code point size exceeds limit: size: {source.Length}, limit {LongestExpression}");
        }
        var binder = new CelBinder(variables.Length);
        Bound bound;
        try
        {
            bound = binder.Bind(CelParser.Parse(source), new CelScope([.. Declare(variables)]));
        }
        catch (CelSyntaxException e)
        {
            return new(null, new CelProblem(e.Position, e.Message).Format(source));
        }
        if (binder.Problems.Count > 0)
        {
            return new(null, string.Join('\n', binder.Problems.Select(p => p.Format(source))));
        }
        return bound.Type.Kind == result.Kind
            ? new(new CelProgram(bound.Node, Math.Max(binder.Slots, variables.Length), [.. binder.Used]), null)
            : new(null, null);
    }

    /// <summary>True if the expression names the variable.</summary>
    public bool Uses(string variable) => _used.Contains(variable);

    /// <summary>Runs the expression; failures are values. What it costs is taken from the frame's meter.</summary>
    public CelValue Run(CelFrame frame, CelValue first, CelValue second = default)
    {
        frame.Reserve(Math.Max(_slots, 2));
        frame[0] = first;
        frame[1] = second;
        frame.Meter.BeginCall();
        var result = _root.Eval(frame);
        frame.Meter.EndCall();
        return frame.Meter.Exhausted ? CelValue.Exhausted : result;
    }

    private static List<CelVariable> Declare(ReadOnlySpan<(string Name, CelType Type)> variables)
    {
        var declared = new List<CelVariable>();
        foreach (var (name, type) in variables)
        {
            declared.Add(new CelVariable(name, type, declared.Count));
        }
        return declared;
    }
}

/// <summary>What became of an expression.</summary>
/// <param name="Program">Null if it did not compile.</param>
/// <param name="Problem">Why not; null together with the program means that the outcome has the wrong type.</param>
internal readonly record struct CelCompilation(CelProgram? Program, string? Problem);
