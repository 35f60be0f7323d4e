namespace Katabira.Cluster.Tables;

/// <summary>What a client asked a Table of.</summary>
/// <param name="Version">Of <c>meta.k8s.io</c>: <c>v1</c> or <c>v1beta1</c>.</param>
/// <param name="Now">The moment that ages count from.</param>
internal sealed record TableRequest(TableLayout Layout, DateTimeOffset Now, IncludeObject Include = IncludeObject.Metadata, string Version = "v1");

/// <summary>What each row carries besides its cells.</summary>
internal enum IncludeObject
{
    /// <summary>The metadata, as a PartialObjectMetadata. The default.</summary>
    Metadata,

    /// <summary>Nothing.</summary>
    None,

    /// <summary>The whole object.</summary>
    Object,
}
