using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Katabira.Cluster.Resources;

namespace Katabira.Cluster.Node.Probes;

/// <summary>A container is healthy if it answers a GET with a status from 200 to 399. Redirects are followed on the same host, ten at most.</summary>
internal static class HttpCheck
{
    private const int MostRedirects = 10;

    /// <param name="get">The probe's <c>httpGet</c>.</param>
    public static async Task<ProbeOutcome> RunAsync(JsonObject get, string host, int port, MakeSocket makeSocket, CancellationToken cancel)
    {
        if (UriOf(get, host, port) is not { } first)
        {
            return ProbeOutcome.Unasked($"no URL can be made of the host {host} and the path {get.Text("path")}");
        }
        var at = first;
        try
        {
            for (var redirects = 0; ; redirects++)
            {
                using var client = ProbeClient.Make(makeSocket);
                using var request = Request(at, get);
                using var response = await client.SendAsync(request, cancel);
                var next = Next(response, at);
                if (next is null || next.Host != first.Host)
                {
                    return Judge(response.StatusCode, await ProbeClient.ReadHeadAsync(response.Content, cancel));
                }
                if (redirects == MostRedirects - 1)
                {
                    return ProbeOutcome.Failed($"Get \"{next.PathAndQuery}\": stopped after {MostRedirects} redirects");
                }
                at = next;
            }
        }
        catch (HttpRequestException e)
        {
            return ProbeOutcome.Failed($"Get \"{at}\": {ProbeClient.Words(e)}");
        }
        catch (IOException e)
        {
            return ProbeOutcome.Failed($"Get \"{at}\": {e.Message}");
        }
    }

    /// <summary>What is asked for; null if the parts make no URL.</summary>
    public static Uri? UriOf(JsonObject get, string host, int port)
    {
        var path = get.Text("path", "/");
        var text = $"{get.Text("scheme", "HTTP").ToLowerInvariant()}://{Dialling.Address(host, port)}{(path.StartsWith('/') ? path : "/" + path)}";
        return Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is ("http" or "https") ? uri : null;
    }

    private static HttpRequestMessage Request(Uri at, JsonObject get)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, at) { Version = HttpVersion.Version11, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        request.Headers.ConnectionClose = true;
        var asked = get.Items("httpHeaders").ToArray();
        foreach (var (name, usual) in (ReadOnlySpan<(string, string)>)[("User-Agent", ProbeClient.UserAgent), ("Accept", "*/*")])
        {
            if (!asked.Any(h => h.Text("name").Equals(name, StringComparison.OrdinalIgnoreCase)))
            {
                request.Headers.TryAddWithoutValidation(name, usual);
            }
        }
        // an empty value is how one asks for no such header
        foreach (var header in asked.Where(h => h.Text("value").Length > 0))
        {
            request.Headers.TryAddWithoutValidation(header.Text("name"), header.Text("value"));
        }
        return request;
    }

    private static Uri? Next(HttpResponseMessage response, Uri at)
    {
        var moves = response.StatusCode is HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther
            or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect;
        return moves && response.Headers.Location is { } location && Uri.TryCreate(at, location, out var next) && next.Scheme is ("http" or "https") ? next : null;
    }

    private static ProbeOutcome Judge(HttpStatusCode status, byte[] body) => (int)status switch
    {
        >= 200 and < 300 => new(ProbeResult.Success, ""),
        >= 300 and < 400 => new(ProbeResult.Warning, $"Probe terminated redirects, Response body: {Encoding.UTF8.GetString(body)}"),
        var code => ProbeOutcome.Failed($"HTTP probe failed with statuscode: {code}"),
    };
}
