using System.Text.Json;
using Katabira.Tests.Cluster.Access;
using Xunit;

namespace Katabira.Tests.Cli;

public sealed class ImageVerbTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task List_OfAnEmptyHome_HasWhatComesWithTheProduct()
    {
        var table = await RunAsync("image", "list");
        var json = JsonDocument.Parse((await RunAsync("image", "list", "-o", "json")).Output).RootElement;

        Assert.Equal((0, ""), (table.ExitCode, table.Error));
        Assert.Equal(["NAME", "AVAILABLE", "DESCRIPTION"], table.Output.Split('\n')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Matches(@"(?m)^host +to administrators +any program of this machine", table.Output);
        Assert.Contains("redis:alpine", json.EnumerateArray().Select(i => i.GetProperty("name").GetString()));
        Assert.Equal(
            ["name", "available", "description", "command", "needsClusterAdmin", "package", "missing"], json[0].EnumerateObject().Select(p => p.Name));
    }

    [Fact]
    public async Task List_OfAHomeWithABrokenEntry_SaysWhichAndShowsTheRest()
    {
        var images = Directory.CreateDirectory(Path.Combine(_folder.Path, "images")).FullName;
        File.WriteAllText(Path.Combine(images, "broken.json"), "{");

        var run = await RunAsync("image", "list");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("broken.json: ", run.Error, StringComparison.Ordinal);
        Assert.Contains("redis:alpine", run.Output, StringComparison.Ordinal);
    }

    private Task<CommandLineRun> RunAsync(params string[] args) => CommandLineRun.InAsync(CommandLineRun.Around(("KATABIRA_HOME", _folder.Path)), args);
}
