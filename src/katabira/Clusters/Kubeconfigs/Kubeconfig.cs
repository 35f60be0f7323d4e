namespace Katabira.Cli.Clusters.Kubeconfigs;

/// <summary>
/// A kubeconfig, changed where we mean to and nowhere else. What is ours carries an extension that names the home it came from, so that it is found
/// again whatever it is called, and nothing of anybody else's is ever touched.
/// </summary>
/// <remarks>Kubeconfigs as kubectl's client-go v1 reads them: <c>clusters</c>, <c>users</c> and <c>contexts</c> are lists of named entries, each of which may carry <c>extensions</c>.</remarks>
internal sealed class Kubeconfig
{
    public const string Clusters = "clusters";
    public const string Users = "users";
    public const string Contexts = "contexts";

    private const string Extension = "katabira";

    private static readonly string[] s_lists = [Clusters, Users, Contexts];

    private readonly YamlTree _root;

    private Kubeconfig(YamlTree root) => _root = root;

    /// <summary>Null if none is set.</summary>
    public string? CurrentContext => _root["current-context"] is { IsNull: false, Text: { Length: > 0 } name } ? name : null;

    /// <summary>Whether it holds no cluster, user or context, nor anything that kubectl does not put into an empty one.</summary>
    public bool IsEmpty =>
        s_lists.All(list => Entries(list).Count == 0)
        && CurrentContext is null
        && _root["preferences"] is null or { Children.Count: 0 }
        && _root.Keys.All(key => s_lists.Contains(key) || key is "apiVersion" or "kind" or "preferences" or "current-context");

    /// <summary>What a text holds; a new one if that is nothing.</summary>
    /// <exception cref="FormatException">It is no kubeconfig. The message says why, after the name of the file.</exception>
    public static Kubeconfig Parse(string text)
    {
        var root = YamlTree.Parse(text);
        if (root is null || root.IsNull)
        {
            root = YamlTree.Map(("apiVersion", YamlTree.Of("v1")), ("kind", YamlTree.Of("Config")));
        }
        if (!root.IsMap)
        {
            throw new FormatException("it is not a map");
        }
        foreach (var list in s_lists)
        {
            if (root[list] is { IsNull: false, IsList: false })
            {
                throw new FormatException($"its {list} are not a list");
            }
        }
        return new(root);
    }

    /// <summary>Takes in the credentials of a cluster, in the place of those that this home had here before.</summary>
    /// <returns>What the context is called: as the cluster, unless somebody else's entry is; then the home's mark follows.</returns>
    public string Merge(ClusterCredentials credentials, string cluster, ClusterHome home)
    {
        var isTaken = s_lists.Any(list => Entries(list).Any(e => NameOf(e) == cluster && !IsOf(e, list, home)));
        var name = isTaken ? $"{cluster}-{home.Mark}" : cluster;
        Put(Clusters, name, home, Copy(credentials.Cluster));
        Put(Users, name, home, Copy(credentials.User));
        Put(Contexts, name, home, YamlTree.Map(("cluster", YamlTree.Of(name)), ("user", YamlTree.Of(name))));
        return name;
    }

    /// <summary>Makes a context the one that kubectl uses.</summary>
    public void Use(string context) => _root.Set("current-context", YamlTree.Of(context));

    /// <summary>Takes out what came from a home. If its context was current, the given one becomes so again, provided it is still there.</summary>
    /// <returns>Whether there was anything.</returns>
    public bool Remove(ClusterHome home, string? previous)
    {
        var contexts = Entries(Contexts).Where(e => IsOf(e, Contexts, home)).Select(NameOf).ToList();
        var found = false;
        foreach (var list in s_lists)
        {
            found |= Entries(list).Any(e => IsOf(e, list, home));
            _root[list]?.RemoveAll(e => IsOf(e, list, home));
        }
        if (CurrentContext is { } current && contexts.Contains(current))
        {
            if (Has(previous))
            {
                Use(previous!);
            }
            else
            {
                _root.Set("current-context", YamlTree.Of(""));
            }
        }
        return found;
    }

    /// <summary>Whether this home has a context here.</summary>
    public bool Holds(ClusterHome home) => Entries(Contexts).Any(e => IsOf(e, Contexts, home));

    /// <summary>The whole as text.</summary>
    /// <exception cref="FormatException">The text would not mean the same.</exception>
    public string Write()
    {
        var text = _root.Write();
        // The writer is a library's, the file is somebody's only key to production: nothing is believed that was not read back.
        return YamlTree.Parse(text)?.MeansTheSameAs(_root) == true ? text : throw new FormatException("it cannot be written again without changing what it says");
    }

    private static YamlTree Copy(YamlTree tree) => YamlTree.Parse(tree.Write())!;

    private static string? NameOf(YamlTree entry) => entry["name"]?.Text;

    /// <summary>The key under which an entry of a list has its body: the singular.</summary>
    private static string BodyKey(string list) => list[..^1];

    private static bool IsOf(YamlTree entry, string list, ClusterHome home) =>
        entry[BodyKey(list)]?["extensions"]?.Children.Any(e => NameOf(e) == Extension && e["extension"]?["home"]?.Text == home.Path) == true;

    private bool Has(string? context) => context is not null && Entries(Contexts).Any(e => NameOf(e) == context);

    private IReadOnlyList<YamlTree> Entries(string list) => _root[list]?.Children ?? [];

    private void Put(string list, string name, ClusterHome home, YamlTree body)
    {
        body.Set("extensions", YamlTree.List(YamlTree.Map(("name", YamlTree.Of(Extension)), ("extension", YamlTree.Map(("home", YamlTree.Of(home.Path)))))));
        if (_root[list] is not { IsList: true })
        {
            _root.Set(list, YamlTree.List());
        }
        // Before the item is put, so that an entry under an earlier name goes too.
        _root[list]!.RemoveAll(e => IsOf(e, list, home) && NameOf(e) != name);
        _root[list]!.Put(YamlTree.Map(("name", YamlTree.Of(name)), (BodyKey(list), body)), inPlaceOf: e => NameOf(e) == name);
    }
}
