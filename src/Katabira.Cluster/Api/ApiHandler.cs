using Katabira.Cluster.Access;
using Katabira.Cluster.State;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Katabira.Cluster.Api;

/// <summary>
/// Every request's way: who is it, may they, what is it, answer, write down. Nothing is answered to whom it was not allowed, not even that it is
/// not there. Thread-safe.
/// </summary>
internal sealed class ApiHandler(
    ClusterState state, Authenticator authenticator, ResourceRouter resources, ServerPaths paths, ApiMetrics metrics, ILogger logger, TimeProvider time)
{
    public async Task HandleAsync(HttpContext http)
    {
        var began = time.GetTimestamp();
        var id = Guid.NewGuid().ToString();
        http.Response.Headers["Audit-Id"] = id;
        http.Response.Headers.CacheControl = "no-cache, private";
        if (http.Request.Method == "HEAD")
        {
            // whoever answers writes as for a GET; on the way out only the headers count
            http.Response.Body = Stream.Null;
        }
        using var running = metrics.Begin();
        var user = UserInfo.Anonymous;
        var access = AccessRequest.ForPath(http.Request.Method, "");
        try
        {
            user = await AuthenticateAsync(http, id);
            access = await AnswerAsync(new ApiCall(http, user, state.Api));
        }
        catch (Exception e) when (http.RequestAborted.IsCancellationRequested && e is OperationCanceledException or IOException or BadHttpRequestException)
        {
            // the client has gone; there is nobody to tell
        }
        catch (ApiException refused) when (!http.Response.HasStarted)
        {
            access = Describe(http);
            await Answers.SendAsync(http, refused.Failure);
        }
        catch (BadHttpRequestException bad) when (!http.Response.HasStarted)
        {
            await Answers.SendAsync(http, bad.StatusCode == StatusCodes.Status413PayloadTooLarge ? ApiFailure.TooLarge(RequestBody.LimitBytes) : ApiFailure.BadRequest(bad.Message));
        }
        catch (Exception e)
        {
            // the boundary: one request's bug ends with it
            RequestLog.Failed(logger, e, id, OneLine(http.Request.Method), OneLine(http.Request.Path.Value ?? "/"));
            await FailAsync(http);
        }
        Record(http, id, user, access, time.GetElapsedTime(began));
    }

    private async Task<UserInfo> AuthenticateAsync(HttpContext http, string id)
    {
        if (http.Request.Headers.Keys.FirstOrDefault(k => k.StartsWith("Impersonate-", StringComparison.OrdinalIgnoreCase)) is { } header)
        {
            // passing it over would do as oneself what was meant as somebody else
            throw new ApiException(new ApiFailure(403, "Forbidden", $"forbidden: this server does not impersonate; take out the header {header}"));
        }
        var certificate = http.Features.Get<ITlsConnectionFeature>() is { } tls ? await tls.GetClientCertificateAsync(http.RequestAborted) : null;
        var (user, why) = authenticator.Authenticate(certificate, http.Request.Headers.Authorization);
        if (user is null)
        {
            RequestLog.Unauthorized(logger, id, why);
            throw new ApiException(ApiFailure.Unauthorized);
        }
        return user;
    }

    private async Task<AccessRequest> AnswerAsync(ApiCall call)
    {
        var path = call.Http.Request.Path.Value ?? "/";
        var access = Describe(call.Http);
        var decision = state.Access.Authorize(call.User, access);
        if (!decision.Allowed)
        {
            throw new ApiException(access.Refuse(call.User, decision.Reason));
        }
        try
        {
            var isFound = access.Path is null && RequestTarget.TryParse(path, out var target)
                ? await resources.RouteAsync(call, target)
                : await paths.RouteAsync(call, path);
            if (!isFound)
            {
                await Answers.SendNotFoundAsync(call.Http);
            }
        }
        catch (ApiException) when (!call.Http.Response.HasStarted)
        {
            Answers.Warn(call.Http, call.Warnings);
            throw;
        }
        return access;
    }

    private static AccessRequest Describe(HttpContext http)
    {
        var path = http.Request.Path.Value ?? "/";
        return RequestTarget.TryParse(path, out var target)
            ? AccessRequest.ForResource(
                http.Request.Method, target, QueryText.IsTrue(QueryText.First(http.Request.Query, "watch")), QueryText.First(http.Request.Query, "fieldSelector"))
            : AccessRequest.ForPath(http.Request.Method, path);
    }

    private static async Task FailAsync(HttpContext http)
    {
        if (http.Response.HasStarted || http.Response.BodyWriter.UnflushedBytes > 0)
        {
            // half an answer cannot be taken back
            http.Abort();
            return;
        }
        await Answers.SendAsync(http, ApiFailure.Internal("this server has a bug; its log says more under the request's Audit-Id"));
    }

    private void Record(HttpContext http, string id, UserInfo user, in AccessRequest access, TimeSpan elapsed)
    {
        var isServed = access.Path is null && IsServed(access);
        metrics.Count(isServed
            ? new(access.Verb, access.Group, access.Plural, access.Subresource, http.Response.StatusCode, elapsed)
            : new(http.Request.Method is "GET" or "POST" or "PUT" or "PATCH" or "DELETE" or "HEAD" ? http.Request.Method.ToLowerInvariant() : "other", "", "", "", http.Response.StatusCode, elapsed));
        var changes = http.Request.Method is not ("GET" or "HEAD");
        if (!logger.IsEnabled(changes ? LogLevel.Information : LogLevel.Debug))
        {
            return;
        }
        var agent = OneLine(http.Request.Headers.UserAgent.ToString());
        var (verb, path) = (access.Path is null ? access.Verb : http.Request.Method, OneLine(http.Request.Path.Value ?? "/"));
        if (changes)
        {
            RequestLog.Write(logger, id, user.Name, verb, path, http.Response.StatusCode, elapsed.TotalMilliseconds, agent);
        }
        else
        {
            RequestLog.Read(logger, id, user.Name, verb, path, http.Response.StatusCode, elapsed.TotalMilliseconds, agent);
        }
    }

    /// <summary>Whether there is such a resource, and such a part of it: what clients make up does not become a name in the metrics.</summary>
    private bool IsServed(in AccessRequest access)
    {
        var subresource = access.Subresource;
        return state.Api.Catalog.FindType(access.Group, access.Plural) is { } type && (subresource.Length == 0 || type.Versions.Any(v => v.Subresource(subresource) is not null));
    }

    /// <summary>What a client sends cannot begin a line of the log.</summary>
    private static string OneLine(string text)
    {
        var cut = text.Length <= 256 ? text : text[..256];
        return cut.AsSpan().IndexOfAnyInRange('\0', '\x1f') < 0 ? cut : string.Concat(cut.Select(c => char.IsControl(c) ? '?' : c));
    }
}
