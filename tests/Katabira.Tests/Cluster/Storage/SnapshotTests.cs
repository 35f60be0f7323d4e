using Katabira.Cluster.Storage;
using Xunit;

namespace Katabira.Tests.Cluster.Storage;

public sealed class SnapshotTests
{
    private static readonly StoredObject[] Objects =
    [
        Make("b", "z"), Make("a", "z"), Make("", "q"), Make("a-b", "a"), Make("a", "B"), Make("a", "b"),
    ];

    [Fact]
    public void Range_Order_IsNamespaceThenNameOrdinal()
    {
        var all = Snapshot.Create(new Revision(1), Objects).Range(Samples.AllWidgets);

        Assert.Equal(["/q", "a/B", "a/b", "a/z", "a-b/a", "b/z"], Names(all));
    }

    [Theory]
    [InlineData("a", "a/B a/b a/z")] // not a-b, which begins with it
    [InlineData("", "/q")]
    [InlineData("a-b", "a-b/a")]
    [InlineData("none", "")]
    public void Range_OneNamespace_IsExactlyThat(string space, string expected) =>
        Assert.Equal(expected, string.Join(' ', Names(Snapshot.Create(new Revision(1), Objects).Range(new StoreRange(Samples.Widgets, space)))));

    [Theory]
    [InlineData(null, "a", "b", "a/z a-b/a b/z")]
    [InlineData(null, "a", "aaa", "a/b a/z a-b/a b/z")] // gone meanwhile
    [InlineData(null, "z", "z", "")]
    [InlineData("a", "a", "B", "a/b a/z")]
    [InlineData("a", "", "q", "a/B a/b a/z")] // a token of another range cannot lead out of this one
    [InlineData("a", "b", "z", "")]
    public void RangeAfter_LastOne_BeginsBehindIt(string? space, string lastSpace, string lastName, string expected) => Assert.Equal(
        expected,
        string.Join(' ', Names(Snapshot.Create(new Revision(1), Objects).RangeAfter(new StoreRange(Samples.Widgets, space), lastSpace, lastName))));

    [Fact]
    public void ToBuilder_Changes_DoNotShowInTheOldSnapshot()
    {
        var before = Snapshot.Create(new Revision(1), Objects);
        var next = before.ToBuilder();
        var old = before.Find(Samples.Key("z", "a"))!;

        next.Apply(new Change(ChangeType.Deleted, old.At(new Revision(2)), old));
        next.Apply(new Change(ChangeType.Added, Make("c", "new", 3), null));
        var after = next.ToSnapshot();

        Assert.Null(next.Find(old.Key));
        Assert.Null(after.Find(old.Key));
        Assert.NotNull(after.Find(Samples.Key("new", "c")));
        Assert.Same(old, before.Find(old.Key));
        Assert.Null(before.Find(Samples.Key("new", "c")));
        Assert.Equal((6, 6), (before.Count, after.Count));
        Assert.Equal((new Revision(1), new Revision(3)), (before.Revision, after.Revision));
    }

    [Fact]
    public void Rewind_EarlierStates_ReplaceAndRemove()
    {
        var now = Snapshot.Create(new Revision(9), Objects);
        var gone = Make("b", "was-here");

        var then = now.Rewind(new Revision(5), Samples.Widgets, new Dictionary<StoreKey, StoredObject?>
        {
            [gone.Key] = gone,
            [Samples.Key("q", "")] = null,
        });

        Assert.Equal(["a/B", "a/b", "a/z", "a-b/a", "b/was-here", "b/z"], Names(then.Range(Samples.AllWidgets)));
        Assert.Equal(new Revision(5), then.Revision);
        Assert.NotNull(now.Find(Samples.Key("q", "")));
    }

    [Fact]
    public void Find_OtherResource_IsNull() =>
        Assert.Null(Snapshot.Create(new Revision(1), Objects).Find(Samples.Key("z", "a") with { Plural = "gadgets" }));

    private static StoredObject Make(string space, string name, long revision = 1) =>
        Samples.Payload("x").Seal(Samples.Key(name, space), new Revision(revision));

    private static string[] Names(SnapshotRange range) =>
        [.. Enumerable.Range(0, range.Count).Select(i => $"{range[i].Key.Namespace}/{range[i].Key.Name}")];
}
