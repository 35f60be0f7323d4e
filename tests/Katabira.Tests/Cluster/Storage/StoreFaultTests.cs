using Katabira.Cluster.Storage;
using Microsoft.Data.Sqlite;
using Xunit;

namespace Katabira.Tests.Cluster.Storage;

public sealed class StoreFaultTests
{
    [Theory]
    [InlineData(13, 13, "DiskFull", true)]
    [InlineData(5, 5, "Busy", true)]
    [InlineData(6, 262, "Busy", true)]
    [InlineData(10, 778, "InputOutput", false)] // write
    [InlineData(10, 1034, "InputOutput", false)] // fsync
    [InlineData(10, 266, "InputOutput", false)] // read
    [InlineData(11, 267, "Corrupt", false)]
    [InlineData(26, 26, "Corrupt", false)]
    [InlineData(8, 1032, "WriteProtected", false)]
    [InlineData(14, 14, "WriteProtected", false)]
    [InlineData(1, 1, "Unknown", false)]
    [InlineData(19, 1555, "Unknown", false)]
    public void From_ResultCode_NamesTheFaultAndWhetherItMayPass(int code, int extended, string kind, bool mayPass)
    {
        var fault = StoreFault.From(new SqliteException("as SQLite says", code, extended), "/home/x/store.db");

        Assert.Equal((kind, mayPass), (fault.Kind.ToString(), fault.MayPass));
        Assert.Contains("/home/x/store.db", fault.Message, StringComparison.Ordinal);
        Assert.Contains("as SQLite says", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void From_RowThatIsNotAsWritten_IsCorrupt() =>
        Assert.Equal(StoreFaultKind.Corrupt, StoreFault.From(new InvalidDataException("checksum"), "f").Kind);

    [Fact]
    public void Report_LastingFault_IsNotReplacedByLaterOnes()
    {
        var (time, log) = (new ManualTime(), new RecordedLog());
        var health = new StoreHealth("f", time, log);

        health.Report(new SqliteException("fsync", 10, 1034));
        health.Report(new SqliteException("full", 13));
        health.Succeeded();
        time.Advance(TimeSpan.FromDays(1));

        Assert.Equal(StoreFaultKind.InputOutput, health.Fault?.Kind);
        Assert.Equal(StoreFaultKind.InputOutput, health.Refusal()?.Kind);
        Assert.Single(log.TextsOf(4001));
        Assert.Empty(log.TextsOf(4002));
    }

    [Fact]
    public void Refusal_PassingFault_LetsOneTryASecond()
    {
        var (time, log) = (new ManualTime(), new RecordedLog());
        var health = new StoreHealth("f", time, log);

        health.Report(new SqliteException("full", 13));
        Assert.Equal(StoreFaultKind.DiskFull, health.Refusal()?.Kind);
        time.Advance(TimeSpan.FromSeconds(1.5));
        Assert.Null(health.Refusal());
        Assert.NotNull(health.Fault);
        health.Report(new SqliteException("full", 13));
        Assert.NotNull(health.Refusal());
        health.Succeeded();

        Assert.Null(health.Fault);
        Assert.Single(log.TextsOf(4001)); // told once, however often it is tried
        Assert.Single(log.TextsOf(4002));
    }
}
