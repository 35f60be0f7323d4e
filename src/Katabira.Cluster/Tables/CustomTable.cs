using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Katabira.Cluster.Resources;

namespace Katabira.Cluster.Tables;

/// <summary>The table of a custom resource: its name, then the columns its definition declares, or the age if it declares none.</summary>
internal static class CustomTable
{
    private static readonly PrinterColumn s_age = new("Age", "date", ".metadata.creationTimestamp", "Time since the object was created.");

    /// <param name="find">Evaluates a JSONPath (without braces) on an object; null if nothing is there. Must not throw.</param>
    public static TableLayout Layout(ImmutableArray<PrinterColumn> columns, Func<JsonObject, string, JsonNode?> find)
    {
        var declared = columns.IsDefaultOrEmpty ? [s_age] : columns;
        return new(
            [TableColumn.ObjectName, .. declared.Select(c => new TableColumn(c.Name, c.Type, c.Priority, c.Format, c.Description))],
            (row, item) =>
            {
                var node = JsonObject.Create(item);
                row.Name(item);
                foreach (var column in declared)
                {
                    WriteCell(row, column.Type, node is null ? null : find(node, column.JsonPath));
                }
            });
    }

    /// <summary>A value of another type than its column is a blank: a table never fails for one object's sake.</summary>
    private static void WriteCell(RowWriter row, string type, JsonNode? value)
    {
        var kind = value?.GetValueKind() ?? JsonValueKind.Null;
        switch (type)
        {
            case "string" when value.AsText() is { } text:
                row.Text(text);
                break;
            case "string" when kind != JsonValueKind.Null:
                row.Text(value!.ToJsonString()); // not null: its kind says so
                break;
            case "date" when value.AsText() is { } text:
                row.Text(JsonFields.ParseTime(text) is { } time ? HumanDuration.Since(time, row.Now) : HumanDuration.Invalid);
                break;
            case "integer" when kind == JsonValueKind.Number:
                WriteInteger(row, value!);
                break;
            case "number" when kind == JsonValueKind.Number:
            case "boolean" when kind is JsonValueKind.True or JsonValueKind.False:
                row.Value(value!); // not null: its kind says so
                break;
            default:
                row.Null();
                break;
        }
    }

    /// <summary>A fraction is cut off, as upstream does.</summary>
    private static void WriteInteger(RowWriter row, JsonNode value)
    {
        if (value.AsInteger() is { } number)
        {
            row.Integer(number);
        }
        else if (decimal.TryParse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var fraction)
            && fraction is >= long.MinValue and <= long.MaxValue)
        {
            row.Integer((long)fraction);
        }
        else
        {
            row.Null();
        }
    }
}
