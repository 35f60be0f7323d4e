using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Katabira.Cluster.Discovery;
using Katabira.Cluster.Storage;
using Microsoft.AspNetCore.Http;

namespace Katabira.Cluster.Api;

/// <summary>Writes whole answers.</summary>
internal static class Answers
{
    private const string Json = "application/json";

    /// <summary>Clients cut longer ones anyway.</summary>
    private const int LongestWarning = 4096;

    private const int MostWarnings = 64;

    /// <summary>A document of any kind.</summary>
    public static async Task SendAsync(HttpContext http, int code, string contentType, ReadOnlyMemory<byte> body)
    {
        http.Response.StatusCode = code;
        http.Response.ContentType = contentType;
        http.Response.ContentLength = body.Length;
        await http.Response.BodyWriter.WriteAsync(body, http.RequestAborted);
    }

    public static Task SendAsync(HttpContext http, int code, JsonNode body) => SendAsync(http, code, Json, StoredJson.Write(body));

    public static Task SendTextAsync(HttpContext http, int code, string text) => SendAsync(http, code, "text/plain; charset=utf-8", Encoding.UTF8.GetBytes(text));

    /// <summary>A failure, as the Status object that clients know.</summary>
    public static Task SendAsync(HttpContext http, ApiFailure failure)
    {
        if (failure.RetryAfterSeconds is { } seconds)
        {
            http.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }
        return SendAsync(http, failure.Code, failure.ToJson());
    }

    /// <summary>What there is not, in the words of the server's own router.</summary>
    public static Task SendNotFoundAsync(HttpContext http)
    {
        http.Response.Headers.XContentTypeOptions = "nosniff";
        return SendAsync(http, 404, "text/plain; charset=utf-8", "404 page not found\n"u8.ToArray());
    }

    /// <summary>A document about the API itself, or its hash's word that the client has it already.</summary>
    public static Task SendAsync(HttpContext http, ApiDocument document)
    {
        http.Response.Headers.ETag = document.ETag;
        http.Response.Headers.Vary = "Accept";
        if (http.Request.Headers.IfNoneMatch.Any(sent => sent is not null && sent.Contains(document.ETag, StringComparison.Ordinal)))
        {
            http.Response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }
        return SendAsync(http, 200, document.ContentType, document.Body);
    }

    /// <summary>Tells what the client should know; to be called before the answer begins.</summary>
    public static void Warn(HttpContext http, IEnumerable<string> warnings)
    {
        foreach (var warning in warnings.Distinct(StringComparer.Ordinal).Take(MostWarnings))
        {
            http.Response.Headers.Append("Warning", $"299 - \"{Quotable(warning)}\"");
        }
    }

    /// <summary>RFC 7230's quoted string: without control characters, which would end the header.</summary>
    private static string Quotable(string text)
    {
        var safe = new StringBuilder(Math.Min(text.Length, LongestWarning));
        foreach (var c in text.AsSpan(0, Math.Min(text.Length, LongestWarning)))
        {
            if (c is '"' or '\\')
            {
                safe.Append('\\');
            }
            safe.Append(char.IsControl(c) || char.IsSurrogate(c) ? ' ' : c);
        }
        return safe.ToString();
    }
}
