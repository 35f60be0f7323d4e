using Katabira.Cluster.Storage;
using Xunit;

namespace Katabira.Tests.Cluster.Storage;

public sealed class WatchBufferTests
{
    private static readonly Change Some = new(ChangeType.Added, Samples.Payload("x").Seal(Samples.Key("a"), new Revision(1)), null);

    [Fact]
    public void TryAdd_TooManyEvents_EndsItAndDropsWhatItHeld()
    {
        var buffer = new WatchBuffer(Samples.AllWidgets, new WatchBufferLimit(2, 1_000_000));

        Assert.True(buffer.TryAdd(Some));
        Assert.True(buffer.TryAdd(Some));
        Assert.Null(buffer.EndReason);
        Assert.False(buffer.TryAdd(Some));

        Assert.Equal(WatchEndReason.TooSlow, buffer.EndReason);
        Assert.False(buffer.TryRead(out _));
        Assert.False(buffer.TryAdd(Some));
    }

    [Fact]
    public void TryAdd_ReadMeanwhile_GoesOnForEver()
    {
        var buffer = new WatchBuffer(Samples.AllWidgets, new WatchBufferLimit(2, Some.LengthBytes * 2));
        for (var i = 0; i < 100; i++)
        {
            Assert.True(buffer.TryAdd(Some));
            Assert.True(buffer.TryRead(out var read));
            Assert.Same(Some, read);
        }
    }

    [Fact]
    public void TryAdd_TooManyBytes_EndsItUnlessItWasEmpty()
    {
        var small = new WatchBuffer(Samples.AllWidgets, new WatchBufferLimit(100, 1));

        Assert.True(small.TryAdd(Some));
        Assert.False(small.TryAdd(Some));
        Assert.Equal(WatchEndReason.TooSlow, small.EndReason);
    }

    [Fact]
    public async Task Complete_EventsInIt_AreReadBeforeTheEnd()
    {
        var buffer = new WatchBuffer(Samples.AllWidgets, WatchBufferLimit.Default);
        buffer.TryAdd(Some);

        buffer.Complete(WatchEndReason.Closed);
        buffer.Complete(WatchEndReason.TooSlow);

        Assert.True(await buffer.WaitAsync(TestContext.Current.CancellationToken));
        Assert.True(buffer.TryRead(out _));
        Assert.False(await buffer.WaitAsync(TestContext.Current.CancellationToken));
        Assert.Equal(WatchEndReason.Closed, buffer.EndReason);
    }
}
