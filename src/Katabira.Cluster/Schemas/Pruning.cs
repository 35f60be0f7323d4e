using System.Text.Json.Nodes;

namespace Katabira.Cluster.Schemas;

/// <summary>Takes away what the schema does not know. Idempotent.</summary>
internal static class Pruning
{
    /// <summary>More unknown fields than this are dropped, but no longer named.</summary>
    public const int MostNamed = 100;

    /// <summary>Prunes an object in place; apiVersion, kind and metadata of a whole resource stay whatever they are.</summary>
    /// <param name="node">The object, or any part of one.</param>
    /// <param name="schema">What is known there.</param>
    /// <param name="isResource">The node is a whole resource although its schema does not say so.</param>
    /// <param name="unknown">Takes the path of every field that goes, e.g. <c>spec.items[0].foo</c>; null if nobody asks.</param>
    public static void Prune(JsonNode? node, StructuralSchema schema, bool isResource, ICollection<string>? unknown = null) =>
        new Walk(unknown).Prune(node, schema, isResource || schema.Embedded, kept: false);

    private sealed class Walk(ICollection<string>? unknown)
    {
        private readonly FieldPath _path = new();

        /// <param name="node">What stands there.</param>
        /// <param name="schema">What is known of it; null if nothing.</param>
        /// <param name="isResource">It has apiVersion, kind and metadata that are not ours to judge.</param>
        /// <param name="kept">It is an item of a list that preserves what is in it.</param>
        public void Prune(JsonNode? node, StructuralSchema? schema, bool isResource, bool kept)
        {
            kept |= schema is { PreserveUnknown: true };
            switch (node)
            {
                case JsonObject fields:
                    PruneObject(fields, schema, isResource, kept);
                    break;
                case JsonArray array when !kept || schema?.Items is not null:
                    for (var i = 0; i < array.Count; i++)
                    {
                        _path.Index(i);
                        Prune(array[i], schema?.Items, schema?.Items is { Embedded: true }, kept);
                        _path.Leave();
                    }
                    break;
            }
        }

        private void PruneObject(JsonObject fields, StructuralSchema? schema, bool isResource, bool kept)
        {
            List<string>? gone = null;
            foreach (var (name, value) in fields)
            {
                if (isResource && name is "apiVersion" or "kind" or "metadata")
                {
                    continue;
                }
                if (schema is not null && schema.ByName.TryGetValue(name, out var declared))
                {
                    _path.Field(name);
                    Prune(value, declared, declared.Embedded, kept: false);
                    _path.Leave();
                }
                else if (schema is { AllowsAdditional: true })
                {
                    _path.Key(name);
                    Prune(value, schema.Additional, schema.Additional is { Embedded: true }, kept: false);
                    _path.Leave();
                }
                else if (!kept)
                {
                    (gone ??= []).Add(name);
                }
            }
            // backwards: few entries stay behind a removed one, and have to move up
            for (var i = (gone?.Count ?? 0) - 1; i >= 0; i--)
            {
                if (unknown?.Count < MostNamed)
                {
                    unknown.Add(_path.Dotted(gone![i])); // not null: it has entries
                }
                fields.Remove(gone![i]); // as above
            }
        }
    }
}
