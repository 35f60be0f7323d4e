using System.Collections.Immutable;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Katabira.Cluster.Resources;

/// <summary>
/// Collects everything that is wrong with one object, in the words of upstream's <c>field</c> package. Owned by one check; not thread-safe.
/// Bounded: later issues are only counted, so that a hostile object costs no memory.
/// </summary>
internal sealed class FieldIssues
{
    /// <summary>The most issues that are kept.</summary>
    public const int Limit = 100;

    public const string Immutable = "field is immutable";

    private const int LongestEcho = 512;

    private static readonly JsonSerializerOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly ImmutableArray<FieldIssue>.Builder _issues = ImmutableArray.CreateBuilder<FieldIssue>();

    public bool Any => _issues.Count > 0;

    /// <summary>In the order found.</summary>
    public ImmutableArray<FieldIssue> All => _issues.ToImmutable();

    /// <summary><c>Required value[: detail]</c></summary>
    public void Required(string path, string detail = "") =>
        Add(path, FieldIssueReason.FieldValueRequired, detail.Length == 0 ? "Required value" : $"Required value: {detail}");

    /// <summary><c>Invalid value: "x": detail</c></summary>
    public void Invalid(string path, string value, string detail) => Add(path, FieldIssueReason.FieldValueInvalid, $"Invalid value: {Quote(value)}: {detail}");

    /// <summary><c>Invalid value: 3: detail</c></summary>
    public void Invalid(string path, long value, string detail) =>
        Add(path, FieldIssueReason.FieldValueInvalid, string.Create(CultureInfo.InvariantCulture, $"Invalid value: {value}: {detail}"));

    /// <summary>The same for any JSON; strings are quoted, objects are printed as JSON.</summary>
    public void Invalid(string path, JsonNode? value, string detail) => InvalidText(path, Cut(value?.ToJsonString(s_json) ?? "null"), detail);

    /// <summary>The same for a value that is printed already.</summary>
    public void InvalidText(string path, string value, string detail) => Add(path, FieldIssueReason.FieldValueInvalid, $"Invalid value: {value}: {detail}");

    /// <summary>One issue for each of the details.</summary>
    public void Invalid(string path, string value, IEnumerable<string> details)
    {
        foreach (var detail in details)
        {
            Invalid(path, value, detail);
        }
    }

    /// <summary><c>Unsupported value: "x": supported values: "A", "B"</c></summary>
    public void NotSupported(string path, string value, params ReadOnlySpan<string> supported)
    {
        var quoted = new string[supported.Length];
        for (var i = 0; i < supported.Length; i++)
        {
            quoted[i] = Quote(supported[i]);
        }
        Add(path, FieldIssueReason.FieldValueNotSupported, $"Unsupported value: {Quote(value)}: supported values: {string.Join(", ", quoted)}");
    }

    /// <summary><c>Forbidden: detail</c></summary>
    public void Forbidden(string path, string detail) => Add(path, FieldIssueReason.FieldValueForbidden, $"Forbidden: {detail}");

    /// <summary><c>Duplicate value: "x"</c></summary>
    public void Duplicate(string path, string value) => Add(path, FieldIssueReason.FieldValueDuplicate, $"Duplicate value: {Quote(value)}");

    /// <summary><c>Not found: "x"</c></summary>
    public void NotFound(string path, string value) => Add(path, FieldIssueReason.FieldValueNotFound, $"Not found: {Quote(value)}");

    /// <summary><c>Too long: may not be more than N bytes</c></summary>
    public void TooLong(string path, int limit) =>
        Add(path, FieldIssueReason.FieldValueTooLong, string.Create(CultureInfo.InvariantCulture, $"Too long: may not be more than {limit} bytes"));

    /// <summary>Required if the value is empty, unsupported if it is none of the given ones.</summary>
    public void OneOf(string path, string value, params ReadOnlySpan<string> supported)
    {
        if (value.Length == 0)
        {
            Required(path);
        }
        else if (!supported.Contains(value))
        {
            NotSupported(path, value, supported);
        }
    }

    /// <summary>A number that may be zero but not less; absent is fine.</summary>
    public void NotNegative(string path, long? value)
    {
        if (value < 0)
        {
            Invalid(path, value.Value, "must be greater than or equal to 0");
        }
    }

    /// <summary>A number within bounds, both inclusive; absent is fine.</summary>
    public void Within(string path, long? value, long least, long most)
    {
        if (value < least || value > most)
        {
            Invalid(path, value.Value, string.Create(CultureInfo.InvariantCulture, $"must be between {least} and {most}, inclusive"));
        }
    }

    private static string Quote(string value) => $"\"{JsonEncodedText.Encode(Cut(value), JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";

    private static string Cut(string value) => value.Length <= LongestEcho ? value : value[..LongestEcho] + "…";

    private void Add(string path, FieldIssueReason reason, string message)
    {
        if (_issues.Count < Limit)
        {
            _issues.Add(new(path, reason, message));
        }
    }
}
