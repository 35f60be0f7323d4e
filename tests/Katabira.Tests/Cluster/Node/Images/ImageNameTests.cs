using Katabira.Cluster.Node.Images;
using Xunit;

namespace Katabira.Tests.Cluster.Node.Images;

public class ImageNameTests
{
    private const string Digest = "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

    [Theory]
    [InlineData("redis", "redis:latest")]
    [InlineData("redis:alpine", "redis:alpine")]
    [InlineData("library/redis:alpine", "redis:alpine")]
    [InlineData("docker.io/redis:alpine", "redis:alpine")]
    [InlineData("docker.io/library/redis:alpine", "redis:alpine")]
    [InlineData("index.docker.io/library/redis", "redis:latest")]
    [InlineData("docker.io/katabira/proxy:1", "katabira/proxy:1")]
    [InlineData("registry.example:5000/a/b:v1.2_x-3", "registry.example:5000/a/b:v1.2_x-3")]
    [InlineData("localhost/a", "localhost/a:latest")]
    [InlineData("host:5000/a", "host:5000/a:latest")]
    [InlineData("redis:alpine@" + Digest, "redis:alpine")]
    [InlineData("redis@" + Digest, "redis@" + Digest)]
    [InlineData("a__b.c-d---e", "a__b.c-d---e:latest")]
    public void Parse_Name_IsTheCataloguesForm(string text, string expected)
    {
        Assert.Equal(expected, ImageName.Parse(text, out var error).ToString());
        Assert.Equal("", error);
    }

    [Theory]
    [InlineData("", "invalid reference format")]
    [InlineData(" redis", "invalid reference format")]
    [InlineData("redis:", "invalid reference format")]
    [InlineData("redis:a b", "invalid reference format")]
    [InlineData("-redis", "invalid reference format")]
    [InlineData("a//b", "invalid reference format")]
    [InlineData("a/../b", "invalid reference format")]
    [InlineData("redis@sha256:xyz", "invalid reference format")]
    [InlineData("redis:alpine\n", "invalid reference format")]
    [InlineData("Redis", "invalid reference format: repository name must be lowercase")]
    [InlineData("docker.io/Library/redis:alpine", "invalid reference format: repository name must be lowercase")]
    public void Parse_Nonsense_SaysWhatIsWrong(string text, string expected)
    {
        Assert.Null(ImageName.Parse(text, out var error));
        Assert.Equal(expected, error);
    }

    [Fact]
    public void Parse_VeryLong_EndsSoon()
    {
        Assert.Null(ImageName.Parse(new string('a', 300), out var error));
        Assert.Equal("repository name must not be more than 255 characters", error);
        Assert.Null(ImageName.Parse(new string('-', 1_000_000), out _));
        Assert.Null(ImageName.Parse(string.Concat(Enumerable.Repeat("a-", 250)) + "!", out _));
    }
}
