namespace Katabira.Cli.Clusters.Kubeconfigs;

/// <summary>What a kubeconfig says about one cluster: where it is, whom to trust there, and who one is.</summary>
/// <param name="Cluster">The body of an entry of <c>clusters</c>.</param>
/// <param name="User">The body of an entry of <c>users</c>.</param>
internal sealed record ClusterCredentials(YamlTree Cluster, YamlTree User)
{
    /// <summary>Those of the current context.</summary>
    /// <exception cref="FormatException">The text is no kubeconfig with a current context that leads to both.</exception>
    public static ClusterCredentials Parse(string text)
    {
        var root = YamlTree.Parse(text);
        var context = Body(root, Kubeconfig.Contexts, "context", root?["current-context"]?.Text);
        return new(
            Body(root, Kubeconfig.Clusters, "cluster", context["cluster"]?.Text),
            Body(root, Kubeconfig.Users, "user", context["user"]?.Text));
    }

    private static YamlTree Body(YamlTree? root, string list, string kind, string? name) =>
        root?[list]?.Children.FirstOrDefault(entry => name is not null && entry["name"]?.Text == name)?[kind] is { IsMap: true } body
            ? body
            : throw new FormatException($"its {list} lack '{name}'");
}
