using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using Katabira.Cli.Clusters;
using Katabira.Cli.Clusters.Kubeconfigs;
using Katabira.Cli.Output;
using Katabira.Tests.Support;
using Xunit;

namespace Katabira.Tests.Cli.Clusters;

/// <summary>Whatever a kubeconfig says, it says the same after a cluster has come and gone.</summary>
public class KubeconfigProperties
{
    private static readonly ClusterHome s_home = new("/home/somebody else/.katabira #1: 'x'");

    private static readonly string[] s_lists = ["clusters", "users", "contexts"];

    private static readonly string[] s_traps =
    [
        "katabira", "prod", "", "yes", "0123", "null", "~", "a: b", "- c", "# d", "two\nlines\n", "tab\t", "'", "\"", "é😀", "https://x:1", "{}", "*a", "&a", "!t",
    ];

    private static readonly Gen<string> s_text = Gen.OneOf(
        Gen.OneOf<string>([.. s_traps.Select(t => Gen.Const(t))]),
        Gen.String["abc:#-&*!|>'\"%@`{}[], \n\t\\é0123456789"]);

    private static readonly Gen<JsonNode?> s_scalar = Gen.OneOf<JsonNode?>(
        s_text.Select(t => (JsonNode?)JsonValue.Create(t)),
        Gen.Int[-9, 99].Select(i => (JsonNode?)JsonValue.Create(i)),
        Gen.Bool.Select(b => (JsonNode?)JsonValue.Create(b)),
        Gen.Const((JsonNode?)null));

    private static readonly Gen<JsonNode?> s_body = Gen.OneOf(
        s_scalar,
        Gen.Select(s_scalar.Array[0, 3], s_text, (items, key) => (JsonNode?)new JsonObject { ["args"] = new JsonArray([.. items.Select(i => i?.DeepClone())]), ["x" + key] = "1" }));

    private static readonly Gen<JsonObject> s_entry = Gen.Select(s_text, s_body, s_body, (name, body, more) =>
        new JsonObject { ["name"] = name, ["cluster"] = body?.DeepClone(), ["user"] = more?.DeepClone(), ["context"] = body?.DeepClone() });

    private static readonly Gen<JsonObject> s_kubeconfig = Gen.Select(s_entry.Array[0, 3], s_entry.Array[0, 3], s_entry.Array[0, 3], s_body, s_text,
        (clusters, users, contexts, unknown, current) => new JsonObject
        {
            ["apiVersion"] = "v1",
            ["clusters"] = List(clusters),
            ["unknown"] = unknown?.DeepClone(),
            ["users"] = List(users),
            ["contexts"] = List(contexts),
            ["current-context"] = current,
        });

    [Fact]
    public void MergeThenRemove_AnyKubeconfig_MeansWhatItMeant() =>
        s_kubeconfig.Sample(
            original =>
            {
                // JSON is YAML: the text is in styles that the writer must keep, and our own writer's YAML is another set of them.
                foreach (var text in (string[])[original.ToJsonString(), Block(original)])
                {
                    var merged = Kubeconfig.Parse(text);
                    var previous = merged.CurrentContext;
                    merged.Use(merged.Merge(Credentials(), "katabira", s_home));
                    var back = Kubeconfig.Parse(merged.Write());
                    Assert.True(back.Holds(s_home));

                    Assert.True(back.Remove(s_home, previous));

                    Assert.Equal(Meaning(YamlJson.Node(text)!.AsObject(), keepCurrent: IsContext(original, previous)), Meaning(YamlJson.Node(back.Write())!.AsObject(), keepCurrent: IsContext(original, previous)));
                }
            },
            iter: Iterations.Of(10_000));

    private static string Block(JsonObject value)
    {
        var text = new StringWriter { NewLine = "\n" };
        YamlText.Write(text, JsonSerializer.SerializeToElement(value));
        return text.ToString();
    }

    private static ClusterCredentials Credentials() => ClusterCredentials.Parse(
        "{clusters: [{name: c, cluster: {server: s}}], users: [{name: u, user: {token: t}}], contexts: [{name: x, context: {cluster: c, user: u}}], current-context: x}");

    /// <summary>A context that was current and did not exist is not gone back to; kubectl could not use it either.</summary>
    private static bool IsContext(JsonObject original, string? name) => original["contexts"]!.AsArray().Any(c => c!["name"]!.GetValue<string>() == name);

    /// <summary>A list that is not there is an empty one, and so is no current context one without a name.</summary>
    private static string Meaning(JsonObject kubeconfig, bool keepCurrent)
    {
        foreach (var list in s_lists)
        {
            kubeconfig[list] ??= new JsonArray();
        }
        if (!keepCurrent)
        {
            kubeconfig.Remove("current-context");
        }
        return kubeconfig.ToJsonString();
    }

    private static JsonArray List(JsonObject[] entries) => new([.. entries.Select(e => e.DeepClone())]);
}
