using Katabira.Cluster.Node.Volumes;
using Katabira.Tests.Cluster.Access;
using Xunit;

namespace Katabira.Tests.Cluster.Node.Volumes;

public class TokenSlotsTests
{
    private readonly SteppedTime _time = new();
    private int _issued;
    private string _error = "";

    [Theory]
    [InlineData(1.0, 0.79, false)]
    [InlineData(1.0, 0.8, true)]
    [InlineData(48.0, 24.0, false)]
    [InlineData(48.0, 24.1, true)]
    [InlineData(10.0, 8.0, true)]
    [InlineData(1.0, 5.0, true)]
    public void NeedsNext_ByHours_IsAtFourFifthsOfItsLifeOrADay(double life, double age, bool expected)
    {
        var issued = _time.Now;

        Assert.Equal(expected, TokenSlots.NeedsNext(issued, issued + TimeSpan.FromHours(life), issued + TimeSpan.FromHours(age)));
    }

    [Fact]
    public void Get_InTime_IsTheSameTokenAndThenTheNext()
    {
        var slots = Slots();

        Assert.Equal("1", Get(slots));
        _time.Now += TimeSpan.FromMinutes(47);
        Assert.Equal("1", Get(slots));
        _time.Now += TimeSpan.FromMinutes(2);
        Assert.Equal("2", Get(slots));
        Assert.Equal("3", slots.Get([], "other", 3600).Token);
        Assert.Equal("2", Get(slots));
    }

    [Fact]
    public void Get_WhenThereIsNoNext_GoesOnToTheEnd()
    {
        var slots = Slots();
        Get(slots);
        _error = "serviceaccounts \"x\" not found";

        _time.Now += TimeSpan.FromMinutes(59);
        Assert.Equal("1", Get(slots));
        _time.Now += TimeSpan.FromMinutes(1);
        Assert.Equal((null, _error), slots.Get([], "", 3600));
    }

    private static string? Get(TokenSlots slots) => slots.Get([], "", 3600).Token;

    private TokenSlots Slots() => new(
        (_, _, seconds) => _error.Length > 0 ? (null, default, _error) : ($"{++_issued}", _time.Now + TimeSpan.FromSeconds(seconds), ""), _time);
}
