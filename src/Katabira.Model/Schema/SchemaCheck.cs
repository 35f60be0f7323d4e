using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Katabira.Model.Validation;

namespace Katabira.Model.Schema;

/// <summary>Compares JSON with a schema and reports every difference, in the words of the Kubernetes API server.</summary>
/// <remarks>Pure. Depth is bounded by the schema: what the schema does not know is not entered.</remarks>
internal static class SchemaCheck
{
    /// <summary>A pattern is ours, its input is not: linear time whatever the input.</summary>
    private const RegexOptions Linear = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;

    public const string NotUnicode = "must be valid Unicode";

    public static void Check(SchemaNode node, JsonElement value, string path, Findings findings) =>
        Check(node, s_free, s_free, value, path, findings);

    private static readonly FieldAttribute s_free = new();

    private static void Check(SchemaNode node, FieldAttribute field, FieldAttribute item, JsonElement value, string path, Findings findings)
    {
        if (value.ValueKind == JsonValueKind.Null && field.Nullable)
        {
            return;
        }
        switch (node.Type)
        {
            case SchemaType.Object when Is(JsonValueKind.Object, "object"):
                CheckObject(node, value, path, findings);
                break;
            case SchemaType.Map when Is(JsonValueKind.Object, "object"):
                CheckMap(node, field, item, value, path, findings);
                break;
            case SchemaType.Array when Is(JsonValueKind.Array, "array"):
                CheckArray(node, field, item, value, path, findings);
                break;
            case SchemaType.Integer or SchemaType.Number:
                CheckNumber(node, field, value, path, findings);
                break;
            case SchemaType.String when Is(JsonValueKind.String, "string"):
                CheckString(node, field, TextOf(value), path, findings);
                break;
            case SchemaType.Boolean when value.ValueKind != JsonValueKind.True:
                Is(JsonValueKind.False, "boolean");
                break;
        }

        bool Is(JsonValueKind kind, string expected)
        {
            if (value.ValueKind == kind)
            {
                return true;
            }
            findings.WrongType(path, TypeName(value), expected);
            return false;
        }
    }

    private static void CheckObject(SchemaNode node, JsonElement value, string path, Findings findings)
    {
        if (value.EnumerateObject().Any(m => NameOf(m) is null))
        {
            // looking for any other name would stumble over this one
            findings.Invalid(path, "", NotUnicode);
            return;
        }
        foreach (var member in value.EnumerateObject())
        {
            var name = member.Name;
            if (node.Fields.FirstOrDefault(f => f.Name == name) is { } field)
            {
                Check(field.Node, field.Field, field.Item, member.Value, $"{path}.{name}", findings);
            }
            else
            {
                findings.Warn($"unknown field \"{path}.{name}\"");
            }
        }
        foreach (var field in node.Fields)
        {
            if (field.Field.Required && !Has(value, field.Name))
            {
                findings.Required($"{path}.{field.Name}");
            }
        }
        foreach (var group in node.AtMostOne)
        {
            findings.AtMostOne(path, [.. group.Fields.Select(f => (f, Has(value, f)))]);
        }
    }

    private static bool Has(JsonElement value, string name) => value.TryGetProperty(name, out _);

    private static void CheckMap(SchemaNode node, FieldAttribute field, FieldAttribute item, JsonElement value, string path, Findings findings)
    {
        CheckCount(value.GetPropertyCount(), field.MinProperties, field.MaxProperties, "properties", path, findings);
        foreach (var member in value.EnumerateObject())
        {
            if (NameOf(member) is not { } name)
            {
                findings.Invalid(path, "", NotUnicode);
                continue;
            }
            Check(node.Item!, item, s_free, member.Value, $"{path}[{name}]", findings);
        }
    }

    private static void CheckArray(SchemaNode node, FieldAttribute field, FieldAttribute item, JsonElement value, string path, Findings findings)
    {
        CheckCount(value.GetArrayLength(), field.MinItems, field.MaxItems, "items", path, findings);
        var index = 0;
        foreach (var element in value.EnumerateArray())
        {
            Check(node.Item!, item, s_free, element, string.Create(CultureInfo.InvariantCulture, $"{path}[{index++}]"), findings);
        }
        if (field.ListMapKey is { } key)
        {
            CheckUnique(key, value, path, findings);
        }
    }

