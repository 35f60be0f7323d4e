namespace Katabira.Model.Kinds;

/// <summary>Conditions on a request; all that are set must hold.</summary>
public sealed record HttpMatch : RouteMatch
{
    /// <summary>A name for logs; it decides nothing.</summary>
    public string? Name { get; init; }

    /// <summary>The path, with the query left off for exact and prefix.</summary>
    public StringMatch? Uri { get; init; }

    /// <summary>The scheme, http or https.</summary>
    public StringMatch? Scheme { get; init; }

    /// <summary>The method, e.g. GET; upper and lower case differ.</summary>
    public StringMatch? Method { get; init; }

    /// <summary>The host the request names, with its port if it names one.</summary>
    public StringMatch? Authority { get; init; }

    /// <summary>Headers by name. A value without exact, prefix or regex asks only that the header is there. At gateways, @request.auth.claims[NAME] stands for a claim of the request's token.</summary>
    public IReadOnlyDictionary<string, StringMatch>? Headers { get; init; }

    /// <summary>Parameters of the query by name. A value without exact, prefix or regex asks only that the parameter is there.</summary>
    public IReadOnlyDictionary<string, StringMatch>? QueryParams { get; init; }

    /// <summary>Compares exact and prefix paths without regard to case.</summary>
    public bool? IgnoreUriCase { get; init; }

    /// <summary>Headers that must not match. A value without exact, prefix or regex asks that the header is absent.</summary>
    public IReadOnlyDictionary<string, StringMatch>? WithoutHeaders { get; init; }

    /// <summary>Prefix of the statistics that are kept for this route.</summary>
    public string? StatPrefix { get; init; }
}
