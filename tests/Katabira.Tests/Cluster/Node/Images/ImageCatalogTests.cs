using Katabira.Cluster.Node.Containers;
using Katabira.Cluster.Node.Images;
using Katabira.Tests.Cluster.Access;
using Xunit;

namespace Katabira.Tests.Cluster.Node.Images;

public sealed class ImageCatalogTests : IDisposable
{
    private readonly TemporaryFolder _home = new();
    private readonly TemporaryFolder _product = new();

    public void Dispose()
    {
        _home.Dispose();
        _product.Dispose();
    }

    [Fact]
    public void Load_EmptyHome_HasTheProductsImages()
    {
        File.WriteAllText(Path.Combine(_product.Path, "katabira-proxy"), "");
        var version = BuiltInImages.Version;

        var catalog = Load();

        Assert.Equal(["host", $"katabira/boutique:{version}", $"katabira/katabira:{version}", $"katabira/proxy:{version}", "redis:alpine"], catalog.All.Select(i => i.Name));
        Assert.Null(catalog.Find($"katabira/proxy:{version}")!.Missing);
        Assert.Contains("no program boutique", catalog.Find($"katabira/boutique:{version}")!.Missing, StringComparison.Ordinal);
        Assert.Equal(["host"], catalog.All.Where(i => i.NeedsClusterAdmin).Select(i => i.Name));
        Assert.Empty(catalog.Problems);
    }

    [Theory]
    [InlineData("docker.io/library/redis:alpine", "redis:alpine")]
    [InlineData("host", "host")]
    [InlineData("host:latest", "host")]
    [InlineData("redis", null)]
    [InlineData("redis:7", null)]
    [InlineData("registry.example/redis:alpine", null)]
    [InlineData("UPPER", null)]
    public void Find_Name_IsTheEntryOrNothing(string image, string? expected) => Assert.Equal(expected, Load().Find(image)?.Name);

    [Fact]
    public void Load_UsersFiles_AddAndReplace()
    {
        Write("echo.yaml", "name: me/echo:1\ncommand: [/usr/bin/perl, echo.pl]\nargs: [\"8080\"]\nenv: { LEVEL: debug }\nuser: 1000\ngroup: 1001\nworkingDir: /srv\nfiles:\n- source: /opt/echo\n  target: /srv\n- { source: /x, target: /y, writable: true }\n");
        Write("redis.json", """{"name": "redis:alpine", "command": ["/usr/bin/my-redis"]}""");
        Write("notes.txt", "not an image");

        var catalog = Load();
        var echo = catalog.Find("me/echo:1")!;

        Assert.Empty(catalog.Problems);
        Assert.Equal(["/usr/bin/perl", "echo.pl"], echo.Command);
        Assert.Equal(["8080"], echo.Arguments);
        Assert.Contains("LEVEL=debug", echo.Environment);
        Assert.Equal((new ImageUser(1000, 1001), "/srv"), (echo.User, echo.WorkingFolder));
        Assert.Equal([("/opt/echo", "/srv", true), ("/x", "/y", false)], echo.Mounts.Select(m => (m.Source!, m.Target, m.ReadOnly)));
        Assert.Equal(["/usr/bin/my-redis"], catalog.Find("redis:alpine")!.Command);
        Assert.Single(catalog.All, i => i.Name == "redis:alpine");
    }

