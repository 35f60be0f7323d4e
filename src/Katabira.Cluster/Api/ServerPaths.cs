using System.Text.Json.Nodes;
using Katabira.Cluster.Access;
using Katabira.Cluster.Discovery;
using Katabira.Cluster.Resources;
using Microsoft.AspNetCore.Http;

namespace Katabira.Cluster.Api;

/// <summary>Answers everything that is no resource: health, version, discovery, OpenAPI, the keys of tokens, metrics. Thread-safe.</summary>
/// <param name="health">Why the server is not well; null if it is.</param>
internal sealed class ServerPaths(ServerVersion version, SigningKeys keys, ApiMetrics metrics, Func<string?> health, TimeProvider time)
{
    private readonly ApiDocument _version = version.Document();

    /// <returns>False if nothing is there.</returns>
    public async Task<bool> RouteAsync(ApiCall call, string path)
    {
        if (call.Method is not ("GET" or "HEAD"))
        {
            return false;
        }
        switch (path)
        {
            case "/healthz" or "/livez" or "/readyz":
                await HealthAsync(call);
                return true;
            case "/version" or "/version/":
                await Answers.SendAsync(call.Http, StatusCodes.Status200OK, _version.ContentType, _version.Body);
                return true;
            case "/metrics":
                await Answers.SendAsync(call.Http, StatusCodes.Status200OK, ApiMetrics.ContentType, await metrics.WriteAsync(call.Cancelled));
                return true;
            case "/":
                await Answers.SendAsync(call.Http, StatusCodes.Status200OK, new JsonObject { ["paths"] = PathsOf(call).ToJson() });
                return true;
            case "/.well-known/openid-configuration":
                await Answers.SendAsync(call.Http, StatusCodes.Status200OK, TokenDiscovery.Configuration());
                return true;
            case TokenDiscovery.KeysPath:
                await Answers.SendAsync(call.Http, StatusCodes.Status200OK, TokenDiscovery.Keys(keys));
                return true;
            case "/openapi/v2":
                await Answers.SendAsync(call.Http, OpenApiV2.Document);
                return true;
            case "/openapi/v3" or "/openapi/v3/":
                await Answers.SendAsync(call.Http, call.Served.OpenApi.Index);
                return true;
            default:
                return path.StartsWith("/openapi/v3/", StringComparison.Ordinal) ? await OpenApiAsync(call, path["/openapi/v3/".Length..]) : await DiscoverAsync(call, path);
        }
    }

    private Task HealthAsync(ApiCall call) => health() is { } problem
        ? Answers.SendTextAsync(call.Http, StatusCodes.Status500InternalServerError, $"not ok: {problem}\n")
        : Answers.SendTextAsync(call.Http, StatusCodes.Status200OK, "ok");

    /// <summary>A document of one group and version. Asked for by its hash it never changes, so clients may keep it.</summary>
    private async Task<bool> OpenApiAsync(ApiCall call, string path)
    {
        if (call.Served.OpenApi.Find(path) is not { } document)
        {
            return false;
        }
        if (call.Query("hash") is { Length: > 0 } hash)
        {
            if (hash != document.Hash)
            {
                call.Http.Response.StatusCode = StatusCodes.Status301MovedPermanently;
                call.Http.Response.Headers.Location = $"/openapi/v3/{path}?hash={document.Hash}";
                return true;
            }
            call.Http.Response.Headers.CacheControl = "public, immutable";
            call.Http.Response.Headers.Expires = time.GetUtcNow().AddYears(1).ToString("R");
        }
        await Answers.SendAsync(call.Http, document);
        return true;
    }

    private static async Task<bool> DiscoverAsync(ApiCall call, string path)
    {
        if (Discover(call, path.TrimEnd('/')) is not { } document)
        {
            return false;
        }
        await Answers.SendAsync(call.Http, document);
        return true;
    }

    private static ApiDocument? Discover(ApiCall call, string path)
    {
        // each document has one path: with empty segments it would have as many as anybody likes, and be kept under each
        var parts = path.Length > 0 ? path[1..].Split('/') : [];
        var address = call.Http.Request.Host.Value ?? "";
        return (parts, Aggregated(call.Accept)) switch
        {
            (["api"], { } form) => call.Served.Document($"/api {form}", catalog => AggregatedDiscovery.Core(catalog, form)),
            (["apis"], { } form) => call.Served.Document($"/apis {form}", catalog => AggregatedDiscovery.Groups(catalog, form)),
            // made for each request: the address in it is what the client called us
            (["api"], _) => LegacyDiscovery.CoreVersions(call.Served.Catalog, address),
            (["apis"], _) => call.Served.Document("/apis", LegacyDiscovery.Groups),
            (["api", "v1"], _) => call.Served.Document(path, catalog => LegacyDiscovery.Resources(catalog, "", "v1")),
            // asked of the catalog first: what is not there is not remembered
            (["apis", var group], _) when call.Served.Catalog.FindGroup(group) is not null => call.Served.Document(path, catalog => LegacyDiscovery.Group(catalog, group)),
            (["apis", var group, var named], _) when call.Served.Catalog.FindGroup(group)?.Versions.Any(v => v.Version == named) == true =>
                call.Served.Document(path, catalog => LegacyDiscovery.Resources(catalog, group, named)),
            _ => null,
        };
    }

    /// <summary>The version of aggregated discovery that the client prefers to everything else; null if it wants the old documents.</summary>
    private static string? Aggregated(string accept)
    {
        foreach (var type in MediaType.ParseList(accept))
        {
            if (type is { Type: "application/json", As: "APIGroupDiscoveryList", Group: "apidiscovery.k8s.io" } && AggregatedDiscovery.Versions.Contains(type.Version))
            {
                return type.Version;
            }
            if (type is { IsJson: true, As.Length: 0 })
            {
                return null;
            }
        }
        return null;
    }

    private static IEnumerable<string> PathsOf(ApiCall call) =>
        call.Served.Catalog.Groups.SelectMany(g => g.Versions.Select(v => $"/{v.Path}").Prepend(g.Name.Length == 0 ? "/api" : $"/apis/{g.Name}"))
            .Concat(["/.well-known/openid-configuration", "/apis", "/healthz", "/livez", "/metrics", "/openapi/v2", "/openapi/v3", "/openid/v1/jwks", "/readyz", "/version"])
            .Distinct().Order(StringComparer.Ordinal);
}
