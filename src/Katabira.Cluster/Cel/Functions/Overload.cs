using System.Collections.Immutable;

namespace Katabira.Cluster.Cel.Functions;

/// <summary>The arguments of one call, the receiver of a method first. None of them is an error.</summary>
internal readonly record struct CelArguments(CelValue First, CelValue Second, CelValue Third, CelValue Fourth);

/// <summary>What a function does. Costs beyond one step are charged to the meter before the work is done.</summary>
internal delegate CelValue CelFunction(CelMeter meter, in CelArguments arguments);

/// <summary>One signature of a function, as in CEL's tables of overloads. Immutable.</summary>
/// <param name="Name">CEL's name; operators are written <c>_+_</c>.</param>
/// <param name="IsMethod">Called as <c>first.name(rest)</c>.</param>
/// <param name="Parameters">At most four, the receiver first.</param>
/// <param name="Result">The type of the outcome; may mention the parameters' placeholders.</param>
/// <param name="Body">What it does; called only with arguments that <see cref="Accepts"/>.</param>
internal sealed record Overload(string Name, bool IsMethod, ImmutableArray<CelType> Parameters, CelType Result, CelFunction Body)
{
    /// <summary>True if these are the kinds of values that the signature names; items of lists are not looked at.</summary>
    public bool Accepts(in CelArguments arguments) =>
        Fits(0, arguments.First.Kind) && Fits(1, arguments.Second.Kind) && Fits(2, arguments.Third.Kind) && Fits(3, arguments.Fourth.Kind);

    private bool Fits(int index, CelKind kind) => index >= Parameters.Length || Parameters[index].Kind switch
    {
        CelKind.Parameter or CelKind.Dyn => true,
        var wanted => wanted == kind,
    };
}
