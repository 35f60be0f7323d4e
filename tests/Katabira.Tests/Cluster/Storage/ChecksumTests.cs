using Katabira.Cluster.Storage;
using Xunit;

namespace Katabira.Tests.Cluster.Storage;

public sealed class ChecksumTests
{
    private static readonly StoredObject State = Samples.Payload("hello").Seal(Samples.Key("name", "space"), new Revision(5));

    [Fact]
    public void Of_EveryFlippedBit_IsNoticed()
    {
        var sum = Checksum.Of(State);
        for (var bit = 0; bit < State.Json.Length * 8; bit++)
        {
            var json = State.Json.ToArray();
            json[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.NotEqual(sum, Checksum.Of(new StoredObject(State.Key, State.Revision, json, State.RevisionAt)));
        }
    }

    [Fact]
    public void Of_EachField_Counts()
    {
        var key = State.Key;
        StoredObject[] others =
        [
            new(key with { Group = "x" }, State.Revision, State.Json, State.RevisionAt),
            new(key with { Namespace = "spacen", Name = "ame" }, State.Revision, State.Json, State.RevisionAt),
            new(key, State.Revision.Next, State.Json, State.RevisionAt),
            new(key, State.Revision, State.Json, State.RevisionAt + 1),
        ];

        Assert.Distinct([Checksum.Of(State), .. others.Select(Checksum.Of)]);
    }

    [Fact]
    public void Of_Change_CountsTypeAndPrevious() => Assert.Distinct(
        [
            Checksum.Of(new Change(ChangeType.Added, State, null)),
            Checksum.Of(new Change(ChangeType.Modified, State, null)),
            Checksum.Of(new Change(ChangeType.Modified, State, State)),
        ]);
}
