using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Katabira.Cluster.Patching;

/// <summary>Reads a YAML body (<c>application/yaml</c>, <c>application/apply-patch+yaml</c>) into the same kind of tree as <see cref="StrictJson"/>.</summary>
/// <remarks>
/// Aliases are copies, counted against the same budget as everything else, so a bomb of nested aliases ends early. Refused, because JSON has no such thing:
/// a key that stands twice, a key that is a list, a map or null, a second document, a number that is not finite. Stateless.
/// </remarks>
internal static class YamlJson
{
    /// <summary>Reads one document; an empty body is null.</summary>
    public static ParsedBody Read(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > JsonBounds.MaxBytes)
        {
            return PatchFailure.TooLarge("limit is 3145728");
        }
        try
        {
            var text = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(utf8);
            return new ParsedBody(new Loader(new Parser(new StringReader(text))).Document(), [], null);
        }
        catch (DecoderFallbackException)
        {
            return Refuse("invalid UTF-8");
        }
        catch (YamlException error)
        {
            return Refuse($"line {error.Start.Line}: {error.Message}");
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException or FormatException or IndexOutOfRangeException or OverflowException)
        {
            // YamlDotNet refuses some broken tags and escapes with exceptions that are not its own
            return Refuse(GoText.Shown(error.Message));
        }
    }

    private static PatchFailure Refuse(string what) => PatchFailure.BadRequest($"error converting YAML to JSON: yaml: {what}");

    /// <summary>What an anchor stands for. Null value while it is still being read: an alias to it would contain itself.</summary>
    private sealed record Anchor(JsonNode? Value, int Nodes, int Depth, bool Complete);

    private sealed class Loader(IParser events)
    {
        private readonly Dictionary<AnchorName, Anchor> _anchors = [];
        private int _nodesLeft = JsonBounds.MaxNodes;

        public JsonNode? Document()
        {
            events.Consume<StreamStart>();
            if (events.TryConsume<StreamEnd>(out _))
            {
                return null;
            }
            events.Consume<DocumentStart>();
            var root = Value(0);
            events.Consume<DocumentEnd>();
            while (events.TryConsume<DocumentStart>(out var second))
            {
                // "---" at the end is common; content behind it would be lost in silence
                if (!events.TryConsume<Scalar>(out var scalar) || scalar.Value.Length > 0)
                {
                    throw new SemanticErrorException(second.Start, second.End, "expected one document");
                }
                events.Consume<DocumentEnd>();
            }
            events.Consume<StreamEnd>();
            return root;
        }

        private JsonNode? Value(int depth)
        {
            Spend(1, events.Current!);
            switch (events.Current)
            {
                case AnchorAlias alias:
                    events.MoveNext();
                    return Alias(alias, depth);
                case Scalar scalar:
                    events.MoveNext();
                    var value = Text(scalar);
                    Remember(scalar, value, 1, 0);
                    return value;
                case NodeEvent node:
                    return Collection(node, depth);
                default:
                    throw new SemanticErrorException(events.Current!.Start, events.Current.End, "expected a value");
            }
        }

        private JsonNode Collection(NodeEvent start, int depth)
        {
            if (depth >= JsonBounds.MaxDepth)
            {
                throw new SemanticErrorException(start.Start, start.End, JsonBounds.TooDeep);
            }
            if (!start.Anchor.IsEmpty)
            {
                _anchors[start.Anchor] = new Anchor(null, 0, 0, Complete: false);
            }
            var before = _nodesLeft;
            events.MoveNext();
            JsonNode node = start is SequenceStart ? Sequence(depth + 1) : Mapping(depth + 1);
            Remember(start, node, before - _nodesLeft + 1, start.Anchor.IsEmpty ? 0 : JsonBounds.Depth(node, JsonBounds.MaxDepth));
            return node;
        }

        private JsonArray Sequence(int depth)
        {
            var list = new JsonArray();
            while (!events.TryConsume<SequenceEnd>(out _))
            {
                list.Add(Value(depth));
            }
            return list;
        }

        private JsonObject Mapping(int depth)
        {
            var map = new JsonObject();
            List<JsonObject>? merged = null;
            while (!events.TryConsume<MappingEnd>(out _))
            {
                var at = events.Current!;
                if (at is Scalar { Value: "<<", IsPlainImplicit: true })
                {
                    events.MoveNext();
                    (merged ??= []).AddRange(MergeSources(at, Value(depth)));
                    continue;
                }
                var key = Key(at, depth);
                if (!map.TryAdd(key, Value(depth)))
                {
                    throw new SemanticErrorException(at.Start, at.End, $"key {GoText.Quoted(key)} already set in map");
                }
            }
            foreach (var source in merged ?? [])
            {
                foreach (var (name, value) in source)
                {
                    map.TryAdd(name, value?.DeepClone());
                }
            }
            return map;
        }

        private static IEnumerable<JsonObject> MergeSources(ParsingEvent at, JsonNode? value) => value switch
        {
            JsonObject map => [map],
            JsonArray list when list.All(item => item is JsonObject) => list.Select(item => item!.AsObject()),
            _ => throw new SemanticErrorException(at.Start, at.End, "map merge requires map or sequence of maps as the value"),
        };

        /// <summary>JSON's keys are texts: numbers and truth values are spelt out, everything else is refused.</summary>
        private string Key(ParsingEvent at, int depth) => Value(depth) switch
        {
            JsonValue value => value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString(),
            _ => throw new SemanticErrorException(at.Start, at.End, "invalid map key: a key is a text, a number or a truth value"),
        };

        private JsonNode? Alias(AnchorAlias alias, int depth)
        {
            if (!_anchors.TryGetValue(alias.Value, out var anchor))
            {
                throw new SemanticErrorException(alias.Start, alias.End, $"unknown anchor '{alias.Value}' referenced");
            }
            if (!anchor.Complete)
            {
                throw new SemanticErrorException(alias.Start, alias.End, $"anchor '{alias.Value}' value contains itself");
            }
            if (depth + anchor.Depth > JsonBounds.MaxDepth)
            {
                throw new SemanticErrorException(alias.Start, alias.End, JsonBounds.TooDeep);
            }
            Spend(anchor.Nodes, alias);
            return anchor.Value?.DeepClone();
        }

        private void Remember(NodeEvent node, JsonNode? value, int nodes, int depth)
        {
            if (!node.Anchor.IsEmpty)
            {
                _anchors[node.Anchor] = new Anchor(value, nodes, depth, Complete: true);
            }
        }

        private void Spend(int nodes, ParsingEvent at)
        {
            _nodesLeft -= nodes;
            if (_nodesLeft < 0)
            {
                throw new SemanticErrorException(at.Start, at.End, at is AnchorAlias ? "document contains excessive aliasing" : "document contains too many values");
            }
        }

        private static JsonNode? Text(Scalar scalar)
        {
            var wanted = ShortTag(scalar);
            if (wanted is YamlScalar.Binary)
            {
                return Binary(scalar);
            }
            var isText = wanted is YamlScalar.String || (wanted is "" && !scalar.IsPlainImplicit);
            var (tag, value) = isText ? (YamlScalar.String, JsonValue.Create(scalar.Value)) : YamlScalar.Resolve(scalar.Value);
            if (wanted.Length > 0 && wanted != tag && !(wanted is YamlScalar.Float && tag is YamlScalar.Int) && !(wanted is YamlScalar.Timestamp && tag is YamlScalar.String))
            {
                throw new SemanticErrorException(scalar.Start, scalar.End, $"cannot decode {tag} `{Cut(scalar.Value)}` as a {wanted}");
            }
            return value is null && tag is YamlScalar.Float
                ? throw new SemanticErrorException(scalar.Start, scalar.End, $"unsupported value: {scalar.Value}")
                : value;
        }

        /// <summary>Go decodes the base64 and writes the bytes as a text; bytes that are no text have no place in JSON.</summary>
        private static JsonValue Binary(Scalar scalar)
        {
            try
            {
                return JsonValue.Create(new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(Convert.FromBase64String(scalar.Value)));
            }
            catch (Exception error) when (error is FormatException or DecoderFallbackException)
            {
                throw new SemanticErrorException(scalar.Start, scalar.End, "!!binary value contains invalid base64 data");
            }
        }

        /// <summary>The tag in short form; empty where there is none. A tag of the user's own makes a text, so it counts as <c>!!str</c>.</summary>
        private static string ShortTag(Scalar scalar)
        {
            const string prefix = "tag:yaml.org,2002:";
            if (scalar.Tag.IsEmpty || scalar.Tag.IsNonSpecific)
            {
                return scalar.Tag.IsEmpty ? "" : YamlScalar.String;
            }
            var tag = scalar.Tag.Value;
            tag = tag.StartsWith(prefix, StringComparison.Ordinal) ? "!!" + tag[prefix.Length..] : tag;
            return tag is YamlScalar.Bool or YamlScalar.Int or YamlScalar.Float or YamlScalar.Null or YamlScalar.Timestamp or YamlScalar.Binary ? tag : YamlScalar.String;
        }

        private static string Cut(string text) => text.Length <= 20 ? text : text[..17] + "...";
    }
}
