namespace Katabira.Cluster.Patching.Ownership;

/// <summary>Who writes what, when and how: what the bookkeeping of owners has to know of a request.</summary>
/// <param name="Manager">The field manager; see <see cref="FieldManagerName"/>.</param>
/// <param name="ApiVersion">The version that the request speaks, e.g. <c>apps/v1</c>.</param>
/// <param name="Now">The time of the write; entries keep whole seconds.</param>
/// <param name="Types">The root of the kind.</param>
/// <param name="Subresource">E.g. <c>status</c>; empty for the object itself.</param>
internal sealed record FieldWrite(string Manager, string ApiVersion, DateTimeOffset Now, ListTypes Types, string Subresource = "");
