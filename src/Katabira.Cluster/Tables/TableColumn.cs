namespace Katabira.Cluster.Tables;

/// <summary>A column's head. kubectl upper-cases the name and hides priorities above 0 unless <c>-o wide</c>.</summary>
/// <param name="Type"><c>string</c>, <c>integer</c>, <c>number</c>, <c>boolean</c> or <c>date</c>.</param>
internal sealed record TableColumn(string Name, string Type = "string", int Priority = 0, string Format = "", string Description = "")
{
    /// <summary>The first column of nearly every table; its format lets kubectl put the kind before it.</summary>
    public static TableColumn ObjectName { get; } = new("Name", Format: "name", Description: "Name of the object, unique in its namespace.");

    public static TableColumn Age { get; } = new("Age", Description: "Time since the object was created.");

    public static TableColumn Containers { get; } = Wide("Containers", "Names of the containers in the pod template.");

    public static TableColumn Images { get; } = Wide("Images", "Images of the containers in the pod template.");

    public static TableColumn Selector { get; } = Wide("Selector", "Labels of the pods that belong to the object.");

    /// <summary>A column that only <c>-o wide</c> shows.</summary>
    public static TableColumn Wide(string name, string description = "", string type = "string") => new(name, type, 1, Description: description);
}
