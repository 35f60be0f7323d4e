using Katabira.Cli.Clusters;
using Katabira.Cli.Clusters.Kubeconfigs;
using Katabira.Tests.Support;
using Xunit;

namespace Katabira.Tests.Cli.Clusters;

public class KubeconfigTests
{
    private const string Administrator = """
        apiVersion: v1
        kind: Config
        clusters:
        - name: local
          cluster: {server: "https://127.0.0.1:6443", certificate-authority-data: QUJD}
        users:
        - name: admin
          user: {client-certificate-data: REVG, client-key-data: R0hJ}
        contexts:
        - name: local
          context: {cluster: local, user: admin}
        current-context: local
        """;

    private const string Somebody = """
        apiVersion: v1
        kind: Config
        preferences: {colors: true}
        future: [1, "2", yes]
        clusters:
        - name: prod
          cluster: {server: "https://prod", odd: "0123", extensions: [{name: x, extension: {a: 1}}]}
        users:
        - name: prod
          user: {exec: {command: aws, args: [eks, get-token]}}
        contexts:
        - name: prod
          context: {cluster: prod, user: prod, namespace: web}
        current-context: prod
        """;

    private static readonly ClusterHome s_home = new("/home/u/.katabira");

    private static readonly ClusterHome s_otherHome = new("/home/u/other");

    [Theory]
    [InlineData("")]
    [InlineData("# nothing but a remark\n")]
    [InlineData("---\n")]
    [InlineData("null\n")]
    [InlineData("{}")]
    [InlineData("apiVersion: v1\nkind: Config\nclusters: null\nusers:\ncontexts: []\n")]
    public void Merge_IntoNothing_HoldsTheClusterUnderItsName(string before)
    {
        var root = YamlJson.Parse(Merged(before, out var name));

        Assert.Equal("katabira", name);
        Assert.Equal("katabira", root.GetProperty("clusters")[0].GetProperty("name").GetString());
        Assert.Equal("https://127.0.0.1:6443", root.GetProperty("clusters")[0].GetProperty("cluster").GetProperty("server").GetString());
        Assert.Equal("R0hJ", root.GetProperty("users")[0].GetProperty("user").GetProperty("client-key-data").GetString());
        var context = root.GetProperty("contexts")[0];
        Assert.Equal("katabira", context.GetProperty("context").GetProperty("cluster").GetString());
        Assert.Equal("katabira", context.GetProperty("context").GetProperty("user").GetString());
        Assert.Equal("/home/u/.katabira", context.GetProperty("context").GetProperty("extensions")[0].GetProperty("extension").GetProperty("home").GetString());
    }

    [Fact]
    public void Merge_IntoSomebodysFile_KeepsAllThatWasThere()
    {
        var before = YamlJson.Parse(Somebody);
        var after = YamlJson.Parse(Merged(Somebody, out _));

        Assert.Equal(before.GetProperty("preferences").GetRawText(), after.GetProperty("preferences").GetRawText());
        Assert.Equal(before.GetProperty("future").GetRawText(), after.GetProperty("future").GetRawText());
        foreach (var list in (string[])["clusters", "users", "contexts"])
        {
            Assert.Equal(2, after.GetProperty(list).GetArrayLength());
            Assert.Equal(before.GetProperty(list)[0].GetRawText(), after.GetProperty(list)[0].GetRawText());
        }
        // Making it current is another step.
        Assert.Equal("prod", after.GetProperty("current-context").GetString());
    }

    [Fact]
    public void Merge_Twice_IsTheSameAsOnce()
    {
        var once = Merged(Somebody, out _);

        Assert.Equal(once, Merged(once, out _));
    }

    [Theory]
    [InlineData("clusters:\n- name: katabira\n  cluster: {server: x}\n")]
    [InlineData("users:\n- name: katabira\n  user: {}\n")]
    [InlineData("contexts:\n- name: katabira\n  context: null\n")]
    [InlineData("contexts:\n- name: katabira\n")]
    public void Merge_NameIsSomebodyElses_TakesTheHomesMarkToo(string before)
    {
        var after = Merged(before, out var name);

        Assert.Equal($"katabira-{s_home.Mark}", name);
        Assert.Equal(name, Merged(after, out _) == after ? name : "another on the second time");
        Assert.Contains("name: katabira\n", after, StringComparison.Ordinal);
    }

