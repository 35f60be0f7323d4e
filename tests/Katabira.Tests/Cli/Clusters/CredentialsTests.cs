using Katabira.Cli.Clusters;
using Katabira.Cli.Clusters.Kubeconfigs;
using Katabira.Tests.Cluster.Access;
using Katabira.Tests.Support;
using Xunit;

namespace Katabira.Tests.Cli.Clusters;

public sealed class CredentialsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ClusterHome _home;
    private readonly string _config;

    public CredentialsTests()
    {
        _home = new ClusterHome(Path.Combine(_folder.Path, "home"));
        _home.Prepare();
        _config = Path.Combine(_folder.Path, "config");
        WriteCertificate("first");
        new ClusterRecord("katabira", null, null, 6443, DateTimeOffset.UnixEpoch).Write(_home);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void MergeThenRemove_NoKubeconfigBefore_LeavesNone()
    {
        Credentials.Merge(Record);
        Assert.Equal("katabira", Current);

        Credentials.Remove(Record);

        Assert.False(File.Exists(_config));
    }

    [Fact]
    public void MergeThenRemove_FileBecameSomebodysToo_StaysWithoutOurs()
    {
        Credentials.Merge(Record);
        File.AppendAllText(_config, "theirs: 1\n");

        Credentials.Remove(Record);

        Assert.Equal(1, YamlJson.Parse(File.ReadAllText(_config)).GetProperty("theirs").GetInt32());
        Assert.DoesNotContain("katabira", File.ReadAllText(_config), StringComparison.Ordinal);
    }

    [Fact]
    public void MergeTwice_AnotherContextBefore_GoesBackToThatOne()
    {
        File.WriteAllText(_config, "contexts: [{name: prod, context: {cluster: c, user: u}}]\ncurrent-context: prod\n");

        Credentials.Merge(Record);
        Credentials.Merge(Record);
        Credentials.Remove(Record);

        Assert.Equal("prod", Current);
    }

    [Fact]
    public void Merge_AgainAfterSomebodyMovedOn_GoesBackToTheLastOne()
    {
        File.WriteAllText(_config, "contexts: [{name: a, context: {}}, {name: b, context: {}}]\ncurrent-context: a\n");

        Credentials.Merge(Record);
        File.WriteAllText(_config, File.ReadAllText(_config).Replace("current-context: katabira", "current-context: b", StringComparison.Ordinal));
        Credentials.Merge(Record);
        Credentials.Remove(Record);

        Assert.Equal("b", Current);
    }

    [Fact]
    public void Refresh_NewCertificate_ReachesTheFileAndLeavesTheCurrentContext()
    {
        Credentials.Merge(Record);
        File.WriteAllText(_config, File.ReadAllText(_config).Replace("current-context: katabira", "current-context: other", StringComparison.Ordinal));
        WriteCertificate("second");

        Credentials.Refresh(Record);

        Assert.Contains("second", File.ReadAllText(_config), StringComparison.Ordinal);
        Assert.DoesNotContain("first", File.ReadAllText(_config), StringComparison.Ordinal);
        Assert.Equal("other", Current);
    }

    [Fact]
    public void Refresh_ContextWasTakenOut_DoesNotBringItBack()
    {
        Credentials.Merge(Record);
        File.WriteAllText(_config, "kind: Config\n");

        Credentials.Refresh(Record);

        Assert.Equal("kind: Config\n", File.ReadAllText(_config));
    }

    private Credentials Credentials => new(_home, CommandLineRun.Around(("KUBECONFIG", _config)));

    private ClusterRecord Record => ClusterRecord.Read(_home)!;

    private string? Current => Kubeconfig.Parse(File.ReadAllText(_config)).CurrentContext;

    private void WriteCertificate(string token) => File.WriteAllText(_home.Kubeconfig,
        $"{{clusters: [{{name: c, cluster: {{server: s}}}}], users: [{{name: u, user: {{token: {token}}}}}], contexts: [{{name: x, context: {{cluster: c, user: u}}}}], current-context: x}}");
}
