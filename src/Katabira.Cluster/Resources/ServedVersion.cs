using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Katabira.Cluster.Resources;

/// <summary>One version of a resource, as it is served. Immutable.</summary>
internal sealed class ServedVersion
{
    /// <summary><c>v1</c>.</summary>
    public required string Name { get; init; }

    /// <summary>True for the one version whose form is in the store.</summary>
    public bool IsStorage { get; init; }

    public ImmutableArray<Subresource> Subresources { get; init; } = [];

    public ImmutableArray<SelectableField> SelectableFields { get; init; } = [];

    /// <summary>The columns of a custom resource; default (not merely empty) for built-ins, whose tables are code.</summary>
    public ImmutableArray<PrinterColumn> Columns { get; init; }

    /// <summary>The <c>openAPIV3Schema</c> of a custom resource; null for built-ins, whose fields are in the field table.</summary>
    public JsonElement? Schema { get; init; }

    /// <summary>Text of a Warning header on each use; null if the version is not deprecated.</summary>
    public string? DeprecationWarning { get; init; }

    /// <summary>Turns a stored object into this version's form. Null: only <c>apiVersion</c> differs. May change its argument.</summary>
    public Action<JsonObject>? FromStorage { get; init; }

    /// <summary>Turns an object of this version into the stored form. Null: only <c>apiVersion</c> differs. May change its argument.</summary>
    public Action<JsonObject>? ToStorage { get; init; }

    /// <summary>The subresource of that name, or null.</summary>
    public Subresource? Subresource(string name)
    {
        foreach (var subresource in Subresources)
        {
            if (subresource.Name == name)
            {
                return subresource;
            }
        }
        return null;
    }
}
