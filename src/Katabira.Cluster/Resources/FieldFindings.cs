using System.Collections.Immutable;

namespace Katabira.Cluster.Resources;

/// <summary>What the check of an object against its kind's fields found.</summary>
/// <param name="Unknown">One text for each field that the kind does not have: <c>unknown field "spec.foo"</c>. Bounded.</param>
/// <param name="TypeError">The first value of a wrong type, in the words of a 400; empty if there is none.</param>
internal sealed record FieldFindings(ImmutableArray<string> Unknown, string TypeError)
{
    /// <summary>The message of a 400 for <c>fieldValidation=Strict</c>; null if nothing is wrong.</summary>
    public string? StrictError(GroupVersionKind kind) =>
        TypeError.Length > 0 || Unknown.Length > 0
            ? $"{kind.Kind} in version \"{kind.Version}\" cannot be handled as a {kind.Kind}: "
                + (TypeError.Length > 0 ? TypeError : $"strict decoding error: {string.Join(", ", Unknown)}")
            : null;

    /// <summary>The message of a 400 for <c>Warn</c> and <c>Ignore</c>, where unknown fields are dropped; null if every type is right.</summary>
    public string? LenientError(GroupVersionKind kind) => TypeError.Length > 0 ? StrictError(kind) : null;
}
