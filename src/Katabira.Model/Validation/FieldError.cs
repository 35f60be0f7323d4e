namespace Katabira.Model.Validation;

/// <summary>One thing that is wrong with an object, in the words a Kubernetes user knows.</summary>
/// <param name="Path">Where, e.g. <c>spec.portLevelMtls[8080].mode</c>.</param>
/// <param name="Reason">The machine-readable cause, as in the causes of a Kubernetes <c>Status</c>.</param>
/// <param name="Message">What follows the path in the message, e.g. <c>Required value</c>.</param>
public readonly record struct FieldError(string Path, FieldErrorReason Reason, string Message)
{
    /// <summary>The line that kubectl prints: path, colon, message.</summary>
    public override string ToString() => $"{Path}: {Message}";
}

/// <summary>Cause of a <see cref="FieldError"/>; the names are Kubernetes' wire names.</summary>
public enum FieldErrorReason
{
    /// <summary>A mandatory field is missing or empty.</summary>
    FieldValueRequired,

    /// <summary>The value breaks a rule.</summary>
    FieldValueInvalid,

    /// <summary>The value has the wrong JSON type.</summary>
    FieldValueTypeInvalid,

    /// <summary>The value is none of the allowed ones.</summary>
    FieldValueNotSupported,

    /// <summary>The field may not be set here.</summary>
    FieldValueForbidden,

    /// <summary>The value stands there already.</summary>
    FieldValueDuplicate,

    /// <summary>The text is too long.</summary>
    FieldValueTooLong,

    /// <summary>The list or map has too many entries.</summary>
    FieldValueTooMany,
}
