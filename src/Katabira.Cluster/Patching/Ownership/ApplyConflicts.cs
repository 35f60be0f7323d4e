using System.Collections.Immutable;

namespace Katabira.Cluster.Patching.Ownership;

/// <summary>What an apply would take from others: for each of them the fields that they own and that would get another value.</summary>
internal sealed class ApplyConflicts
{
    /// <summary>Most conflicts that an answer lists.</summary>
    private const int MostListed = 1000;

    private readonly ImmutableArray<(ManagedEntry Owner, FieldSet Fields)> _conflicts;

    private ApplyConflicts(ImmutableArray<(ManagedEntry Owner, FieldSet Fields)> conflicts) => _conflicts = conflicts;

    /// <summary>True if nobody loses anything.</summary>
    public bool IsEmpty => _conflicts.IsEmpty;

    /// <summary>Finds the conflicts.</summary>
    /// <param name="managed">The owners before the apply.</param>
    /// <param name="changed">What the apply changes or adds.</param>
    /// <param name="applier">Whose apply it is: one cannot be in conflict with oneself.</param>
    public static ApplyConflicts Find(ManagedFields managed, FieldSet changed, ManagedEntry applier) =>
        Of(managed.Entries.Where(entry => entry.Id != applier.Id).Select(entry => (entry, entry.Fields.Intersect(changed))));

    /// <summary>The conflicts that are not about these fields.</summary>
    public ApplyConflicts Except(FieldSet fields) => Of(_conflicts.Select(conflict => (conflict.Owner, conflict.Fields.Except(fields))));

    /// <summary>The answer 409, with a cause for each conflict.</summary>
    public PatchFailure ToFailure()
    {
        var all = _conflicts.SelectMany(conflict => conflict.Fields.Paths(MostListed).Select(path => (conflict.Owner, Path: path))).Take(MostListed).ToList();
        var message = all.Count == 1
            ? $"Apply failed with 1 conflict: conflict with {all[0].Owner}: {all[0].Path}"
            : $"Apply failed with {all.Count} conflicts: {string.Join('\n', all.GroupBy(one => one.Owner).Select(group => $"conflicts with {group.Key}:\n{string.Join('\n', group.Select(one => $"- {one.Path}"))}"))}";
        return new PatchFailure(409, "Conflict", message)
        {
            Causes = [.. all.Select(one => new FailureCause("FieldManagerConflict", $"conflict with {one.Owner}", one.Path))],
        };
    }

    private static ApplyConflicts Of(IEnumerable<(ManagedEntry Owner, FieldSet Fields)> conflicts) =>
        new([.. conflicts
            .Where(conflict => !conflict.Fields.IsEmpty)
            .OrderBy(conflict => conflict.Owner.Manager, StringComparer.Ordinal)
            .ThenBy(conflict => conflict.Owner.IsApply ? 0 : 1)
            .ThenBy(conflict => conflict.Owner.Subresource, StringComparer.Ordinal)
            .ThenBy(conflict => conflict.Owner.ApiVersion, StringComparer.Ordinal)]);
}
