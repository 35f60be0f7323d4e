using System.Text.Json.Serialization;
using Katabira.Model.Resources;
using Katabira.Model.Schema;
using Katabira.Model.Validation;

namespace Katabira.Model.Kinds;

/// <summary>What happens to the requests that match: they go to destinations, to another virtual service, or are answered at once.</summary>
public sealed record HttpRoute : Extensible
{
    /// <summary>A name for logs; it decides nothing.</summary>
    public string? Name { get; init; }

    /// <summary>One of these must hold. None at all takes every request.</summary>
    public IReadOnlyList<HttpMatch>? Match { get; init; }

    /// <summary>Destinations that share the requests by weight.</summary>
    public IReadOnlyList<HttpRouteDestination>? Route { get; init; }

    /// <summary>Answers with a redirect instead.</summary>
    public HttpRedirect? Redirect { get; init; }

    /// <summary>Answers with a fixed response instead.</summary>
    public HttpDirectResponse? DirectResponse { get; init; }

    /// <summary>Leaves the requests to the routes of another virtual service, one without hosts.</summary>
    public DelegateReference? Delegate { get; init; }

    /// <summary>Changes path and host of the request before it is forwarded.</summary>
    public HttpRewrite? Rewrite { get; init; }

    /// <summary>How long the whole request may take, retries included. Left out, without limit.</summary>
    [Duration]
    public string? Timeout { get; init; }

    /// <summary>What is tried again, and how often. Left out, the mesh's default holds.</summary>
    public HttpRetry? Retries { get; init; }

    /// <summary>Failures and delays made on purpose, to test what clients do about them.</summary>
    public HttpFault? Fault { get; init; }

    /// <summary>A destination that gets a copy of each request; its answers are thrown away.</summary>
    public Destination? Mirror { get; init; }

    /// <summary>Several destinations that get copies.</summary>
    public IReadOnlyList<HttpMirrorPolicy>? Mirrors { get; init; }

    /// <summary>Deprecated: share of the requests that mirror gets, in whole percent. Use mirrorPercentage.</summary>
    [Field(Nullable = true)]
    public uint? MirrorPercent { get; init; }

    /// <summary>Deprecated: another spelling of mirrorPercent.</summary>
    [JsonPropertyName("mirror_percent"), Field(Nullable = true)]
    public uint? MirrorPercentSnake { get; init; }

    /// <summary>Share of the requests that mirror gets. Left out, all of them.</summary>
    public Percent? MirrorPercentage { get; init; }

    /// <summary>Which pages of other origins may call this route from a browser.</summary>
    public CorsPolicy? CorsPolicy { get; init; }

    /// <summary>Changes to headers, whatever the destination.</summary>
    public Headers? Headers { get; init; }
}

/// <summary>The virtual service that a route is left to.</summary>
public sealed record DelegateReference : Extensible
{
    /// <summary>Its name.</summary>
    public string? Name { get; init; }

    /// <summary>Its namespace. Left out, that of the virtual service that delegates.</summary>
    public string? Namespace { get; init; }

    internal void Check(string path, Findings findings)
    {
        if (string.IsNullOrEmpty(Name))
        {
            findings.Required($"{path}.name");
        }
        findings.CheckNamespace($"{path}.namespace", Namespace);
    }
}

/// <summary>A destination of copies.</summary>
public sealed record HttpMirrorPolicy : Extensible
{
    /// <summary>Who gets the copies.</summary>
    [Field(Required = true)]
    public Destination? Destination { get; init; }

    /// <summary>Share of the requests that are copied. Left out, all of them.</summary>
    public Percent? Percentage { get; init; }
}

/// <summary>A share in percent.</summary>
public sealed record Percent : Extensible
{
    /// <summary>From 0 to 100; a fraction is allowed. Left out, 0.</summary>
    public double? Value { get; init; }

    internal void Check(string path, Findings findings) => findings.CheckPercent($"{path}.value", Value);
}
