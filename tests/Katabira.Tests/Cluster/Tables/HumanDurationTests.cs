using Katabira.Cluster.Tables;
using Xunit;

namespace Katabira.Tests.Cluster.Tables;

public class HumanDurationTests
{
    [Theory]
    [InlineData("-00:00:02", "<invalid>")]
    [InlineData("-00:00:01", "0s")]
    [InlineData("00:00:00", "0s")]
    [InlineData("00:00:00.9", "0s")]
    [InlineData("00:01:59", "119s")]
    [InlineData("00:02:00", "2m")]
    [InlineData("00:02:01", "2m1s")]
    [InlineData("00:09:59", "9m59s")]
    [InlineData("00:10:00", "10m")]
    [InlineData("00:10:59", "10m")]
    [InlineData("02:59:59", "179m")]
    [InlineData("03:00:00", "3h")]
    [InlineData("03:01:00", "3h1m")]
    [InlineData("07:59:00", "7h59m")]
    [InlineData("08:30:00", "8h")]
    [InlineData("1.23:59:59", "47h")]
    [InlineData("2.00:00:00", "2d")]
    [InlineData("2.01:00:00", "2d1h")]
    [InlineData("7.23:00:00", "7d23h")]
    [InlineData("8.00:00:00", "8d")]
    [InlineData("729.23:59:59", "729d")]
    [InlineData("730.00:00:00", "2y")]
    [InlineData("731.00:00:00", "2y1d")]
    [InlineData("2919.00:00:00", "7y364d")]
    [InlineData("2920.00:00:00", "8y")]
    [InlineData("36500.00:00:00", "100y")]
    public void Of_ALength_IsInTheUnitsUsersKnow(string duration, string expected) =>
        Assert.Equal(expected, HumanDuration.Of(TimeSpan.Parse(duration, System.Globalization.CultureInfo.InvariantCulture)));

    [Fact]
    public void Since_Never_IsUnknown() => Assert.Equal("<unknown>", HumanDuration.Since(null, DateTimeOffset.UnixEpoch));
}
