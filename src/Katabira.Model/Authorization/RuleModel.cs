using System.Collections.Immutable;

namespace Katabira.Model.Authorization;

/// <summary>One rule of a policy, ready to be compared with connections. Immutable.</summary>
/// <param name="Index">Its place in <c>spec.rules</c>.</param>
/// <param name="From">Sources, of which one must match; default if anybody does. A source without clauses matches.</param>
/// <param name="To">Operations, likewise.</param>
/// <param name="When">Clauses that must all match.</param>
internal sealed record RuleModel(
    int Index,
    ImmutableArray<ImmutableArray<ClauseModel>> From,
    ImmutableArray<ImmutableArray<ClauseModel>> To,
    ImmutableArray<ClauseModel> When)
{
    public bool Matches(in ConnectionFacts facts) => Any(From, facts) && Any(To, facts) && All(When, facts);

    private static bool Any(ImmutableArray<ImmutableArray<ClauseModel>> alternatives, in ConnectionFacts facts)
    {
        if (alternatives.IsDefault)
        {
            return true;
        }
        foreach (var clauses in alternatives)
        {
            if (All(clauses, facts))
            {
                return true;
            }
        }
        return false;
    }

    private static bool All(ImmutableArray<ClauseModel> clauses, in ConnectionFacts facts)
    {
        foreach (var clause in clauses)
        {
            if (!clause.Matches(facts))
            {
                return false;
            }
        }
        return true;
    }
}
