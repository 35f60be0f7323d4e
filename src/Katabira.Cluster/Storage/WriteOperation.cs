namespace Katabira.Cluster.Storage;

/// <summary>What a write comes to, given what is stored.</summary>
/// <param name="Result">The answer to the caller, once the change is on the disk.</param>
/// <param name="Change">What to log; null if nothing changes.</param>
internal readonly record struct WriteDecision(StoreResult Result, Change? Change);

/// <summary>A write somebody asks for. Deciding it is pure; the writer does it.</summary>
internal abstract record WriteOperation(StoreKey Key)
{
    /// <summary>Bytes of JSON it brings along.</summary>
    public virtual int LengthBytes => 0;

    /// <param name="current">What lies under the key now; null if nothing does.</param>
    /// <param name="next">The revision the change would take.</param>
    public abstract WriteDecision Decide(StoredObject? current, Revision next);

    private static WriteDecision Refuse(StoreResult result) => new(result, null);

    private static WriteDecision Accept(ChangeType type, StoredObject state, StoredObject? previous) =>
        new(new StoreResult.Written(state), new Change(type, state, previous));

    internal sealed record Create(StoreKey Key, StorePayload Payload) : WriteOperation(Key)
    {
        public override int LengthBytes => Payload.LengthBytes;

        public override WriteDecision Decide(StoredObject? current, Revision next) => current is null
            ? Accept(ChangeType.Added, Payload.Seal(Key, next), null)
            : Refuse(new StoreResult.AlreadyExists(current));
    }

    /// <param name="Key">Which object.</param>
    /// <param name="Expected">The revision the new state was made from; null to overwrite whatever is there.</param>
    /// <param name="Payload">The new state.</param>
    internal sealed record Update(StoreKey Key, Revision? Expected, StorePayload Payload) : WriteOperation(Key)
    {
        public override int LengthBytes => Payload.LengthBytes;

        public override WriteDecision Decide(StoredObject? current, Revision next)
        {
            if (current is null)
            {
                return Refuse(new StoreResult.NotFound());
            }

            if (Expected is { } expected && expected != current.Revision)
            {
                return Refuse(new StoreResult.Conflict(current));
            }

            return Payload.EqualsExceptRevision(current.AsPayload())
                ? Refuse(new StoreResult.Unchanged(current))
                : Accept(ChangeType.Modified, Payload.Seal(Key, next), current);
        }
    }

    /// <param name="Key">Which object.</param>
    /// <param name="Expected">The revision the caller looked at; null to delete whatever is there.</param>
    internal sealed record Delete(StoreKey Key, Revision? Expected) : WriteOperation(Key)
    {
        public override WriteDecision Decide(StoredObject? current, Revision next)
        {
            if (current is null)
            {
                return Refuse(new StoreResult.NotFound());
            }

            return Expected is { } expected && expected != current.Revision
                ? Refuse(new StoreResult.Conflict(current))
                : Accept(ChangeType.Deleted, current.At(next), current);
        }
    }
}
