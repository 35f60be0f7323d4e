using System.Text.Json.Nodes;
using Xunit;

namespace Katabira.Tests.Cluster.Api;

/// <summary>A whole answer.</summary>
/// <param name="Warnings">The <c>Warning</c> headers as they came.</param>
/// <param name="Headers">All headers, by their names in lower case.</param>
internal sealed record Answer(int Code, string Text, string[] Warnings, Dictionary<string, string> Headers, Version Version)
{
    public JsonObject Json => JsonNode.Parse(Text)!.AsObject();

    public JsonNode? this[string path] => Find(Json, path);

    public string ResourceVersion => (string?)this["metadata.resourceVersion"] ?? "";

    public string Uid => (string?)this["metadata.uid"] ?? "";

    public static async Task<Answer> ReadAsync(HttpResponseMessage response) => new(
        (int)response.StatusCode,
        await response.Content.ReadAsStringAsync(),
        response.Headers.TryGetValues("Warning", out var warnings) ? [.. warnings] : [],
        response.Headers.Concat(response.Content.Headers).ToDictionary(h => h.Key.ToLowerInvariant(), h => string.Join(", ", h.Value)),
        response.Version);

    /// <summary>The same answer, provided it has that code.</summary>
    public Answer Expect(int code)
    {
        Assert.True(Code == code, $"expected {code}, got {Code}: {(Text.Length <= 2_000 ? Text : Text[..2_000])}");
        return this;
    }

    /// <summary>A Status of a failure, in every field that says which.</summary>
    public Answer ExpectStatus(int code, string reason, string message)
    {
        Expect(code);
        Assert.Equal((message, reason), ((string?)this["message"], (string?)this["reason"] ?? ""));
        Assert.Equal(("Status", "v1", "Failure", code), ((string?)this["kind"], (string?)this["apiVersion"], (string?)this["status"], (int?)this["code"]));
        return this;
    }

    /// <summary>The items' names, of a list.</summary>
    public string[] Names() => [.. this["items"]!.AsArray().Select(i => (string)i!["metadata"]!["name"]!)];

    /// <summary>A value by dotted path; numbers count through arrays. Null if something on the way is not there.</summary>
    public static JsonNode? Find(JsonNode? node, string path)
    {
        foreach (var step in path.Split('.'))
        {
            node = node switch
            {
                JsonObject item => item[step],
                JsonArray list when int.TryParse(step, out var index) && index < list.Count => list[index],
                _ => null,
            };
        }
        return node;
    }
}
