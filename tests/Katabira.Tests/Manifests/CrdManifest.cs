using System.Text.Json.Nodes;
using Katabira.Model.Resources;
using Katabira.Model.Schema;

namespace Katabira.Tests.Manifests;

/// <summary>Writes the CustomResourceDefinition of a kind from its record, as the JSON that <see cref="YamlText"/> prints.</summary>
internal static class CrdManifest
{
    private static readonly ApiDocs s_docs = new(typeof(ResourceKind).Assembly);

    public static JsonObject Of(ResourceKind kind)
    {
        return new JsonObject
        {
            ["apiVersion"] = "apiextensions.k8s.io/v1",
            ["kind"] = "CustomResourceDefinition",
            ["metadata"] = new JsonObject
            {
                ["name"] = kind.CrdName,
                ["labels"] = new JsonObject { ["app"] = "katabira" },
                // helm must not take every policy of the mesh along when a release is uninstalled
                ["annotations"] = new JsonObject { ["helm.sh/resource-policy"] = "keep" },
            },
            ["spec"] = new JsonObject
            {
                ["group"] = kind.Group,
                ["names"] = Names(kind),
                ["scope"] = "Namespaced",
                ["versions"] = new JsonArray([.. kind.Versions.Select(v => (JsonNode)Version(kind, v))]),
            },
        };
    }

    private static JsonObject Names(ResourceKind kind)
    {
        var group = kind.Group[..kind.Group.IndexOf('.', StringComparison.Ordinal)];
        var names = new JsonObject
        {
            ["categories"] = new JsonArray("istio-io", $"{group}-istio-io"),
            ["kind"] = kind.Kind,
            ["listKind"] = kind.Kind + "List",
            ["plural"] = kind.Plural,
            ["singular"] = kind.Singular,
        };
        if (kind.ShortNames.Length > 0)
        {
            names["shortNames"] = new JsonArray([.. kind.ShortNames.Select(n => (JsonNode)n)]);
        }
        return names;
    }

    private static JsonObject Version(ResourceKind kind, string version)
    {
        var result = new JsonObject { ["name"] = version, ["served"] = true, ["storage"] = version == kind.StorageVersion };
        if (kind.Columns.Length > 0)
        {
            result["additionalPrinterColumns"] = new JsonArray([.. kind.Columns.Select(c => (JsonNode)new JsonObject
            {
                ["name"] = c.Name, ["jsonPath"] = c.JsonPath, ["type"] = c.Type,
            })]);
        }
        result["subresources"] = new JsonObject { ["status"] = new JsonObject() };
        result["schema"] = new JsonObject { ["openAPIV3Schema"] = Root(kind) };
        return result;
    }

    private static JsonObject Root(ResourceKind kind)
    {
        var spec = kind.Schema.Fields.Single(f => f.Name == "spec");
        var status = kind.Schema.Fields.Single(f => f.Name == "status");
        var statusSchema = Schema(status.Node, status.Field, status.Item, [], s_docs.Of(status.Member));
        statusSchema["x-kubernetes-preserve-unknown-fields"] = true;
        var root = new JsonObject
        {
            ["type"] = "object",
            ["description"] = s_docs.Of(spec.Node.ClrType),
            ["properties"] = new JsonObject
            {
                ["spec"] = Schema(spec.Node, spec.Field, spec.Item, [], s_docs.Of(spec.Member)),
                ["status"] = statusSchema,
            },
        };
        if (kind.NeedsSpec)
        {
            root["required"] = new JsonArray("spec");
        }
        return root;
    }

    private static JsonObject Schema(SchemaNode node, FieldAttribute field, FieldAttribute item, IEnumerable<CelAttribute> rules, string? description)
    {
        var schema = new JsonObject();
        if (description is not null)
        {
            schema["description"] = description;
        }
        WriteType(schema, node, field);
        WriteConstraints(schema, field);
        WriteObject(schema, node);
        if (node.Item is not null)
        {
            var items = Schema(node.Item, item, new FieldAttribute(), [], null);
            WriteRules(items, [.. node.Item.Rules, .. rules.Where(r => r.Items)]);
            schema[node.Type == SchemaType.Array ? "items" : "additionalProperties"] = items;
        }
        WriteRules(schema, [.. node.Rules, .. rules.Where(r => !r.Items)]);
        return schema;
    }

