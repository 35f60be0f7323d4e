namespace Katabira.Cluster.Tables;

/// <summary>What stands in the metadata of a list.</summary>
/// <param name="ResourceVersion">Of the store when the list was read.</param>
/// <param name="Continue">Where the next page begins; empty on the last page.</param>
/// <param name="RemainingItemCount">Objects after this page, if the server knows.</param>
internal readonly record struct ListMeta(string ResourceVersion, string Continue = "", long? RemainingItemCount = null);
