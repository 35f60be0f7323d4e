using Katabira.Cluster.Cel.Go;
using Xunit;

namespace Katabira.Tests.Cluster.Cel;

/// <summary>What Go reads and prints, for which rules and messages were written.</summary>
public sealed class GoTests
{
    [Theory]
    [InlineData("1ms", 1_000_000)]
    [InlineData("1h2m3.5s", 3_723_500_000_000)]
    [InlineData("-1.5us", -1_500)]
    [InlineData("+1µs", 1_000)]
    [InlineData("1μs", 1_000)]
    [InlineData("0", 0)]
    [InlineData(".5s", 500_000_000)]
    [InlineData("1.s", 1_000_000_000)]
    [InlineData("2562047h47m16.854775807s", long.MaxValue)]
    [InlineData("-2562047h47m16.854775808s", long.MinValue)]
    public void Duration_Wellformed_IsNanoseconds(string text, long nanoseconds)
    {
        Assert.True(GoDuration.TryParse(text, out var read));
        Assert.Equal(nanoseconds, read);
    }

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("s")]
    [InlineData("-")]
    [InlineData(".s")]
    [InlineData("1d")]
    [InlineData("1 s")]
    [InlineData("1s ")]
    [InlineData("1S")]
    [InlineData("2562047h47m16.854775808s")]
    [InlineData("99999999999999999999h")]
    public void Duration_Malformed_IsRefused(string text) => Assert.False(GoDuration.TryParse(text, out _));

    [Theory]
    [InlineData("3 days", true, 259_200_000_000_000)]
    [InlineData("22 ns", true, 22)]
    [InlineData("1s", true, 1_000_000_000)]
    [InlineData("soon", false, 0)]
    [InlineData("3", false, 0)]
    public void DurationFormat_Words_AreRead(string text, bool ok, long nanoseconds)
    {
        Assert.Equal(ok, GoDuration.TryParseFormat(text, out var read));
        Assert.Equal(nanoseconds, read);
    }

    [Theory]
    [InlineData(0, "0")]
    [InlineData(1.5, "1.5")]
    [InlineData(-0.0001, "-0.0001")]
    [InlineData(0.00001, "1e-05")]
    [InlineData(999999, "999999")]
    [InlineData(1000000, "1e+06")]
    [InlineData(123456789, "1.23456789e+08")]
    [InlineData(-1.5e300, "-1.5e+300")]
    [InlineData(double.PositiveInfinity, "+Inf")]
    [InlineData(double.NaN, "NaN")]
    public void Float_Formatted_LooksLikeGos(double value, string text) => Assert.Equal(text, GoFloat.Format(value));

    [Theory]
    [InlineData("plain", "\"plain\"")]
    [InlineData("a\"b\\c", "\"a\\\"b\\\\c\"")]
    [InlineData("\t\n\u0001\u007f", "\"\\t\\n\\x01\\x7f\"")]
    [InlineData("é🐱\u00a0\u200b", "\"é🐱\\u00a0\\u200b\"")]
    public void Quote_Text_LooksLikeGos(string text, string quoted) => Assert.Equal(quoted, GoQuote.Quote(text));

    [Fact]
    public void Quote_LongText_IsCut() => Assert.Equal(GoQuote.LongestKept + 3, GoQuote.Quote(new string('x', 1_000_000)).Length);

    [Theory]
    [InlineData("^a$", "a", true)]
    [InlineData("^a$", "a\n", false)]
    [InlineData("(?m)^a$", "a\nb", true)]
    [InlineData(@"^\d+$", "١٢", false)]
    [InlineData(@"^\w+$", "é", false)]
    [InlineData(@"^\s+$", "\u00a0", false)]
    [InlineData(@"^\S$", "é", true)]
    [InlineData(@"^[\D]$", "٣", true)]
    [InlineData(@"^[\w-]+$", "a-b", true)]
    [InlineData("^[a-z-[aeiou]]$", "-]", true)]
    [InlineData("^[a-z-[aeiou]]$", "b", false)]
    [InlineData("^[[:alpha:]_]+$", "ab_", true)]
    [InlineData("^[]a]+$", "]a", true)]
    [InlineData("^[^]a]+$", "b", true)]
    [InlineData("(?i)^ABC$", "abc", true)]
    [InlineData("(?P<n>a)(?<m>b)", "ab", true)]
    [InlineData(@"^\Qa.b\E$", "a.b", true)]
    [InlineData(@"^\Qa.b\E$", "axb", false)]
    [InlineData(@"^\x{41}\x42\103$", "ABC", true)]
    [InlineData(@"^\pL\p{Lu}\P{L}$", "aA1", true)]
    [InlineData(@"^\-\_\/$", "-_/", true)]
    [InlineData("^a{2,3}$", "aaa", true)]
    [InlineData("^a{,3}$", "a{,3}", true)]
    [InlineData("^🐱+$", "🐱🐱", true)]
    [InlineData(@"\Aa\z", "a", true)]
    public void Pattern_OfRe2_MeansTheSame(string pattern, string text, bool matches)
    {
        Assert.True(Re2.TryCompile(pattern, out var regex, out var error), error);
        Assert.Equal(matches, regex.IsMatch(text));
    }

    [Theory]
    [InlineData("(")]
    [InlineData("a)")]
    [InlineData("[a")]
    [InlineData("[b-a]")]
    [InlineData("*")]
    [InlineData("a**")]
    [InlineData("(?=a)")]
    [InlineData("(?<!a)b")]
    [InlineData("(?>a)")]
    [InlineData(@"(a)\1")]
    [InlineData(@"\k<a>")]
    [InlineData(@"\Z")]
    [InlineData(@"\")]
    [InlineData(@"\x{110000}")]
    [InlineData("[[:nope:]]")]
    [InlineData("a{1001}")]
    [InlineData("(?x) a")]
    public void Pattern_ThatRe2Refuses_IsRefused(string pattern)
    {
        Assert.False(Re2.TryCompile(pattern, out _, out var error));
        Assert.StartsWith("error parsing regexp: ", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://example.com", "https", "example.com", "")]
    [InlineData("HTTP://Example.com:8080/x?y#z", "http", "Example.com:8080", "/x")]
    [InlineData("/only/path", "", "", "/only/path")]
    [InlineData("//host/path", "", "", "//host/path")]
    [InlineData("oci://reg/img:tag", "oci", "reg", "/img:tag")]
    [InlineData("mailto:a@b", "mailto", "", "")]
    [InlineData("http://[fe80::1%25en0]:80/", "http", "[fe80::1%en0]:80", "/")]
    [InlineData("http://u:p@h/", "http", "h", "/")]
    public void Url_Absolute_IsTakenApart(string text, string scheme, string host, string path)
    {
        var url = GoUrl.Parse(text);
        Assert.NotNull(url);
        Assert.Equal((scheme, host, path), (url.Scheme, url.Host, url.RawPath));
    }

    [Theory]
    [InlineData("")]
    [InlineData("relative")]
    [InlineData("../up")]
    [InlineData("docker.io/a:latest")]
    [InlineData("http://a b/")]
    [InlineData("http://h:port/")]
    [InlineData("http://[::1/")]
    [InlineData("http://h/%zz")]
    [InlineData("http://a%41/")]
    [InlineData(":missing")]
    [InlineData("http://h/\u0001")]
    [InlineData("1http://h/")]
    public void Url_Other_IsRefused(string text) => Assert.Null(GoUrl.Parse(text));

    [Fact]
    public void Pattern_WithACatastrophicShape_AnswersAllTheSame()
    {
        Assert.True(Re2.TryCompile("^(([a-z])+.)+[A-Z]([a-z])+$", out var regex, out _));
        Assert.DoesNotMatch(regex, new string('a', 200_000));
    }
}
