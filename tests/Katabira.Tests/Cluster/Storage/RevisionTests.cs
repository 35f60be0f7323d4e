using System.Text;
using Katabira.Cluster.Storage;
using Xunit;

namespace Katabira.Tests.Cluster.Storage;

public sealed class RevisionTests
{
    [Theory]
    [InlineData("0", true, 0)]
    [InlineData("42", true, 42)]
    [InlineData("9223372036854775807", true, long.MaxValue)]
    [InlineData("9223372036854775808", false, 0)]
    [InlineData("", false, 0)]
    [InlineData("-1", false, 0)]
    [InlineData("+1", false, 0)]
    [InlineData(" 1", false, 0)]
    [InlineData("1,000", false, 0)]
    [InlineData("0x1", false, 0)]
    public void TryParse_Text_AcceptsPlainDigitsOnly(string text, bool valid, long value)
    {
        Assert.Equal(valid, Revision.TryParse(text, out var revision));
        Assert.Equal(value, revision.Value);
    }

    [Theory]
    [InlineData(0, "0")]
    [InlineData(12345, "12345")]
    [InlineData(long.MaxValue, "9223372036854775807")]
    public void Format_Digits_FitIntoTheLargest(long value, string expected)
    {
        var digits = new byte[Revision.MaxDigits];

        var written = new Revision(value).Format(digits);

        Assert.Equal(expected, Encoding.ASCII.GetString(digits, 0, written));
        Assert.Equal(expected, new Revision(value).ToString());
    }

    [Fact]
    public void Compare_Neighbours_AreOrdered()
    {
        var (a, b) = (new Revision(9), new Revision(10));

        Assert.True(a < b && a <= b && b > a && b >= a && a <= new Revision(9));
        Assert.False(b < a || a > b || b <= a);
        Assert.Equal(b, a.Next);
        Assert.Equal(1, b - a);
    }
}
