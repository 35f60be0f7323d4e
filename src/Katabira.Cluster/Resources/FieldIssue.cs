namespace Katabira.Cluster.Resources;

/// <summary>One thing that is wrong with an object: a cause of a 422.</summary>
/// <param name="Path">Where: <c>spec.containers[0].image</c>; <see cref="NoPath"/> where Kubernetes names no field.</param>
/// <param name="Reason">The machine-readable cause.</param>
/// <param name="Message">What follows the path and a colon: <c>Required value</c>.</param>
internal readonly record struct FieldIssue(string Path, FieldIssueReason Reason, string Message)
{
    /// <summary>The path of what concerns no single field.</summary>
    public const string NoPath = "<nil>";

    /// <summary>As it stands in the Status's message.</summary>
    public override string ToString() => $"{Path}: {Message}";
}

/// <summary>The machine-readable part; the names are those of the wire.</summary>
internal enum FieldIssueReason
{
    FieldValueNotFound,
    FieldValueRequired,
    FieldValueDuplicate,
    FieldValueInvalid,
    FieldValueNotSupported,
    FieldValueForbidden,
    FieldValueTooLong,
    FieldValueTooMany,
    FieldValueTypeInvalid,
}
