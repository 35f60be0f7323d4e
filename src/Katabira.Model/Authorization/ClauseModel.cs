using System.Collections.Frozen;
using System.Collections.Immutable;
using Katabira.Model.Kinds;
using Katabira.Model.Resources;
using Katabira.Model.Validation;

namespace Katabira.Model.Authorization;

/// <summary>What a clause says of itself.</summary>
/// <param name="Path">Where it stands in its rule, e.g. <c>from[0].source.notPrincipals</c>.</param>
/// <param name="Attribute">What it is about.</param>
/// <param name="Values">The values that count, as they were written.</param>
/// <param name="Negated">None of the values may match.</param>
/// <param name="Refusing">The rule takes away (DENY, CUSTOM) or only notes (AUDIT): in doubt it matches. In doubt, a rule that admits does not.</param>
internal sealed record ClauseHead(string Path, AuthorizationAttribute Attribute, IReadOnlyList<string> Values, bool Negated, bool Refusing);

/// <summary>One list of a rule, ready to be compared with connections. Immutable; comparing allocates nothing.</summary>
internal abstract class ClauseModel(ClauseHead head)
{
    public ClauseHead Head => head;

    /// <summary>True if the connection is as the list demands.</summary>
    /// <remarks>What a connection does not have (an identity, a server name) is none of the listed values, and no proof of being none of them.</remarks>
    public bool Matches(in ConnectionFacts facts) => IsListed(facts) is { } listed ? listed != head.Negated : head.Negated && head.Refusing;

    /// <summary>True if the connection has one of the values, false if it has another, null if it has none.</summary>
    protected abstract bool? IsListed(in ConnectionFacts facts);
}

/// <summary>A clause about a text.</summary>
internal sealed class TextClause(ClauseHead head, TextPatterns patterns) : ClauseModel(head)
{
    protected override bool? IsListed(in ConnectionFacts facts) => facts.Text(Head.Attribute) is { } text ? patterns.Match(text) : null;
}

/// <summary>A clause about service accounts, in whatever trust domain.</summary>
internal sealed class AccountClause(ClauseHead head, FrozenSet<ObjectKey> accounts) : ClauseModel(head)
{
    protected override bool? IsListed(in ConnectionFacts facts) =>
        facts.Peer is { } peer ? accounts.Contains(new ObjectKey(peer.Namespace, peer.ServiceAccount)) : null;
}

/// <summary>A clause about an address.</summary>
internal sealed class AddressClause(ClauseHead head, ImmutableArray<AddressBlock> blocks) : ClauseModel(head)
{
    protected override bool? IsListed(in ConnectionFacts facts)
    {
        var address = facts.Address(Head.Attribute);
        foreach (var block in blocks)
        {
            if (block.Contains(address))
            {
                return true;
            }
        }
        return false;
    }
}

/// <summary>A clause about the port of the workload.</summary>
internal sealed class PortClause(ClauseHead head, FrozenSet<ushort> ports) : ClauseModel(head)
{
    protected override bool? IsListed(in ConnectionFacts facts) => ports.Contains(facts.Port);
}
