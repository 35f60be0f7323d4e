using CsCheck;
using Katabira.Model.Validation;
using Xunit;

namespace Katabira.Tests.Validation;

public class HostSetTests
{
    [Theory]
    [InlineData("*.bar", "*.foo.bar", "*.bar")]
    [InlineData("*.bar", "foo.bar", "*.bar")]
    [InlineData("*.bar", "Foo.BAR", "*.bar")]
    [InlineData("*-x.bar", "foo-x.bar", "*-x.bar")]
    [InlineData("*", "*.bar", "*")]
    [InlineData("*", "bar", "*")]
    [InlineData("*.bar", "bar", null)]
    [InlineData("*.bar", "*.bar", null)]
    [InlineData("*", "*", null)]
    [InlineData("*.foo.bar", "*.bar", null)]
    [InlineData("bar", "foo.bar", null)]
    [InlineData("*-x.bar", "foo.x.bar", null)]
    [InlineData("*foo.bar", "xfoo.bar", "*foo.bar")]
    [InlineData("*foo.bar", "foo.bar", "*foo.bar")]
    [InlineData("*foo.bar", "*xfoo.bar", "*foo.bar")]
    [InlineData("*foo.bar", "*.foo.bar", "*foo.bar")]
    [InlineData("*foo.bar", "*oo.bar", null)]
    public void WiderThan_NamesTheWildcardThatIncludesAll(string member, string host, string? expected)
    {
        var set = new HostSet();
        set.Add(member);
        Assert.Equal(expected, set.WiderThan(host));
    }

    [Fact]
    public void Add_KnownHost_IsFalse()
    {
        var set = new HostSet();
        Assert.True(set.Add("a.com"));
        Assert.True(set.Add("*.com"));
        Assert.False(set.Add("A.com"));
        Assert.False(set.Add("*.COM"));
    }

    [Fact]
    public void Covers_AnySetAndHost_IsWhatComparingOneByOneSays()
    {
        var label = Gen.Char["ab-"].Array[1, 3].Select(c => new string(c));
        var wildcard = Gen.Int[0, 3].Select(i => i switch { 0 => "", 1 => "*.", 2 => "*-", _ => "*" });
        var host = Gen.Select(wildcard, label.Array[1, 3]).Select((begin, labels) => begin + string.Join('.', labels));
        Gen.Select(Gen.Frequency((9, host), (1, Gen.Const("*"))).Array[0, 5], host).Sample((members, asked) =>
        {
            var set = new HostSet();
            foreach (var member in members)
            {
                set.Add(member);
            }
            return set.Covers(asked) == members.Any(m => Includes(m, asked));
        });
    }

    private static bool Includes(string wider, string host) =>
        wider == host || (wider.StartsWith('*') && host.TrimStart('*').EndsWith(wider[1..], StringComparison.Ordinal));
}
