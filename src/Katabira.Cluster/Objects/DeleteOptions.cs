using System.Globalization;
using System.Text.Json.Nodes;
using Katabira.Cluster.Api;
using Katabira.Cluster.Resources;

namespace Katabira.Cluster.Objects;

/// <summary>What becomes of objects that an object owns.</summary>
internal enum Propagation
{
    /// <summary>They go after it. What kubectl asks for unless told otherwise.</summary>
    Background,

    /// <summary>They go before it.</summary>
    Foreground,

    /// <summary>They stay, and forget it.</summary>
    Orphan,
}

/// <summary>How an object is deleted.</summary>
internal sealed record DeleteOptions
{
    /// <summary>Time for a graceful end; null for the object's own.</summary>
    public long? GracePeriodSeconds { get; init; }

    /// <summary>Null for what was asked before, if anything was.</summary>
    public Propagation? Propagation { get; init; }

    /// <summary>The one object that is meant; empty for whichever has the name.</summary>
    public string Uid { get; init; } = "";

    /// <summary>The one state of it that is meant; empty for any.</summary>
    public string ResourceVersion { get; init; } = "";

    public bool IsDryRun { get; init; }

    /// <summary>Reads the body, whose fields count, and the query, for those that the body does not have.</summary>
    /// <param name="body">The decoded body; null for none.</param>
    /// <param name="query">A query parameter by its name; null if it is not there.</param>
    /// <exception cref="ApiException">They make no sense.</exception>
    public static DeleteOptions Read(JsonObject? body, Func<string, string?> query)
    {
        var causes = new List<StatusCause>();
        var grace = body.Integer("gracePeriodSeconds") ?? ReadGrace(query("gracePeriodSeconds"));
        var policy = body.Text("propagationPolicy", query("propagationPolicy") ?? "");
        var orphans = body?["orphanDependents"].AsBoolean() ?? (query("orphanDependents") is { } text ? QueryText.IsTrue(text) : null);
        if (policy is not ("" or "Background" or "Foreground" or "Orphan"))
        {
            causes.Add(new("FieldValueNotSupported", $"Unsupported value: \"{policy}\": supported values: \"Background\", \"Foreground\", \"Orphan\"", "propagationPolicy"));
        }
        if (policy.Length > 0 && orphans is not null)
        {
            causes.Add(new("FieldValueInvalid", $"Invalid value: \"{policy}\": orphanDependents and deletionPropagation cannot be both set", "propagationPolicy"));
        }
        if (grace < 0)
        {
            // as upstream: a negative time is the shortest one
            grace = 1;
        }
        var dryRun = body.Texts("dryRun") is [_, ..] inBody ? inBody : query("dryRun") is { Length: > 0 } inQuery ? [inQuery] : [];
        foreach (var value in dryRun.Where(v => v != "All"))
        {
            causes.Add(new("FieldValueNotSupported", $"Unsupported value: \"{value}\": supported values: \"All\"", "dryRun"));
        }
        if (causes.Count > 0)
        {
            throw new ApiException(ApiFailure.Invalid("meta.k8s.io", "DeleteOptions", "", [.. causes]));
        }
        return new DeleteOptions
        {
            GracePeriodSeconds = grace,
            Propagation = policy switch
            {
                "Foreground" => Objects.Propagation.Foreground,
                "Orphan" => Objects.Propagation.Orphan,
                "Background" => Objects.Propagation.Background,
                _ when orphans is { } stay => stay ? Objects.Propagation.Orphan : Objects.Propagation.Background,
                _ => null,
            },
            Uid = body.Child("preconditions").Text("uid"),
            ResourceVersion = body.Child("preconditions").Text("resourceVersion"),
            IsDryRun = !dryRun.IsEmpty,
        };
    }

    private static long? ReadGrace(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }
        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds)
            ? seconds
            : throw new ApiException(ApiFailure.BadRequest($"strconv.ParseInt: parsing \"{text}\": invalid syntax"));
    }
}
