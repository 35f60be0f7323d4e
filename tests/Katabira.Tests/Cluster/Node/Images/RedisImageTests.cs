using System.Diagnostics;
using Katabira.Cluster.Node.Images;
using Katabira.Tests.Cluster.Access;
using Xunit;

namespace Katabira.Tests.Cluster.Node.Images;

public sealed class RedisImageTests : IDisposable
{
    private readonly TemporaryFolder _home = new();

    public void Dispose() => _home.Dispose();

    [Theory]
    [InlineData("", "--protected-mode no")]
    [InlineData("--save 60", "--protected-mode no --save 60")]
    [InlineData("--protected-mode yes", "--protected-mode no --protected-mode yes")]
    [InlineData("/etc/redis.conf --port 1", "/etc/redis.conf --protected-mode no --port 1")]
    [InlineData("- --port 1", "--protected-mode no - --port 1")]
    [InlineData("--version", "--version")]
    public async Task Server_Arguments_AreThoseOfTheImage(string arguments, string expected) => Assert.Equal(expected, await RunAsync("redis-server", arguments));

    [Theory]
    [InlineData("redis-server", "--protected-mode no")]
    [InlineData("redis-server --port 1", "--protected-mode no --port 1")]
    [InlineData("--port 1", "--protected-mode no --port 1")]
    [InlineData("/etc/redis.conf", "/etc/redis.conf --protected-mode no")]
    [InlineData("echo hello", "hello")]
    public async Task EntryPoint_Arguments_AreOptionsOrACommand(string arguments, string expected) => Assert.Equal(expected, await RunAsync("entrypoint", arguments));

    [Fact]
    public async Task EnsureAsync_ImageWithoutPackage_NeedsNothing()
    {
        var told = new List<string>();
        var store = new PackageStore(_home.Path, told.Add);
        var image = new CatalogImage { Name = "x", Description = "", Command = ["x"] };

        Assert.True(store.IsUnpacked(image));
        await store.EnsureAsync(image, TestContext.Current.CancellationToken);

        Assert.Empty(told);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_home.Path));
    }

    [Fact]
    public async Task EnsureAsync_UnpackedPackage_IsNotDownloadedAgain()
    {
        var told = new List<string>();
        var store = new PackageStore(_home.Path, told.Add);
        var image = RedisImage.Make(_home.Path) with { Package = RedisImage.Package };
        Assert.False(store.IsUnpacked(image));
        Directory.CreateDirectory(Path.Combine(PackageStore.FolderOf(_home.Path, RedisImage.Package), PackageStore.Files));

        await store.EnsureAsync(image, TestContext.Current.CancellationToken);

        Assert.True(store.IsUnpacked(image));
        Assert.Empty(told);
        Assert.True(File.Exists(Path.Combine(PackageStore.FolderOf(_home.Path, RedisImage.Package), "image/entrypoint")));
    }

    /// <summary>With a program in the server's place that says what it was given.</summary>
    private async Task<string> RunAsync(string script, string arguments)
    {
        RedisImage.WriteScripts(_home.Path, RedisImage.Make(_home.Path) with { Package = null });
        var folder = Path.Combine(PackageStore.FolderOf(_home.Path, RedisImage.Package), "image");
        var server = Path.Combine(folder, "redis-server");
        var echo = Path.Combine(_home.Path, "echo");
        File.WriteAllText(echo, "#!/bin/sh\necho \"$*\"\n");
        File.SetUnixFileMode(echo, File.GetUnixFileMode(server));
        File.WriteAllText(server, File.ReadAllText(server).Replace("/usr/bin/redis-server", echo, StringComparison.Ordinal));
        var start = new ProcessStartInfo("/bin/sh", [Path.Combine(folder, script), .. arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries)]) { RedirectStandardOutput = true };
        start.Environment["PATH"] = $"{folder}:/usr/bin:/bin";
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return output.TrimEnd('\n');
    }
}
