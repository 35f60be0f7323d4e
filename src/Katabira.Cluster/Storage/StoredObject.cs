namespace Katabira.Cluster.Storage;

/// <summary>
/// One version of one object: immutable, shared by every reader and every watcher.
/// </summary>
/// <param name="key">Where it lies.</param>
/// <param name="revision">The change that made this version.</param>
/// <param name="json">Its JSON, with metadata.resourceVersion equal to <paramref name="revision"/>. Owned by this object from now on.</param>
/// <param name="revisionAt">Offset in <paramref name="json"/> of the first digit of the resourceVersion.</param>
internal sealed class StoredObject(StoreKey key, Revision revision, ReadOnlyMemory<byte> json, int revisionAt)
{
    public StoreKey Key { get; } = key;

    public Revision Revision { get; } = revision;

    /// <summary>The bytes to serve, as they are: reading costs no copy and no parsing.</summary>
    public ReadOnlyMemory<byte> Json { get; } = json;

    /// <summary>Offset of the first digit of the resourceVersion in <see cref="Json"/>.</summary>
    public int RevisionAt { get; } = revisionAt;

    /// <summary>The same state under another revision: what a deletion leaves behind.</summary>
    public StoredObject At(Revision next) => AsPayload().Seal(Key, next);

    /// <summary>The JSON with the resourceVersion's digits as its hole.</summary>
    public StorePayload AsPayload()
    {
        Span<byte> digits = stackalloc byte[Revision.MaxDigits];
        return new StorePayload(Json, RevisionAt, Revision.Format(digits));
    }

    public override string ToString() => $"{Key}@{Revision}";
}
