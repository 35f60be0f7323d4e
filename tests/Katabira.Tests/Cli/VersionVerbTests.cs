using System.Text.Json;
using Xunit;
using YamlDotNet.Serialization;

namespace Katabira.Tests.Cli;

public class VersionVerbTests
{
    [Fact]
    public async Task Version_EveryFormat_SaysTheSame()
    {
        var json = JsonSerializer.Deserialize<Dictionary<string, string>>((await CommandLineRun.OfAsync("version", "-o", "json")).Output)!;
        var yaml = new Deserializer().Deserialize<Dictionary<string, string>>((await CommandLineRun.OfAsync("version", "--output", "yaml")).Output);
        var table = (await CommandLineRun.OfAsync("version")).Output.TrimEnd('\n').Split('\n').Select(line => line.Split("   ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).ToList();

        Assert.Equal(["katabira", "runtime", "platform"], json.Keys);
        Assert.Equal(json, yaml);
        Assert.Equal(json.Keys.Select(k => k.ToUpperInvariant()), table[0]);
        Assert.Equal(json.Values, table[1]);
    }

    [Fact]
    public async Task Version_OfTheProduct_IsPlain()
    {
        var report = JsonDocument.Parse((await CommandLineRun.OfAsync("version", "-o", "json")).Output).RootElement;

        Assert.Matches(@"^\d+\.\d+\.\d+$", report.GetProperty("katabira").GetString()!);
        Assert.StartsWith(".NET 10.", report.GetProperty("runtime").GetString(), StringComparison.Ordinal);
    }
}
