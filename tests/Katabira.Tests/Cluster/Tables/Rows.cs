using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Katabira.Cluster.Resources;
using Katabira.Cluster.Tables;
using Katabira.Tests.Cluster.Resources;

namespace Katabira.Tests.Cluster.Tables;

/// <summary>Makes tables in tests, at one fixed moment.</summary>
internal static class Rows
{
    public static DateTimeOffset Now { get; } = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>The cells of one object, on one line; the number of cells is checked against the columns.</summary>
    public static string Cells(string qualifiedName, string item)
    {
        var layout = Layout(qualifiedName);
        var table = JsonNode.Parse(Write(json => TableWriter.WriteOne(json, new(layout, Now), Json.Object(item))))!;
        var cells = table["rows"]![0]!["cells"]!.AsArray();
        Xunit.Assert.Equal(layout.Columns.Length, cells.Count);
        return Json.Line(cells);
    }

    public static TableLayout Layout(string qualifiedName) => TableLayouts.For(Resource(qualifiedName), Find);

    public static ServedResource Resource(string qualifiedName)
    {
        var type = ResourceCatalog.BuiltIn.With(CustomTypes.Umbrella).Types.Single(t => t.QualifiedName == qualifiedName);
        return new(type, type.Versions[0]);
    }

    public static byte[] Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            write(json);
        }
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Plain dotted paths are enough for the tests' columns.</summary>
    private static JsonNode? Find(JsonObject item, string path)
    {
        JsonNode? node = item;
        foreach (var name in path.Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            node = (node as JsonObject)?[name];
        }
        return node;
    }
}
