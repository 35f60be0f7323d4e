using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;

namespace Katabira.Cluster.Patching;

/// <summary>Reads a JSON body into a tree that is safe to work on: valid text, bounded depth and size, no member twice.</summary>
/// <remarks>
/// <see cref="JsonNode.Parse(ReadOnlySpan{byte}, JsonNodeOptions?, JsonDocumentOptions)"/> keeps both copies of a repeated member and finds out about broken escapes only
/// when somebody asks for the text; this reader settles all of it once. Numbers keep their text and objects the order of their members. Stateless.
/// </remarks>
internal static class StrictJson
{
    /// <summary>Most duplicates that are listed; Kubernetes stops there, too.</summary>
    private const int MostDuplicates = 100;

    /// <summary>Of a duplicate's path, about: a name may be megabytes long, and be repeated under many others.</summary>
    private const int LongestPath = 1024;

    private static readonly JsonDocumentOptions s_options = new() { MaxDepth = JsonBounds.MaxDepth, AllowDuplicateProperties = true };

    /// <summary>Reads one JSON value. Of a repeated member the last counts, as for every Kubernetes server.</summary>
    public static ParsedBody Read(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > JsonBounds.MaxBytes)
        {
            return PatchFailure.TooLarge("limit is 3145728");
        }
        if (!Utf8.IsValid(utf8))
        {
            return PatchFailure.BadRequest("invalid JSON: the body is not valid UTF-8");
        }
        JsonElement root;
        try
        {
            root = JsonElement.Parse(utf8, s_options);
            CheckSurrogates(utf8);
        }
        catch (JsonException error)
        {
            return PatchFailure.BadRequest(Explain(error));
        }
        catch (InvalidOperationException)
        {
            return PatchFailure.BadRequest("invalid JSON: a string holds half of a surrogate pair");
        }
        var builder = new Builder();
        var node = builder.Build(root);
        return builder.NodesLeft < 0
            ? PatchFailure.TooLarge($"more than {JsonBounds.MaxNodes} values")
            : new ParsedBody(node, builder.Duplicates.ToImmutable(), null);
    }

    /// <summary>Throws on an escape that is no character. Such an escape is written \uD…, so most bodies are done after one search.</summary>
    private static void CheckSurrogates(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IndexOf("\\ud"u8) < 0 && utf8.IndexOf("\\uD"u8) < 0)
        {
            return;
        }
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = JsonBounds.MaxDepth });
        while (reader.Read())
        {
            if (reader.ValueIsEscaped)
            {
                _ = reader.GetString();
            }
        }
    }

    private static string Explain(JsonException error)
    {
        if (error.Message.StartsWith("The maximum configured depth", StringComparison.Ordinal))
        {
            return $"invalid JSON: {JsonBounds.TooDeep}";
        }
        var end = error.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        var what = (end < 0 ? error.Message : error.Message[..end]).TrimEnd('.');
        return string.Create(CultureInfo.InvariantCulture, $"invalid JSON: line {error.LineNumber + 1}, byte {error.BytePositionInLine + 1}: {what}");
    }

    private sealed class Builder
    {
        /// <summary>Where the reader stands: member names, or positions in lists. Only spelt out for duplicates.</summary>
        private readonly List<(string? Name, int Index)> _path = [];

        public int NodesLeft { get; private set; } = JsonBounds.MaxNodes;

        public ImmutableArray<string>.Builder Duplicates { get; } = ImmutableArray.CreateBuilder<string>();

        /// <summary>The element as a tree; cut short once too many nodes were made.</summary>
        public JsonNode? Build(JsonElement element)
        {
            if (--NodesLeft < 0)
            {
                return null;
            }
            switch (element.ValueKind)
            {
                case JsonValueKind.Object:
                    var map = new JsonObject();
                    foreach (var member in element.EnumerateObject())
                    {
                        AddMember(map, member);
                    }
                    return map;
                case JsonValueKind.Array:
                    var list = new JsonArray();
                    foreach (var item in element.EnumerateArray())
                    {
                        _path.Add((null, list.Count));
                        list.Add(Build(item));
                        _path.RemoveAt(_path.Count - 1);
                    }
                    return list;
                default:
                    return JsonValue.Create(element);
            }
        }

        private void AddMember(JsonObject map, JsonProperty member)
        {
            var name = member.Name;
            _path.Add((name, 0));
            var value = Build(member.Value);
            if (!map.TryAdd(name, value))
            {
                map[name] = value;
                NoteDuplicate();
            }
            _path.RemoveAt(_path.Count - 1);
        }

        private void NoteDuplicate()
        {
            if (Duplicates.Count == MostDuplicates)
            {
                return;
            }
            var text = new StringBuilder();
            foreach (var (name, index) in _path)
            {
                if (text.Length > LongestPath)
                {
                    break;
                }
                _ = name is null
                    ? text.Append(CultureInfo.InvariantCulture, $"[{index}]")
                    : text.Append(text.Length == 0 ? "" : ".").Append(name.AsSpan(0, Math.Min(name.Length, LongestPath)));
            }
            var path = text.ToString();
            if (!Duplicates.Contains(path))
            {
                Duplicates.Add(path);
            }
        }
    }
}
