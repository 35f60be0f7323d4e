using Katabira.Cli;
using Katabira.Cli.Clusters.Kubeconfigs;
using Katabira.Tests.Cluster.Access;
using Xunit;

namespace Katabira.Tests.Cli.Clusters;

[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class KubeconfigFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(null, "/h/.kube/config")]
    [InlineData("", "/h/.kube/config")]
    [InlineData(":", "/h/.kube/config")]
    [InlineData("/a", "/a")]
    [InlineData("/a:/b", "/a")]
    [InlineData(":/b", "/b")]
    public void Path_OfThePersonsFile_IsWhereKubectlWrites(string? variable, string expected) =>
        Assert.Equal(expected, KubeconfigFile.Of(CommandLineRun.Around(("HOME", "/h"), ("KUBECONFIG", variable))).Path);

    [Fact]
    public void Change_NoFile_MakesItAndItsFolderForTheOwnerOnly()
    {
        var path = In("new/config");

        Assert.False(new KubeconfigFile(path).Change(Touch));

        Assert.Contains("current-context: touched\n", File.ReadAllText(path), StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(In("new")));
        Assert.Equal([path], Directory.EnumerateFiles(In("new")));
    }

    [Fact]
    public void Change_FileOthersMayRead_BecomesPrivate()
    {
        var path = In("config");
        File.WriteAllText(path, "kind: Config\n");
        File.SetUnixFileMode(path, (UnixFileMode)0b110_100_100);

        Assert.True(new KubeconfigFile(path).Change(Touch));

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Change_Symlinks_StaySo(bool targetExists)
    {
        Directory.CreateDirectory(In("dotfiles"));
        File.CreateSymbolicLink(In("config"), "second");
        File.CreateSymbolicLink(In("second"), "dotfiles/config");
        if (targetExists)
        {
            File.WriteAllText(In("dotfiles/config"), "kind: Config\n");
        }

        new KubeconfigFile(In("config")).Change(Touch);

        Assert.Equal("second", new FileInfo(In("config")).LinkTarget);
        Assert.Equal("dotfiles/config", new FileInfo(In("second")).LinkTarget);
        Assert.Contains("touched", File.ReadAllText(In("dotfiles/config")), StringComparison.Ordinal);
        Assert.Single(Directory.EnumerateFiles(In("dotfiles")));
    }

    [Theory]
    [InlineData("a: [")]
    [InlineData("[]")]
    [InlineData("a: 1\n---\nb: 2\n")]
    public void Change_FileMakesNoSense_IsLeftAloneAndNamed(string text)
    {
        File.WriteAllText(In("config"), text);

        var refusal = Assert.Throws<Refusal>(() => new KubeconfigFile(In("config")).Change(Touch));

        Assert.StartsWith($"{In("config")} is left alone: ", refusal.Message, StringComparison.Ordinal);
        Assert.NotEmpty(refusal.Hints);
        Assert.Equal(text, File.ReadAllText(In("config")));
        Assert.Single(Directory.EnumerateFiles(_folder.Path));
    }

    [Fact]
    public void Change_KubectlIsWriting_IsRefused()
    {
        File.WriteAllText(In("config.lock"), "");

        var refusal = Assert.Throws<Refusal>(() => new KubeconfigFile(In("config")).Change(Touch));

        Assert.Contains("being written by another program", refusal.Message, StringComparison.Ordinal);
        Assert.True(File.Exists(In("config.lock")));
        Assert.False(File.Exists(In("config")));
    }

    [Fact]
    public void Change_NothingToDo_WritesNothing()
    {
        File.WriteAllText(In("config"), "kind:   Config # as it is\n");

        new KubeconfigFile(In("config")).Change(_ => Outcome.Keep);

        Assert.Equal("kind:   Config # as it is\n", File.ReadAllText(In("config")));
    }

    private static Outcome Touch(Kubeconfig kubeconfig)
    {
        kubeconfig.Use("touched");
        return Outcome.Write;
    }

    private string In(string name) => Path.Combine(_folder.Path, name);
}
