namespace Katabira.Model.Resources;

/// <summary>Namespace and name of one object of a namespaced kind. Compares by ordinal text; prints as <c>namespace/name</c>.</summary>
/// <param name="Namespace">The namespace; empty for a cluster-scoped object.</param>
/// <param name="Name">The object's name.</param>
public readonly record struct ObjectKey(string Namespace, string Name)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Namespace}/{Name}";
}
