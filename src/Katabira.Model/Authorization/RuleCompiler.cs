using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Katabira.Model.Kinds;
using Katabira.Model.Mesh;
using Katabira.Model.Resources;
using Katabira.Model.Validation;

namespace Katabira.Model.Authorization;

/// <summary>Compiles the rules of one policy. What cannot be judged of a connection, or is not understood, is lost; the rule then errs on the closed side.</summary>
/// <remarks>
/// A rule that admits is dropped as a whole, so it admits less. A rule that refuses or notes goes on without the part, so it matches more.
/// Not understood are values that validation refuses and fields that this version does not know: neither may open a door.
/// </remarks>
internal sealed class RuleCompiler(Resource<AuthorizationPolicy> policy, MeshSettings settings)
{
    private readonly List<string> _lost = [];

    private bool Refusing { get; } = policy.Spec.Action is not (null or AuthorizationAction.Allow);

    /// <summary>Paths in the last rule that could not be used.</summary>
    public IReadOnlyList<string> Lost => _lost;

    /// <summary>The rule, or null if it is dropped.</summary>
    public RuleModel? Compile(AuthorizationRule rule, int index)
    {
        _lost.Clear();
        LoseUnknown("", policy.Spec);
        LoseUnknown("", rule);
        var from = Alternatives("from", rule.From, (f, path) => Part($"{path}.source", f.Source?.Clauses, f, f.Source));
        var to = Alternatives("to", rule.To, (t, path) => Part($"{path}.operation", t.Operation?.Clauses, t, t.Operation));
        ImmutableArray<ClauseModel> when = [.. rule.When?.SelectMany((c, i) => Part(At("when", i), c.Clauses, c)) ?? []];
        return _lost.Count > 0 && !Refusing ? null : new RuleModel(index, from, to, when);
    }

    private ImmutableArray<ImmutableArray<ClauseModel>> Alternatives<T>(string name, IReadOnlyList<T>? list, Func<T, string, ImmutableArray<ClauseModel>> compile)
    {
        if (list is [])
        {
            _lost.Add(name);
        }
        return list is { Count: > 0 } ? [.. list.Select((item, i) => compile(item, At(name, i)))] : default;
    }

    private ImmutableArray<ClauseModel> Part(string path, IEnumerable<AuthorizationClause>? clauses, params ReadOnlySpan<Extensible?> records)
    {
        foreach (var record in records)
        {
            LoseUnknown(path + ".", record);
        }
        var restricting = clauses?.Where(c => c.Restricts).ToArray() ?? [];
        if (restricting.Length == 0)
        {
            _lost.Add(path);
        }
        return [.. restricting.Select(c => Clause(c, path)).OfType<ClauseModel>()];
    }

    private void LoseUnknown(string prefix, Extensible? record) => _lost.AddRange(record?.Unknown?.Keys.Select(k => prefix + k) ?? []);

    private ClauseModel? Clause(AuthorizationClause clause, string path)
    {
        path = $"{path}.{clause.Name}";
        var known = clause.Attribute is not AuthorizationAttribute.Unknown && !clause.Attribute.NeedsHttp();
        string[] values = known ? [.. clause.Values!.Where(v => AuthorizationValue.Error(clause.Attribute, v) is null)] : [];
        if (values.Length < clause.Values!.Count)
        {
            _lost.Add(path);
        }
        return values.Length == 0 ? null : Clause(new ClauseHead(path, clause.Attribute, values, clause.Negated, Refusing));
    }

    private ClauseModel Clause(ClauseHead head) => head.Attribute switch
    {
        AuthorizationAttribute.SourcePrincipal =>
            new TextClause(head, new(head.Values.SelectMany(v => TrustDomainAliases.OfPrincipal(v, settings)))),
        AuthorizationAttribute.SourceTrustDomain =>
            new TextClause(head, new(head.Values.SelectMany(v => TrustDomainAliases.OfTrustDomain(v, settings)))),
        AuthorizationAttribute.SourceNamespace => new TextClause(head, new(head.Values, freeStars: true)),
        // a DNS name, in any case: RFC 6066 section 3
        AuthorizationAttribute.ConnectionSni => new TextClause(head, new(head.Values, comparison: StringComparison.OrdinalIgnoreCase)),
        AuthorizationAttribute.SourceServiceAccount => new AccountClause(head, head.Values.Select(Account).ToFrozenSet()),
        AuthorizationAttribute.DestinationPort => new PortClause(head, head.Values.Select(Port).ToFrozenSet()),
        _ => new AddressClause(head, [.. head.Values.Select(Block)]),
    };

    /// <summary>An account without a namespace is one of the policy's own.</summary>
    private ObjectKey Account(string text) =>
        text.IndexOf('/', StringComparison.Ordinal) is var slash and > 0 ? new(text[..slash], text[(slash + 1)..]) : new(policy.Metadata.Namespace, text);

    private static ushort Port(string text) => PeerAuthentication.TryParsePort(text, out var port) ? port : throw new UnreachableException();

    private static AddressBlock Block(string text) => AddressBlock.TryParse(text, out var block) ? block : throw new UnreachableException();

    private static string At(string list, int index) => string.Create(CultureInfo.InvariantCulture, $"{list}[{index}]");
}
