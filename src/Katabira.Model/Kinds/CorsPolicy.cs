using System.Text.Json.Serialization;
using Katabira.Model.Resources;
using Katabira.Model.Schema;
using Katabira.Model.Validation;

namespace Katabira.Model.Kinds;

/// <summary>Cross-origin resource sharing: what a browser lets pages of other origins do here.</summary>
public sealed record CorsPolicy : Extensible
{
    /// <summary>Deprecated: exact origins. Use allowOrigins.</summary>
    public IReadOnlyList<string>? AllowOrigin { get; init; }

    /// <summary>Origins that may call; the answer repeats the one that matched.</summary>
    public IReadOnlyList<StringMatch>? AllowOrigins { get; init; }

    /// <summary>Methods they may use.</summary>
    public IReadOnlyList<string>? AllowMethods { get; init; }

    /// <summary>Headers they may send.</summary>
    public IReadOnlyList<string>? AllowHeaders { get; init; }

    /// <summary>Headers of the answer that they may read.</summary>
    public IReadOnlyList<string>? ExposeHeaders { get; init; }

    /// <summary>How long the browser may remember all this, in whole seconds.</summary>
    [Duration]
    public string? MaxAge { get; init; }

    /// <summary>Whether cookies and other credentials may be sent along.</summary>
    [Field(Nullable = true)]
    public bool? AllowCredentials { get; init; }

    /// <summary>What becomes of a preflight request whose origin is not allowed.</summary>
    public UnmatchedPreflights? UnmatchedPreflights { get; init; }

    private static readonly string[] s_methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "CONNECT", "OPTIONS", "TRACE", "*"];

    internal void Check(string path, RouteScope scope)
    {
        var findings = scope.Findings;
        if (AllowOrigin is { Count: > 0 })
        {
            findings.Warn($"{path}.allowOrigin: deprecated, use allowOrigins");
        }
        for (var i = 0; i < (AllowOrigins?.Count ?? 0); i++)
        {
            AllowOrigins![i].Check($"{path}.allowOrigins[{i}]", EmptyMatch.None, scope);
        }
        if (AllowCredentials == true && AllowOrigins?.Any(o => o is { Exact: "*" } or { Regex: ".*" }) == true)
        {
            findings.Warn($"{path}.allowCredentials: every page of the web may act with its visitor's credentials");
        }
        for (var i = 0; i < (AllowMethods?.Count ?? 0); i++)
        {
            if (!s_methods.Contains(AllowMethods![i], StringComparer.Ordinal))
            {
                findings.NotSupported($"{path}.allowMethods[{i}]", AllowMethods[i], s_methods);
            }
        }
        CheckNames(AllowHeaders, $"{path}.allowHeaders", findings);
        CheckNames(ExposeHeaders, $"{path}.exposeHeaders", findings);
        findings.CheckSeconds($"{path}.maxAge", MaxAge);
    }

    private static void CheckNames(IReadOnlyList<string>? names, string path, Findings findings)
    {
        for (var i = 0; i < (names?.Count ?? 0); i++)
        {
            // a star is a character of names, too
            findings.CheckHeaderName($"{path}[{i}]", names![i]);
        }
    }
}

/// <summary>What becomes of a preflight request whose origin is not allowed.</summary>
[JsonConverter(typeof(UpperSnakeEnum<UnmatchedPreflights>))]
public enum UnmatchedPreflights
{
    /// <summary>Not said: it is forwarded.</summary>
    Unspecified,

    /// <summary>The destination answers it.</summary>
    Forward,

    /// <summary>The proxy answers it, without leave.</summary>
    Ignore,
}
