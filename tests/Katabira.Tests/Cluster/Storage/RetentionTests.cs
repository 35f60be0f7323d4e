using Katabira.Cluster.Storage;
using Xunit;

namespace Katabira.Tests.Cluster.Storage;

public sealed class RetentionTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(10, 1000, 60, 0, 0)] // within every limit
    [InlineData(4, 1000, 60, 0, 6)] // too many
    [InlineData(10, 35, 60, 0, 7)] // too large: 3 × 10 bytes stay
    [InlineData(10, 1000, 5, 0, 5)] // entries are 9, 8, 7 … 0 minutes and a second old
    [InlineData(10, 1000, 5, 8, 2)] // too old, but eight stay whatever their age
    [InlineData(4, 1000, 5, 8, 6)] // the number is a harder limit than the age
    [InlineData(0, 0, 0, 0, 10)]
    public void CountExcess_Limits_TheStrictestDecides(long entries, long bytes, int minutes, long kept, int excess)
    {
        var retention = new Retention
        {
            MaxEntries = entries,
            MaxBytes = bytes,
            MaxAge = TimeSpan.FromMinutes(minutes),
            KeptWhateverTheirAge = kept,
        };
        var log = Enumerable.Range(0, 10).Select(i => new LogEntryHead(new Revision(i + 1), Now.AddMinutes(i - 9).AddSeconds(-1), 10)).ToList();

        Assert.Equal(excess, retention.CountExcess(log, new LogSize(10, 100), Now));
    }

    [Fact]
    public void CountExcess_EmptyLog_IsNothing() => Assert.Equal(0, new Retention().CountExcess([], default, Now));
}
