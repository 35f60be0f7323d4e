using System.Globalization;
using Katabira.Cluster.Objects;
using Katabira.Cluster.Storage;

namespace Katabira.Cluster.Api;

/// <summary>Which objects, of which moment: the query parameters of lists and watches, read and found to make sense.</summary>
internal sealed record ListOptions
{
    public required ObjectFilter Filter { get; init; }

    public int Limit { get; init; }

    public string Continue { get; init; } = "";

    /// <summary>Null for none; zero for any.</summary>
    public Revision? Version { get; init; }

    /// <summary>Exactly that version, not a newer one.</summary>
    public bool IsExact { get; init; }

    /// <summary>Of a watch: what is there comes first. Null if the client did not say.</summary>
    public bool? SendsInitialEvents { get; init; }

    public bool AllowsBookmarks { get; init; }

    /// <summary>When a watch ends; null for the server's own idea.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Reads the parameters of a request.</summary>
    /// <param name="name">The one object that the path names; empty for a collection.</param>
    /// <exception cref="ApiException">They make no sense.</exception>
    public static ListOptions Read(ApiCall call, ObjectForm form, string name, bool isWatch)
    {
        var version = call.Query("resourceVersion") ?? "";
        var match = call.Query("resourceVersionMatch") ?? "";
        var initial = call.Query("sendInitialEvents") is { } sends ? QueryText.IsTrue(sends) : (bool?)null;
        var options = new ListOptions
        {
            Filter = ObjectFilter.Read(form, call.Query("labelSelector") ?? "", call.Query("fieldSelector") ?? "", name),
            Limit = (int)Math.Min(int.MaxValue, Number(call.Query("limit"), "limit")),
            Continue = isWatch ? "" : call.Query("continue") ?? "",
            Version = ReadVersion(version),
            IsExact = match == "Exact",
            SendsInitialEvents = initial,
            AllowsBookmarks = QueryText.IsTrue(call.Query("allowWatchBookmarks")),
            Timeout = Number(call.Query("timeoutSeconds"), "timeoutSeconds") is > 0 and var seconds ? TimeSpan.FromSeconds(Math.Min(seconds, 86_400)) : null,
        };
        Require(isWatch ? CheckWatch(match, initial) : CheckList(match, version, options));
        return options;
    }

    private static IEnumerable<StatusCause> CheckWatch(string match, bool? initial)
    {
        if (initial is not null && match != "NotOlderThan")
        {
            yield return Forbidden("resourceVersionMatch", "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan");
        }
        else if (initial is null && match.Length > 0)
        {
            yield return Forbidden("resourceVersionMatch", "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided");
        }
    }

    private static IEnumerable<StatusCause> CheckList(string match, string version, ListOptions options)
    {
        if (match is not ("" or "Exact" or "NotOlderThan"))
        {
            yield return new("FieldValueNotSupported", $"Unsupported value: \"{match}\": supported values: \"Exact\", \"NotOlderThan\"", "resourceVersionMatch");
        }
        else if (match.Length > 0 && version.Length == 0)
        {
            yield return Forbidden("resourceVersionMatch", "resourceVersionMatch is forbidden unless resourceVersion is provided");
        }
        if (match.Length > 0 && options.Continue.Length > 0)
        {
            yield return Forbidden("resourceVersionMatch", "resourceVersionMatch is forbidden when continue is provided");
        }
        if (options.IsExact && version == "0")
        {
            yield return Forbidden("resourceVersionMatch", "resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\"");
        }
        if (options.SendsInitialEvents is not null)
        {
            yield return Forbidden("sendInitialEvents", "sendInitialEvents is forbidden for list");
        }
    }

    private static StatusCause Forbidden(string field, string why) => new("FieldValueForbidden", $"Forbidden: {why}", field);

    private static void Require(IEnumerable<StatusCause> causes)
    {
        StatusCause[] all = [.. causes];
        if (all.Length > 0)
        {
            throw new ApiException(ApiFailure.Invalid("meta.k8s.io", "ListOptions", "", [.. all]));
        }
    }

    private static Revision? ReadVersion(string text)
    {
        if (text.Length == 0)
        {
            return null;
        }
        return Revision.TryParse(text, out var revision)
            ? revision
            : throw new ApiException(ApiFailure.BadRequest($"invalid resource version \"{Cut(text)}\": it is a number of this server's own"));
    }

    private static long Number(string? text, string name)
    {
        if (string.IsNullOrEmpty(text))
        {
            return 0;
        }
        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= 0
            ? number
            : throw new ApiException(ApiFailure.BadRequest($"{name}: \"{Cut(text)}\" is not a number that makes sense here"));
    }

    private static string Cut(string text) => text.Length <= 64 ? text : text[..64] + "…";
}
