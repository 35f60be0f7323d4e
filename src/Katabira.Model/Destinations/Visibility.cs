using System.Collections.Frozen;
using Katabira.Model.Validation;

namespace Katabira.Model.Destinations;

/// <summary>The namespaces that see a rule. Immutable.</summary>
internal sealed class Visibility
{
    private readonly FrozenSet<string> _namespaces;

    private Visibility(FrozenSet<string> namespaces) => _namespaces = namespaces;

    /// <summary>True if only the rule's own namespace sees it.</summary>
    public bool IsPrivate { get; private init; }

    /// <summary>Compiles <c>exportTo</c>: <c>*</c>, <c>.</c> and names; nothing said is the default of the mesh.</summary>
    /// <param name="exportTo">As written.</param>
    /// <param name="fallback">The default of the mesh.</param>
    /// <param name="ownNamespace">The rule's namespace.</param>
    public static Visibility Of(IReadOnlyList<string>? exportTo, IEnumerable<string> fallback, string ownNamespace)
    {
        var names = (exportTo is { Count: > 0 } ? exportTo : fallback).Select(n => n == ExportToChecks.Own ? ownNamespace : n).ToFrozenSet(StringComparer.Ordinal);
        return new(names) { IsPrivate = names.Count == 1 && names.Contains(ownNamespace) };
    }

    /// <summary>Only the rule's own namespace.</summary>
    public static Visibility Private(string ownNamespace) => Of([ExportToChecks.Own], [], ownNamespace);

    public bool Includes(string ns) => _namespaces.Contains(ExportToChecks.Everyone) || _namespaces.Contains(ns);

    public bool SameAs(Visibility other) => _namespaces.SetEquals(other._namespaces);

    public bool Covers(Visibility other) => _namespaces.Contains(ExportToChecks.Everyone) || _namespaces.IsSupersetOf(other._namespaces);

    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", _namespaces.Order(StringComparer.Ordinal));
}
