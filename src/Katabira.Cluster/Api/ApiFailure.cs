using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Katabira.Cluster.Api;

/// <summary>Why a request was not done, as the <c>Status</c> object that clients know. Immutable.</summary>
/// <param name="Code">HTTP status.</param>
/// <param name="Reason">Machine-readable cause, e.g. <c>NotFound</c>; empty where Kubernetes gives none.</param>
/// <param name="Message">What kubectl prints.</param>
internal sealed record ApiFailure(int Code, string Reason, string Message)
{
    /// <summary>The object's name, if there is one.</summary>
    public string Name { get; init; } = "";

    public string Group { get; init; } = "";

    /// <summary>The plural resource for most failures, the Kind for <c>Invalid</c>.</summary>
    public string Kind { get; init; } = "";

    public string Uid { get; init; } = "";

    public ImmutableArray<StatusCause> Causes { get; init; } = [];

    /// <summary>When to try again; also sent as the header <c>Retry-After</c>.</summary>
    public int? RetryAfterSeconds { get; init; }

    /// <summary>Where an expired list may go on, at the price of a mixture of two versions.</summary>
    public string Continue { get; init; } = "";

    public static ApiFailure NotFound(string group, string plural, string name) =>
        new(404, "NotFound", $"{Qualified(group, plural)} \"{name}\" not found") { Name = name, Group = group, Kind = plural };

    public static ApiFailure AlreadyExists(string group, string plural, string name) =>
        new(409, "AlreadyExists", $"{Qualified(group, plural)} \"{name}\" already exists") { Name = name, Group = group, Kind = plural };

    /// <summary>Somebody else was faster; clients read again and repeat.</summary>
    public static ApiFailure Modified(string group, string plural, string name) =>
        Conflict(group, plural, name, "the object has been modified; please apply your changes to the latest version and try again");

    public static ApiFailure Conflict(string group, string plural, string name, string why) =>
        new(409, "Conflict", $"Operation cannot be fulfilled on {Qualified(group, plural)} \"{name}\": {why}") { Name = name, Group = group, Kind = plural };

    public static ApiFailure BadRequest(string message) => new(400, "BadRequest", message);

    public static ApiFailure Forbidden(string group, string plural, string name, string why) =>
        new(403, "Forbidden", $"{Qualified(group, plural)} {(name.Length == 0 ? "" : $"\"{name}\" ")}is forbidden: {why}") { Name = name, Group = group, Kind = plural };

    public static ApiFailure Unauthorized { get; } = new(401, "Unauthorized", "Unauthorized");

    public static ApiFailure MethodNotAllowed(string verb, string group, string plural) =>
        new(405, "MethodNotAllowed", $"{verb} is not supported on resources of kind \"{Qualified(group, plural)}\"") { Group = group, Kind = plural };

    public static ApiFailure NotAcceptable(string accepted) =>
        new(406, "NotAcceptable", $"only the following media types are accepted: {accepted}");

    public static ApiFailure TooLarge(int limitBytes) =>
        new(413, "RequestEntityTooLarge", string.Create(CultureInfo.InvariantCulture, $"Request entity too large: limit is {limitBytes}"));

    public static ApiFailure UnsupportedMediaType(string accepted) =>
        new(415, "UnsupportedMediaType", $"the body of the request was in an unknown format - accepted media types include: {accepted}");

    /// <summary>Everything that is wrong with an object, at once.</summary>
    public static ApiFailure Invalid(string group, string kind, string name, ImmutableArray<StatusCause> causes)
    {
        var all = causes.Select(c => $"{c.Field}: {c.Message}").ToArray();
        var what = group.Length == 0 ? kind : $"{kind}.{group}";
        return new(422, "Invalid", $"{what} \"{name}\" is invalid: {(all.Length == 1 ? all[0] : $"[{string.Join(", ", all)}]")}")
        {
            Name = name,
            Group = group,
            Kind = kind,
            Causes = causes,
        };
    }

    public static ApiFailure Expired(string message, string continueToken = "") => new(410, "Expired", message) { Continue = continueToken };

    public static ApiFailure Internal(string what) =>
        new(500, "InternalError", $"Internal error occurred: {what}") { Causes = [new("", what, "")] };

    public static ApiFailure Unavailable(string why) => new(503, "ServiceUnavailable", why);

    public static ApiFailure TooNew(long asked, long current) =>
        new(504, "Timeout", string.Create(CultureInfo.InvariantCulture, $"Timeout: Too large resource version: {asked}, current: {current}"))
        {
            RetryAfterSeconds = 1,
            Causes = [new("ResourceVersionTooLarge", "Too large resource version", "")],
        };

    /// <summary>The <c>Status</c> object.</summary>
    public JsonObject ToJson()
    {
        var metadata = new JsonObject();
        if (Continue.Length > 0)
        {
            metadata["continue"] = Continue;
        }
        var status = new JsonObject
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = metadata,
            ["status"] = "Failure",
            ["message"] = Message,
        };
        Set(status, "reason", Reason);
        if (Details() is { Count: > 0 } details)
        {
            status["details"] = details;
        }
        status["code"] = Code;
        return status;
    }

    private JsonObject Details()
    {
        var details = new JsonObject();
        Set(details, "name", Name);
        Set(details, "group", Group);
        Set(details, "kind", Kind);
        Set(details, "uid", Uid);
        if (!Causes.IsEmpty)
        {
            details["causes"] = new JsonArray([.. Causes.Select(c => (JsonNode)c.ToJson())]);
        }
        if (RetryAfterSeconds is { } seconds)
        {
            details["retryAfterSeconds"] = seconds;
        }
        return details;
    }

    internal static void Set(JsonObject json, string name, string value)
    {
        if (value.Length > 0)
        {
            json[name] = value;
        }
    }

    private static string Qualified(string group, string plural) => group.Length == 0 ? plural : $"{plural}.{group}";
}

/// <summary>One of several causes of a failure.</summary>
/// <param name="Reason">E.g. <c>FieldValueInvalid</c>.</param>
/// <param name="Message">What follows the field in the message.</param>
/// <param name="Field">E.g. <c>spec.replicas</c>.</param>
internal readonly record struct StatusCause(string Reason, string Message, string Field)
{
    public JsonObject ToJson()
    {
        var json = new JsonObject();
        ApiFailure.Set(json, "reason", Reason);
        ApiFailure.Set(json, "message", Message);
        ApiFailure.Set(json, "field", Field);
        return json;
    }
}
