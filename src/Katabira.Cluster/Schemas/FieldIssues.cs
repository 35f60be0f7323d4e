using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Katabira.Cluster.Cel;
using Katabira.Cluster.Cel.Go;
using Katabira.Cluster.Resources;

namespace Katabira.Cluster.Schemas;

/// <summary>Collects everything that is wrong with one object, in Kubernetes' words, so that its author learns all of it at once. Owned by one check; not
/// thread-safe.</summary>
/// <remarks>Bounded: beyond <see cref="Limit"/> issues only their number is kept. The same issue twice counts once.</remarks>
internal sealed class FieldIssues
{
    public const int Limit = 250;

    /// <summary>Messages are read by people: no \u0027 for a quotation mark.</summary>
    private static readonly JsonSerializerOptions s_relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 1024 };

    private readonly List<FieldIssue> _issues = [];
    private int _dropped;

    public int Count => _issues.Count + _dropped;

    /// <summary>Nothing more is kept; whoever would have to make a long message may call <see cref="Drop"/> instead.</summary>
    public bool IsFull => _issues.Count >= Limit;

    /// <summary>True if an issue makes the rules of the schema not worth asking: they would speak about values that are not what they expect.</summary>
    public bool BlockRules => _issues.Any(i => i.Reason is FieldIssueReason.FieldValueNotSupported or FieldIssueReason.FieldValueRequired or FieldIssueReason.FieldValueTooLong
        or FieldIssueReason.FieldValueTooMany or FieldIssueReason.FieldValueTypeInvalid);

    public IReadOnlyList<FieldIssue> ToList() => _dropped == 0
        ? [.. _issues]
        : [.. _issues, new(FieldIssue.NoPath, FieldIssueReason.FieldValueTooMany, string.Create(CultureInfo.InvariantCulture, $"and {_dropped} more errors"))];

    public void Add(FieldIssue issue)
    {
        if (IsFull)
        {
            Drop();
        }
        else if (!_issues.Contains(issue))
        {
            _issues.Add(issue);
        }
    }

    /// <summary>Counts an issue that is not kept.</summary>
    public void Drop() => _dropped++;

    public void AddRange(IEnumerable<FieldIssue> issues)
    {
        foreach (var issue in issues)
        {
            Add(issue);
        }
    }

    /// <summary><c>Required value[: detail]</c>.</summary>
    public void Required(string path, string detail = "") =>
        Add(new(path, FieldIssueReason.FieldValueRequired, detail.Length == 0 ? "Required value" : $"Required value: {detail}"));

    /// <summary><c>Invalid value: VALUE: detail</c>.</summary>
    public void Invalid(string path, string value, string detail) =>
        Add(new(path, FieldIssueReason.FieldValueInvalid, $"Invalid value: {GoQuote.Quote(value)}: {detail}"));

    /// <inheritdoc cref="Invalid(string,string,string)"/>
    public void Invalid(string path, JsonNode? value, string detail) =>
        Add(new(path, FieldIssueReason.FieldValueInvalid, $"Invalid value: {Text(value)}: {detail}"));

    /// <summary>The value has another type than the schema's, or not its format.</summary>
    public void WrongType(string path, string value, string detail) =>
        Add(new(path, FieldIssueReason.FieldValueTypeInvalid, $"Invalid value: {GoQuote.Quote(value)}: {detail}"));

    /// <summary><c>Unsupported value: "x": supported values: "A", "B"</c>.</summary>
    public void NotSupported(string path, JsonNode? value, IEnumerable<string> supported) =>
        Add(new(path, FieldIssueReason.FieldValueNotSupported,
            $"Unsupported value: {Text(value)}: supported values: {string.Join(", ", supported.Select(GoQuote.Quote))}"));

    /// <summary><c>Forbidden: detail</c>.</summary>
    public void Forbidden(string path, string detail) => Add(new(path, FieldIssueReason.FieldValueForbidden, $"Forbidden: {detail}"));

    /// <summary><c>Duplicate value: VALUE</c>.</summary>
    public void Duplicate(string path, JsonNode? value) => Add(new(path, FieldIssueReason.FieldValueDuplicate, $"Duplicate value: {Text(value)}"));

    /// <summary><c>Too long: may not be more than N bytes</c>; Kubernetes says bytes where the schema counts characters.</summary>
    public void TooLong(string path, long limit) =>
        Add(new(path, FieldIssueReason.FieldValueTooLong, string.Create(CultureInfo.InvariantCulture,
            $"Too long: may not be more than {limit} {(limit == 1 ? "byte" : "bytes")}")));

    /// <summary><c>Too many: N: must have at most M items</c>.</summary>
    public void TooMany(string path, long count, long limit) =>
        Add(new(path, FieldIssueReason.FieldValueTooMany, string.Create(CultureInfo.InvariantCulture,
            $"Too many: {count}: must have at most {limit} {(limit == 1 ? "item" : "items")}")));

    /// <summary>A value as messages show it: strings quoted, scalars plain, the rest as JSON, all of it cut to a length a terminal can bear.</summary>
    public static string Text(JsonNode? value)
    {
        if (value is null)
        {
            return "\"null\"";
        }
        if (JsonScalar.TryGetString(value, out var text))
        {
            return GoQuote.Quote(text);
        }
        if (JsonScalar.TryGetNumber(value, out var number))
        {
            return number.IsInteger ? number.Integer.ToString(CultureInfo.InvariantCulture) : GoFloat.Format(number.Double);
        }
        var json = value.ToJsonString(s_relaxed);
        return json.Length <= GoQuote.LongestKept ? json : string.Concat(json.AsSpan(0, GoQuote.LongestKept), "…");
    }
}
