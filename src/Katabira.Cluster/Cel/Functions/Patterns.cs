using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Katabira.Cluster.Cel.Go;
using static Katabira.Cluster.Cel.CelType;

namespace Katabira.Cluster.Cel.Functions;

/// <summary>Regular expressions: <c>matches</c>, <c>find</c>, <c>findAll</c>, in RE2's language and in linear time.</summary>
internal static class Patterns
{
    /// <summary>What building one automaton is charged with: half a millisecond, and some microseconds a character.</summary>
    private const long CompileCost = 5_000, CompileCostPerCharacter = 50;

    private static readonly CelType s_text = CelType.String;

    public static readonly ImmutableArray<Overload> Overloads =
    [
        new("matches", false, [s_text, s_text], Bool, Dynamic(Matches)),
        new("matches", true, [s_text, s_text], Bool, Dynamic(Matches)),
        new("find", true, [s_text, s_text], s_text, Dynamic(Find)),
        new("findAll", true, [s_text, s_text], List(s_text), Dynamic(FindAll)),
        new("findAll", true, [s_text, s_text, Int], List(s_text), Dynamic(FindAll)),
    ];

    private delegate CelValue Search(CelMeter meter, Regex regex, in CelArguments arguments);

    /// <summary>The same signatures with a pattern that stands in the source, compiled now and once; null if the function takes no pattern.</summary>
    /// <exception cref="ArgumentException">The pattern is not one.</exception>
    public static ImmutableArray<Overload>? WithPattern(ImmutableArray<Overload> overloads, string pattern)
    {
        Search? search = overloads[0].Name switch
        {
            "matches" => Matches,
            "find" => Find,
            "findAll" => FindAll,
            _ => null,
        };
        if (search is null)
        {
            return null;
        }
        if (!Re2.TryCompile(pattern, out var regex, out var error))
        {
            throw new ArgumentException(error);
        }
        return [.. overloads.Select(o => o with { Body = (CelMeter meter, in CelArguments a) => Run(meter, search, regex, a) })];
    }

    private static CelFunction Dynamic(Search search) => (CelMeter meter, in CelArguments a) =>
        !meter.Spend(CompileCost + (a.Second.AsString.Length * CompileCostPerCharacter)) ? CelValue.Exhausted
        : Re2.TryCompile(a.Second.AsString, out var regex, out var error) ? Run(meter, search, regex, a)
        : CelValue.Error(error);

    /// <summary>Charged as in the reference: tenths of the text times quarters of the pattern.</summary>
    private static CelValue Run(CelMeter meter, Search search, Regex regex, in CelArguments a) =>
        meter.Spend(((a.First.AsString.Length / 10) + 1) * ((a.Second.AsString.Length / 4) + 1L)) ? search(meter, regex, a) : CelValue.Exhausted;

    private static CelValue Matches(CelMeter meter, Regex regex, in CelArguments a) => CelValue.Of(regex.IsMatch(a.First.AsString));

    private static CelValue Find(CelMeter meter, Regex regex, in CelArguments a) => CelValue.Of(regex.Match(a.First.AsString).Value);

    private static CelValue FindAll(CelMeter meter, Regex regex, in CelArguments a)
    {
        var limit = a.Third.Kind == CelKind.Int && a.Third.AsInt >= 0 ? a.Third.AsInt : long.MaxValue;
        var found = ImmutableArray.CreateBuilder<CelValue>();
        for (var match = regex.Match(a.First.AsString); match.Success && found.Count < limit; match = match.NextMatch())
        {
            // Each search of the linear engine looks at the rest of the text again, in the worst case.
            if (!meter.SpendText(a.First.AsString.Length - match.Index))
            {
                return CelValue.Exhausted;
            }
            found.Add(CelValue.Of(match.Value));
        }
        return CelValue.Of(CelList.Of(found.ToImmutable()));
    }
}
