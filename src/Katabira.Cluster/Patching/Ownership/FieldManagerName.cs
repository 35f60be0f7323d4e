using System.Globalization;
using System.Text;

namespace Katabira.Cluster.Patching.Ownership;

/// <summary>The name under which a client owns fields.</summary>
internal static class FieldManagerName
{
    /// <summary>Longest name, in bytes.</summary>
    public const int MaxBytes = 128;

    /// <summary>The name of a request: its parameter <c>fieldManager</c>, else the user agent up to the first slash, else <c>unknown</c>.</summary>
    public static string Of(string? fieldManager, string? userAgent)
    {
        if (!string.IsNullOrEmpty(fieldManager))
        {
            return fieldManager;
        }
        var name = new StringBuilder();
        var bytes = 0;
        foreach (var rune in (userAgent ?? "").AsSpan().EnumerateRunes())
        {
            if (rune.Value == '/' || bytes + rune.Utf8SequenceLength > MaxBytes)
            {
                break;
            }
            if (GoText.IsPrintable(rune))
            {
                name.Append(rune);
                bytes += rune.Utf8SequenceLength;
            }
        }
        return name.Length == 0 ? "unknown" : name.ToString();
    }

    /// <summary>Checks the parameter <c>fieldManager</c> of a write.</summary>
    /// <param name="fieldManager">The parameter; null or empty if it is not there.</param>
    /// <param name="options">The kind that the message names: <c>PatchOptions</c>, <c>CreateOptions</c>, <c>UpdateOptions</c>.</param>
    /// <param name="isRequired">True for an apply.</param>
    /// <returns>The 422, or null.</returns>
    public static PatchFailure? Check(string? fieldManager, string options, bool isRequired)
    {
        fieldManager ??= "";
        if (fieldManager.Length == 0)
        {
            return isRequired ? Refuse(options, new FailureCause("FieldValueRequired", "Required value: is required for apply patch", "fieldManager")) : null;
        }
        if (Encoding.UTF8.GetByteCount(fieldManager) > MaxBytes)
        {
            return Refuse(options, new FailureCause("FieldValueTooLong", $"Too long: may not be more than {MaxBytes} bytes", "fieldManager"));
        }
        var position = 0;
        foreach (var rune in fieldManager.EnumerateRunes())
        {
            if (!GoText.IsPrintable(rune))
            {
                var what = string.Create(CultureInfo.InvariantCulture, $"Invalid value: {GoText.Quoted(fieldManager)}: invalid character U+{rune.Value:X4} (at position {position})");
                return Refuse(options, new FailureCause("FieldValueInvalid", what, "fieldManager"));
            }
            position += rune.Utf8SequenceLength;
        }
        return null;
    }

    private static PatchFailure Refuse(string options, FailureCause cause) =>
        PatchFailure.Invalid($"{options}.meta.k8s.io \"\" is invalid: {cause.Field}: {cause.Message}") with { Causes = [cause] };
}