    private static void CheckCount(int count, int least, int most, string what, string path, Findings findings)
    {
        if (count < least)
        {
            findings.Invalid(path, count, string.Create(CultureInfo.InvariantCulture, $"{path} in body should have at least {least} {what}"));
        }
        if (most >= 0 && count > most)
        {
            findings.TooMany(path, count, most);
        }
    }

    private static void CheckUnique(string key, JsonElement list, string path, Findings findings)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var index = 0;
        foreach (var element in list.EnumerateArray())
        {
            if (element.ValueKind == JsonValueKind.Object && element.TryGetProperty(key, out var value) && !seen.Add(value.GetRawText()))
            {
                findings.Duplicate(string.Create(CultureInfo.InvariantCulture, $"{path}[{index}]"), $"{{\"{key}\":{value.GetRawText()}}}");
            }
            index++;
        }
    }

    private static void CheckNumber(SchemaNode node, FieldAttribute field, JsonElement value, string path, Findings findings)
    {
        var text = value.ValueKind == JsonValueKind.Number ? value.GetRawText()
            : field.IntOrString && value.ValueKind == JsonValueKind.String ? TextOf(value)
            : null;
        var whole = node.Type == SchemaType.Integer;
        if (text is null || !double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            || (whole && !long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _)))
        {
            findings.WrongType(path, TypeName(value), whole ? "integer" : "number");
            return;
        }
        var (minimum, maximum) = BoundsOf(node.ClrType, field);
        if (number < minimum)
        {
            findings.Invalid(path, text, string.Create(CultureInfo.InvariantCulture, $"{path} in body should be greater than or equal to {minimum}"));
        }
        else if (number > maximum)
        {
            findings.Invalid(path, text, string.Create(CultureInfo.InvariantCulture, $"{path} in body should be less than or equal to {maximum}"));
        }
    }

    /// <summary>What the attribute says, else what the type can hold; NaN is no bound.</summary>
    private static (double Minimum, double Maximum) BoundsOf(Type type, FieldAttribute field)
    {
        var (minimum, maximum) = type == typeof(uint) ? (uint.MinValue, uint.MaxValue)
            : type == typeof(int) ? (int.MinValue, int.MaxValue)
            : (double.NaN, double.NaN);
        return (double.IsNaN(field.Minimum) ? minimum : field.Minimum, double.IsNaN(field.Maximum) ? maximum : field.Maximum);
    }

    private static void CheckString(SchemaNode node, FieldAttribute field, string? text, string path, Findings findings)
    {
        if (text is null)
        {
            findings.Invalid(path, "", NotUnicode);
            return;
        }
        if (!node.EnumNames.IsEmpty && !node.EnumNames.Contains(text, StringComparer.Ordinal))
        {
            findings.NotSupported(path, text, node.EnumNames);
        }
        if (node.ClrType == typeof(DateTimeOffset) && !IsRfc3339(text))
        {
            findings.Invalid(path, text, $"{path} in body must be of type date-time: \"{text}\"");
        }
        var length = text.EnumerateRunes().Count();
        if (length < field.MinLength)
        {
            findings.Invalid(path, text, string.Create(CultureInfo.InvariantCulture, $"{path} in body should be at least {field.MinLength} chars long"));
        }
        if (field.MaxLength >= 0 && length > field.MaxLength)
        {
            findings.TooLong(path, field.MaxLength);
        }
        if (field.Pattern is { } pattern && !Regex.IsMatch(text, pattern, Linear))
        {
            findings.Invalid(path, text, $"{path} in body should match '{pattern}'");
        }
    }

    /// <summary>Exactly what the serializer will accept afterwards.</summary>
    private static bool IsRfc3339(string text)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(text, SchemaJson.Default.String)));
        return reader.Read() && reader.TryGetDateTimeOffset(out _);
    }

    /// <summary>Null for text with half of a surrogate pair in it, which JSON can escape but nobody can read.</summary>
    public static string? TextOf(JsonElement value)
    {
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <inheritdoc cref="TextOf"/>
    public static string? NameOf(JsonProperty member)
    {
        try
        {
            return member.Name;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static string TypeName(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        JsonValueKind.Number => value.TryGetInt64(out _) ? "integer" : "number",
        _ => "null",
    };
}
