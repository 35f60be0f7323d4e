using System.Text.Json;
using Katabira.Cluster.Protobuf;
using Katabira.Cluster.Resources;

namespace Katabira.Cluster.Discovery;

/// <summary>
/// <c>components.schemas</c>: of the built-in kinds from the field table, without descriptions; of the custom ones from their definitions;
/// and of every type these use.
/// </summary>
internal static class OpenApiSchemas
{
    private const string Prefix = "#/components/schemas/";

    public static void Write(Utf8JsonWriter json, ApiGroupVersion version)
    {
        var used = new SortedDictionary<string, MessageType>(StringComparer.Ordinal);
        foreach (var resource in version.Resources)
        {
            if (resource.Type.IsCustom)
            {
                Collect(FieldTable.ObjectMeta, used);
                CustomSchema.Write(json, resource, Reference(FieldTable.ObjectMeta));
            }
            else if (FieldTable.Find(resource.Kind) is { } type)
            {
                Collect(type, used);
            }
        }
        foreach (var type in used.Values)
        {
            json.WriteStartObject(NameOf(type));
            WriteType(json, type, version);
            json.WriteEndObject();
        }
    }

    public static string Reference(MessageType type) => Prefix + NameOf(type);

    /// <summary>Upstream's names, by which tools know the types.</summary>
    private static string NameOf(MessageType type)
    {
        var package = type.Name[..^(type.ShortName.Length + 1)];
        return package switch
        {
            "meta.v1" => "io.k8s.apimachinery.pkg.apis.meta.v1.",
            "resource" => "io.k8s.apimachinery.pkg.api.resource.",
            "intstr" => "io.k8s.apimachinery.pkg.util.intstr.",
            "runtime" => "io.k8s.apimachinery.pkg.runtime.",
            "apiextensions.v1" => "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.",
            _ => $"io.k8s.api.{package}.",
        } + type.ShortName;
    }

    private static void Collect(MessageType type, SortedDictionary<string, MessageType> used)
    {
        if (!used.TryAdd(type.Name, type))
        {
            return;
        }
        foreach (var field in type.JsonFields)
        {
            if (field.Message is { } message)
            {
                Collect(message, used);
            }
        }
    }

    private static void WriteType(Utf8JsonWriter json, MessageType type, ApiGroupVersion version)
    {
        if (type.Form != SpecialForm.None)
        {
            WriteSpecial(json, type.Form);
            return;
        }
        json.WriteString("type"u8, "object"u8);
        if (type.JsonFields.Any(f => f.IsRequired))
        {
            json.WriteStrings("required"u8, [.. type.JsonFields.Where(f => f.IsRequired).Select(f => f.Name).Order(StringComparer.Ordinal)]);
        }
        json.WriteStartObject("properties"u8);
        if (type.IsKind)
        {
            WriteTextProperty(json, "apiVersion");
            WriteTextProperty(json, "kind");
        }
        foreach (var field in type.JsonFields)
        {
            json.WriteStartObject(field.Name);
            WriteField(json, field);
            json.WriteEndObject();
        }
        json.WriteEndObject();
        if (version.Resources.Where(r => FieldTable.Find(r.Kind) == type).ToArray() is [var resource, ..])
        {
            json.WriteStartArray("x-kubernetes-group-version-kind"u8);
            OpenApiWriter.WriteKind(json, resource.Kind);
            json.WriteEndArray();
        }
    }

    private static void WriteTextProperty(Utf8JsonWriter json, string name)
    {
        json.WriteStartObject(name);
        json.WriteString("type"u8, "string"u8);
        json.WriteEndObject();
    }

    private static void WriteField(Utf8JsonWriter json, MessageField field)
    {
        switch (field.Shape)
        {
            case FieldShape.List:
                json.WriteString("type"u8, "array"u8);
                json.WriteStartObject("items"u8);
                WriteItem(json, field);
                json.WriteEndObject();
                break;
            case FieldShape.Map:
                json.WriteString("type"u8, "object"u8);
                json.WriteStartObject("additionalProperties"u8);
                WriteItem(json, field);
                json.WriteEndObject();
                break;
            default:
                WriteItem(json, field);
                break;
        }
    }

    private static void WriteItem(Utf8JsonWriter json, MessageField field)
    {
        if (field.Message is { } message)
        {
            json.WriteStartArray("allOf"u8);
            json.WriteStartObject();
            json.WriteString("$ref"u8, Reference(message));
            json.WriteEndObject();
            json.WriteEndArray();
            return;
        }
        var (type, format) = field.Scalar switch
        {
            ScalarKind.Bool => ("boolean", ""),
            ScalarKind.Int32 => ("integer", "int32"),
            ScalarKind.Int64 => ("integer", "int64"),
            ScalarKind.Double => ("number", "double"),
            ScalarKind.Bytes => ("string", "byte"),
            _ => ("string", ""),
        };
        json.WriteString("type"u8, type);
        if (format.Length > 0)
        {
            json.WriteString("format"u8, format);
        }
    }

    private static void WriteSpecial(Utf8JsonWriter json, SpecialForm form)
    {
        switch (form)
        {
            case SpecialForm.Time or SpecialForm.MicroTime:
                json.WriteString("type"u8, "string"u8);
                json.WriteString("format"u8, "date-time"u8);
                break;
            case SpecialForm.Quantity:
                json.WriteString("type"u8, "string"u8);
                break;
            case SpecialForm.IntOrString:
                json.WriteString("type"u8, "string"u8);
                json.WriteString("format"u8, "int-or-string"u8);
                break;
            case SpecialForm.Strings:
                json.WriteString("type"u8, "array"u8);
                json.WriteStartObject("items"u8);
                json.WriteString("type"u8, "string"u8);
                json.WriteEndObject();
                break;
            case SpecialForm.Json:
                json.WriteString("type"u8, "object"u8);
                break;
            default:
                break; // either a schema or something else: upstream gives these no type either
        }
    }
}
