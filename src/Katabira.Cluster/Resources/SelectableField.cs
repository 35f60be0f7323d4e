namespace Katabira.Cluster.Resources;

/// <summary>A field that a field selector may name, besides <c>metadata.name</c> and <c>metadata.namespace</c>.</summary>
/// <param name="Name">As it stands in the selector: <c>involvedObject.kind</c>.</param>
/// <param name="Path">Dotted path of the value in the object as served.</param>
/// <param name="Otherwise">Dotted path to read where the first one has nothing.</param>
/// <param name="Default">Text that an absent value compares as.</param>
internal sealed record SelectableField(string Name, string Path, string? Otherwise = null, string Default = "")
{
    /// <summary>A field whose name is its path.</summary>
    public static SelectableField At(string path, string defaultText = "") => new(path, path, Default: defaultText);
}
