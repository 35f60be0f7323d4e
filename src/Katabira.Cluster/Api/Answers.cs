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

    /// <summary>Of all warnings of an answer together: many clients refuse an answer whose headers are longer than 16 KiB.</summary>
    private const int WarningCharacters = 4096;

    /// <summary>Of each, if all of them do not fit.</summary>
    private const int CutWarning = 256;

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
        var all = warnings.Distinct(StringComparer.Ordinal).Take(WarningCharacters).ToList();
        var longest = all.Sum(w => (long)w.Length) <= WarningCharacters ? WarningCharacters : CutWarning;
        var left = WarningCharacters;
        foreach (var warning in all.TakeWhile(_ => left > 0))
        {
            var length = Math.Min(warning.Length, longest);
            http.Response.Headers.Append("Warning", $"299 - \"{Quotable(warning.AsSpan(0, length))}\"");
            left -= Math.Max(length, 1);
        }
    }

    /// <summary>RFC 7230's quoted string: without control characters, which would end the header.</summary>
    private static string Quotable(ReadOnlySpan<char> text)
    {
        var safe = new StringBuilder(text.Length);
        foreach (var c in text)
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
