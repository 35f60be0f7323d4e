using Katabira.Cluster.Access;
using Katabira.Cluster.State;
using Microsoft.AspNetCore.Http;

namespace Katabira.Cluster.Api;

/// <summary>One request on its way: who asks, and what was served when it came in. Not for several threads.</summary>
/// <param name="Http">The connection's side of it.</param>
/// <param name="User">Who asks.</param>
/// <param name="Served">The API as of the request's beginning.</param>
internal sealed record ApiCall(HttpContext Http, UserInfo User, ServedApi Served)
{
    /// <summary>What the client is told in <c>Warning</c> headers, whatever becomes of the request.</summary>
    public List<string> Warnings { get; } = [];

    public string Method => Http.Request.Method;

    public CancellationToken Cancelled => Http.RequestAborted;

    /// <summary>A query parameter; null if it is not there, the first if it is there twice.</summary>
    public string? Query(string name) => QueryText.First(Http.Request.Query, name);

    /// <summary>What the client takes as an answer, in the order of its wish.</summary>
    public string Accept => string.Join(',', (IEnumerable<string?>)Http.Request.Headers.Accept);

    public string? UserAgent => Http.Request.Headers.UserAgent;
}