    [Fact]
    public void Merge_OfTwoHomes_KeepsBoth()
    {
        var kubeconfig = Kubeconfig.Parse("");

        var first = kubeconfig.Merge(ClusterCredentials.Parse(Administrator), "katabira", s_home);
        var second = kubeconfig.Merge(ClusterCredentials.Parse(Administrator), "katabira", s_otherHome);

        Assert.Equal(("katabira", $"katabira-{s_otherHome.Mark}"), (first, second));
        Assert.True(kubeconfig.Remove(s_home, previous: null));
        Assert.False(kubeconfig.Holds(s_home));
        Assert.True(kubeconfig.Holds(s_otherHome));
    }

    [Theory]
    [InlineData("prod", "prod", "prod")] // the way back
    [InlineData("gone", "katabira", "")] // what was before is no longer there
    [InlineData(null, "katabira", "")] // there was nothing before
    [InlineData("prod", "other", "other")] // somebody has moved on meanwhile
    public void Remove_CurrentContext_GoesBackIfItWasOurs(string? previous, string current, string expected)
    {
        var kubeconfig = Kubeconfig.Parse(Merged(Somebody, out _));
        kubeconfig.Use(current == "prod" ? "katabira" : current);

        kubeconfig.Remove(s_home, previous);

        Assert.Equal(expected.Length == 0 ? null : expected, kubeconfig.CurrentContext);
    }

    [Fact]
    public void Remove_NothingOfOurs_ChangesNothing()
    {
        var kubeconfig = Kubeconfig.Parse(Somebody.Replace("prod", "katabira", StringComparison.Ordinal));
        var before = kubeconfig.Write();

        Assert.False(kubeconfig.Remove(s_home, "x"));
        Assert.Equal(before, kubeconfig.Write());
    }

    [Theory]
    [InlineData("[]", "it is not a map")]
    [InlineData("text", "it is not a map")]
    [InlineData("clusters: {}", "its clusters are not a list")]
    [InlineData("users: x", "its users are not a list")]
    [InlineData("a: 1\n---\nb: 2\n", "it holds more than one document")]
    [InlineData("a: [1\n", "line ")]
    [InlineData("a: 'x\n", "line ")]
    public void Parse_NoKubeconfig_SaysWhy(string text, string why) =>
        Assert.StartsWith(why, Assert.Throws<FormatException>(() => Kubeconfig.Parse(text)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("", true)]
    [InlineData("apiVersion: v1\nkind: Config\nclusters: []\nusers: []\ncontexts: []\npreferences: {}\ncurrent-context: \"\"\n", true)]
    [InlineData("current-context: x\n", false)]
    [InlineData("preferences: {colors: true}\n", false)]
    [InlineData("extensions: []\n", false)]
    [InlineData(Somebody, false)]
    public void IsEmpty_OfAFile_IsTrueOnlyIfItSaysNothing(string text, bool expected) => Assert.Equal(expected, Kubeconfig.Parse(text).IsEmpty);

    [Theory]
    [InlineData("current-context: local\n", "its contexts lack 'local'")]
    [InlineData("contexts: []\n", "its contexts lack ''")]
    [InlineData("contexts: [{name: a, context: {cluster: b}}]\ncurrent-context: a\n", "its clusters lack 'b'")]
    public void Credentials_OfAnIncompleteKubeconfig_SayWhatIsMissing(string text, string why) =>
        Assert.Equal(why, Assert.Throws<FormatException>(() => ClusterCredentials.Parse(text)).Message);

    private static string Merged(string before, out string name)
    {
        var kubeconfig = Kubeconfig.Parse(before);
        name = kubeconfig.Merge(ClusterCredentials.Parse(Administrator), "katabira", s_home);
        return kubeconfig.Write();
    }
}