    [Theory]
    [InlineData("name: a\ncommand: [x]\ncomand: [y]", "comand is unknown; there are name, description, command")]
    [InlineData("command: [x]", "name is required")]
    [InlineData("name: A\ncommand: [x]", "name invalid reference format: repository name must be lowercase")]
    [InlineData("name: a", "command is required")]
    [InlineData("name: a\ncommand: x", "command must be a list")]
    [InlineData("name: a\ncommand: [x, 8080]", "command[1] must be a text: put it in quotes")]
    [InlineData("name: a\ncommand: [x]\nenv: { A: 1 }", "env.A must be a text: put it in quotes")]
    [InlineData("name: a\ncommand: [x]\nenv: [A]", "env must be a map")]
    [InlineData("name: a\ncommand: [x]\nuser: root", "user must be a number")]
    [InlineData("name: a\ncommand: [x]\nuser: -1", "user must be a number")]
    [InlineData("name: a\ncommand: [x]\nworkingDir: srv", "workingDir must be an absolute path without ..")]
    [InlineData("name: a\ncommand: [x]\nfiles: [{ source: /a/../../etc, target: /x }]", "files[0].source must be an absolute path without ..")]
    [InlineData("name: a\ncommand: [x]\nfiles: [{ source: /a, to: /x }]", "files[0].to is unknown")]
    [InlineData("name: a\ncommand: [x]\nfiles: [{ source: /a, to: /x }]", "files[0].target is required")]
    [InlineData("name: a\ncommand: [x]\nfiles: [{ source: /a, target: /x, writable: 1 }]", "files[0].writable must be true or false")]
    [InlineData("[]", "the file must hold one image")]
    [InlineData("", "the file must hold one image")]
    [InlineData("{ name: a", "error converting YAML to JSON")]
    public void Load_FileWithAMistake_IsNamedWithItsField(string content, string expected)
    {
        Write("mine.yaml", content);

        var catalog = Load();

        Assert.Contains(catalog.Problems, p => p.StartsWith($"{_home.Path}/images/mine.yaml: {expected}", StringComparison.Ordinal));
        Assert.Equal(5, catalog.All.Length);
    }

    [Fact]
    public void Load_HugeFile_IsNotRead()
    {
        Write("big.json", new string(' ', 70_000));

        Assert.Contains("larger than 65536 bytes", Load().Problems.Single(), StringComparison.Ordinal);
    }

    [Fact]
    public void Id_OfAnEntry_FollowsItsContent()
    {
        var image = Requests("a");

        Assert.Equal(image.Id, Requests("a").Id);
        Assert.Matches("^sha256:[0-9a-f]{64}$", image.Id);
        Assert.NotEqual(image.Id, Requests("b").Id);
        Assert.NotEqual((image with { Command = ["a", "b"] }).Id, (image with { Command = ["ab"] }).Id);
    }

    [Fact]
    public void Decide_Image_IsItOrTheReason()
    {
        var catalog = Load();

        Assert.Equal("host", ImageChoice.Decide("host", "Always", catalog, _ => true).Image!.Name);
        Assert.Equal(
            new ContainerRefusal("InvalidImageName", "Failed to apply default image tag \"A:b\": couldn't parse image name \"A:b\": invalid reference format: repository name must be lowercase"),
            ImageChoice.Decide("A:b", "Always", catalog, _ => true).Refusal);
        var unknown = ImageChoice.Decide("nginx", "Always", catalog, _ => true).Refusal!;
        Assert.Equal("ErrImagePull", unknown.Reason);
        Assert.Contains("nginx:latest is not in the image catalogue, which holds host, redis:alpine.", unknown.Message, StringComparison.Ordinal);
        Assert.Equal("ErrImagePull", ImageChoice.Decide($"katabira/proxy:{BuiltInImages.Version}", "Always", catalog, _ => true).Refusal!.Reason);
        Assert.Equal(
            new ContainerRefusal("ErrImageNeverPull", "Container image \"nginx\" is not present with pull policy of Never"),
            ImageChoice.Decide("nginx", "Never", catalog, _ => true).Refusal);
        Assert.Equal("ErrImageNeverPull", ImageChoice.Decide("redis:alpine", "Never", catalog, _ => false).Refusal!.Reason);
        Assert.Null(ImageChoice.Decide("redis:alpine", "IfNotPresent", catalog, _ => false).Refusal);
    }

    private static CatalogImage Requests(string command) => new() { Name = "x", Description = "", Command = [command] };

    private ImageCatalog Load() => ImageCatalog.Load(_home.Path, _product.Path);

    private void Write(string name, string text)
    {
        Directory.CreateDirectory(Path.Combine(_home.Path, "images"));
        File.WriteAllText(Path.Combine(_home.Path, "images", name), text);
    }
}
