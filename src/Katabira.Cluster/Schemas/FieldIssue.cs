namespace Katabira.Cluster.Schemas;

/// <summary>One thing that is wrong with an object, as the causes of a Kubernetes <c>Status</c> of code 422 name it.</summary>
/// <param name="Path">Where, e.g. <c>spec.portLevelMtls[8080].mode</c>; <c>&lt;nil&gt;</c> where Kubernetes names no field.</param>
/// <param name="Reason">The machine-readable cause.</param>
/// <param name="Message">What follows the path, e.g. <c>Required value</c>.</param>
internal readonly record struct FieldIssue(string Path, FieldReason Reason, string Message)
{
    /// <summary>The path of what concerns no single field.</summary>
    public const string NoPath = "<nil>";

    /// <summary>The line that kubectl prints.</summary>
    public override string ToString() => $"{Path}: {Message}";
}

/// <summary>Cause of a <see cref="FieldIssue"/>; the names are Kubernetes' wire names.</summary>
internal enum FieldReason
{
    FieldValueRequired,
    FieldValueInvalid,
    FieldValueTypeInvalid,
    FieldValueNotSupported,
    FieldValueForbidden,
    FieldValueDuplicate,
    FieldValueTooLong,
    FieldValueTooMany,
}
