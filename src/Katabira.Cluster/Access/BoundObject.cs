namespace Katabira.Cluster.Access;

/// <summary>Finds the uid of a living object; null if there is none, or it is being deleted for longer than a client may need.</summary>
/// <param name="group">API group; empty for the core group.</param>
/// <param name="plural">E.g. <c>pods</c>.</param>
/// <param name="ns">The namespace.</param>
/// <param name="name">The object's name.</param>
internal delegate string? FindUid(string group, string plural, string ns, string name);

/// <summary>The object whose end is a token's end.</summary>
/// <param name="Kind"><c>Pod</c> or <c>Secret</c>.</param>
/// <param name="Name">Its name, in the service account's namespace.</param>
/// <param name="Uid">Its uid: an object of the same name made later is another one.</param>
internal sealed record BoundObject(string Kind, string Name, string Uid)
{
    /// <summary>The claim's name.</summary>
    public string Claim => Kind == "Pod" ? "pod" : "secret";

    public string Plural => Kind == "Pod" ? "pods" : "secrets";
}
