using System.Collections.Immutable;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Katabira.Model.Validation;

/// <summary>Collects everything that is wrong or doubtful about one object, so that its author learns all of it at once.</summary>
/// <remarks>Owned by one check; not thread-safe. Bounded: beyond <see cref="Limit"/> errors only their number is kept.</remarks>
public sealed class Findings
{
    /// <summary>The most errors that are kept; a hostile object must not cost memory without bound.</summary>
    public const int Limit = 100;

    private readonly ImmutableArray<FieldError>.Builder _errors = ImmutableArray.CreateBuilder<FieldError>();
    private readonly ImmutableArray<string>.Builder _warnings = ImmutableArray.CreateBuilder<string>();
    private int _dropped;

    /// <summary>The errors in the order found; the object is refused if there is one.</summary>
    public ImmutableArray<FieldError> Errors =>
        _dropped == 0
            ? _errors.ToImmutable()
            : [.. _errors, new FieldError("", FieldErrorReason.FieldValueTooMany, string.Create(CultureInfo.InvariantCulture, $"and {_dropped} more errors"))];

    /// <summary>Doubts that do not refuse the object.</summary>
    public ImmutableArray<string> Warnings => _warnings.ToImmutable();

    /// <summary>True if nothing refuses the object.</summary>
    public bool Ok => _errors.Count == 0;

    /// <summary>Adds a doubt; those beyond <see cref="Limit"/> are dropped.</summary>
    public void Warn(string warning)
    {
        if (_warnings.Count < Limit)
        {
            _warnings.Add(warning);
        }
    }

    /// <summary><c>Required value[: detail]</c>.</summary>
    public void Required(string path, string detail = "") =>
        Add(path, FieldErrorReason.FieldValueRequired, detail.Length == 0 ? "Required value" : $"Required value: {detail}");

    /// <summary><c>Invalid value: VALUE: detail</c>, where VALUE is JSON.</summary>
    public void Invalid(string path, string value, string detail) =>
        Add(path, FieldErrorReason.FieldValueInvalid, $"Invalid value: {Quote(value)}: {detail}");

    /// <inheritdoc cref="Invalid(string,string,string)"/>
    public void Invalid(string path, long value, string detail) =>
        Add(path, FieldErrorReason.FieldValueInvalid, string.Create(CultureInfo.InvariantCulture, $"Invalid value: {value}: {detail}"));

    /// <inheritdoc cref="Invalid(string,string,string)"/>
    public void Invalid(string path, double value, string detail) =>
        Add(path, FieldErrorReason.FieldValueInvalid, string.Create(CultureInfo.InvariantCulture, $"Invalid value: {value}: {detail}"));

    /// <summary>A rule about a whole object or list is broken: <c>Invalid value: "object": detail</c>.</summary>
    public void Broken(string path, string detail) =>
        Add(path, FieldErrorReason.FieldValueInvalid, $"Invalid value: \"object\": {detail}");

    /// <summary><c>Unsupported value: "x": supported values: "A", "B"</c>.</summary>
    public void NotSupported(string path, string value, IEnumerable<string> supported) =>
        Add(path, FieldErrorReason.FieldValueNotSupported, $"Unsupported value: {Quote(value)}: supported values: {string.Join(", ", supported.Select(Quote))}");

    /// <summary><c>Forbidden: detail</c>.</summary>
    public void Forbidden(string path, string detail) => Add(path, FieldErrorReason.FieldValueForbidden, $"Forbidden: {detail}");

    /// <summary><c>Duplicate value: "x"</c>.</summary>
    public void Duplicate(string path, string value) => Add(path, FieldErrorReason.FieldValueDuplicate, $"Duplicate value: {Quote(value)}");

    /// <summary><c>Too long: may not be more than N bytes</c>.</summary>
    public void TooLong(string path, int limit) =>
        Add(path, FieldErrorReason.FieldValueTooLong, string.Create(CultureInfo.InvariantCulture, $"Too long: may not be more than {limit} bytes"));

    /// <summary><c>Too many: N: must have at most M items</c>.</summary>
    public void TooMany(string path, int count, int limit) =>
        Add(path, FieldErrorReason.FieldValueTooMany, string.Create(CultureInfo.InvariantCulture, $"Too many: {count}: must have at most {limit} items"));

    /// <summary>The value is of another JSON type than the schema's.</summary>
    public void WrongType(string path, string actual, string expected) =>
        Add(path, FieldErrorReason.FieldValueTypeInvalid, $"Invalid value: \"{actual}\": {path} in body must be of type {expected}: \"{actual}\"");

    /// <summary>Names one set of fields of which at most one may be set, if more are.</summary>
    public void AtMostOne(string path, params ReadOnlySpan<(string Name, bool IsSet)> fields)
    {
        var set = new List<string>();
        foreach (var (name, isSet) in fields)
        {
            if (isSet)
            {
                set.Add(name);
            }
        }
        if (set.Count > 1)
        {
            Broken(path, $"only one of {string.Join(", ", set)} can be set");
        }
    }

    private void Add(string path, FieldErrorReason reason, string message)
    {
        if (_errors.Count < Limit)
        {
            _errors.Add(new FieldError(path, reason, message));
        }
        else
        {
            _dropped++;
        }
    }

    /// <summary>JSON text of a value, cut to a length that a terminal can bear.</summary>
    private static string Quote(string value)
    {
        const int longest = 200;
        return '"' + JsonEncodedText.Encode(value.Length <= longest ? value : value[..longest] + "…", JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString() + '"';
    }
}