    private static void WriteType(JsonObject schema, SchemaNode node, FieldAttribute field)
    {
        if (field.IntOrString)
        {
            schema["anyOf"] = new JsonArray(new JsonObject { ["type"] = "integer" }, new JsonObject { ["type"] = "string" });
            schema["x-kubernetes-int-or-string"] = true;
            return;
        }
        schema["type"] = node.Type switch
        {
            SchemaType.Object or SchemaType.Map or SchemaType.Any => "object",
            var type => type.ToString().ToLowerInvariant(),
        };
        if (node.Type == SchemaType.Any)
        {
            schema["x-kubernetes-preserve-unknown-fields"] = true;
        }
        if (node.ClrType == typeof(int) || node.ClrType == typeof(double))
        {
            schema["format"] = node.ClrType == typeof(int) ? "int32" : "double";
        }
        if (node.ClrType == typeof(uint))
        {
            schema["minimum"] = uint.MinValue;
            schema["maximum"] = uint.MaxValue;
        }
        if (!node.EnumNames.IsEmpty)
        {
            schema["description"] = $"{schema["description"]} {s_docs.OfMembers(node)}".Trim();
            schema["enum"] = new JsonArray([.. node.EnumNames.Select(n => (JsonNode)n)]);
        }
    }

    private static void WriteBounds(JsonObject schema, FieldAttribute field)
    {
        foreach (var (name, bound) in new[] { ("minimum", field.Minimum), ("maximum", field.Maximum) })
        {
            if (!double.IsNaN(bound))
            {
                schema[name] = bound;
            }
        }
        foreach (var (name, bound) in new[]
        {
            ("minLength", field.MinLength), ("maxLength", field.MaxLength), ("minItems", field.MinItems), ("maxItems", field.MaxItems),
            ("minProperties", field.MinProperties), ("maxProperties", field.MaxProperties),
        })
        {
            if (bound >= 0)
            {
                schema[name] = bound;
            }
        }
    }

    private static void WriteConstraints(JsonObject schema, FieldAttribute field)
    {
        WriteBounds(schema, field);
        if (field.Pattern is not null)
        {
            schema["pattern"] = field.Pattern;
        }
        if (field.Format is not null)
        {
            schema["format"] = field.Format;
        }
        if (field.Nullable)
        {
            schema["nullable"] = true;
        }
        if (field.ListMapKey is not null)
        {
            schema["x-kubernetes-list-type"] = "map";
            schema["x-kubernetes-list-map-keys"] = new JsonArray(field.ListMapKey);
        }
    }

    private static void WriteObject(JsonObject schema, SchemaNode node)
    {
        if (node.Type != SchemaType.Object)
        {
            return;
        }
        schema["properties"] = new JsonObject(node.Fields.Select(f =>
            KeyValuePair.Create<string, JsonNode?>(f.Name, Schema(f.Node, f.Field, f.Item, f.Rules, s_docs.Of(f.Member)))));
        var required = node.Fields.Where(f => f.Field.Required).Select(f => (JsonNode)f.Name).ToArray();
        if (required.Length > 0)
        {
            schema["required"] = new JsonArray(required);
        }
        var groups = node.AtMostOne.Select(AtMostOne).ToArray();
        if (groups.Length == 1)
        {
            schema["oneOf"] = groups[0];
        }
        else if (groups.Length > 1)
        {
            schema["allOf"] = new JsonArray([.. groups.Select(g => (JsonNode)new JsonObject { ["oneOf"] = g })]);
        }
    }

    /// <summary>Exactly one of: none of the group, its first, its second …</summary>
    private static JsonArray AtMostOne(AtMostOneAttribute group) => new(
    [
        new JsonObject { ["not"] = new JsonObject { ["anyOf"] = new JsonArray([.. group.Fields.Select(Required)]) } },
        .. group.Fields.Select(Required),
    ]);

    private static JsonNode Required(string field) => new JsonObject { ["required"] = new JsonArray(field) };

    private static void WriteRules(JsonObject schema, IReadOnlyCollection<CelAttribute> rules)
    {
        var written = rules.Select(r => (JsonNode)new JsonObject { ["rule"] = r.Rule, ["message"] = r.Message }).ToArray();
        if (written.Length > 0)
        {
            schema["x-kubernetes-validations"] = new JsonArray(written);
        }
    }
}
