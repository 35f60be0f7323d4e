using System.Text.Json.Nodes;
using Xunit;

namespace Katabira.Tests.Cluster.Api;

/// <summary>A watch that is on.</summary>
internal sealed class WatchClient(HttpResponseMessage response, StreamReader lines) : IDisposable
{
    public int Code => (int)response.StatusCode;

    /// <summary>The next line; null at the end of the stream.</summary>
    public async Task<JsonObject?> ReadAsync() => await lines.ReadLineAsync(TestContext.Current.CancellationToken) is { } line ? JsonNode.Parse(line)!.AsObject() : null;

    /// <summary>The next line; fails the test at the end of the stream.</summary>
    public async Task<JsonObject> NextAsync() => await ReadAsync() is { } line ? line : throw new InvalidOperationException("the watch has ended");

    /// <summary>The next line as <c>TYPE name</c>.</summary>
    public async Task<string> NextNameAsync() => NameOf(await NextAsync());

    /// <summary>Everything until the end of the stream, as <c>TYPE name</c>.</summary>
    public async Task<string[]> RestAsync()
    {
        var names = new List<string>();
        while (await ReadAsync() is { } line)
        {
            names.Add(NameOf(line));
        }
        return [.. names];
    }

    public void Dispose()
    {
        lines.Dispose();
        response.Dispose();
    }

    private static string NameOf(JsonObject line) => $"{(string?)line["type"]} {(string?)Answer.Find(line, "object.metadata.name")}";
}
