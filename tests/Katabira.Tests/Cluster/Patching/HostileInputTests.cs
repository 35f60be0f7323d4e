using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using Katabira.Cluster.Patching;
using Katabira.Cluster.Patching.Ownership;
using Katabira.Cluster.Resources;
using Katabira.Cluster.Selectors;
using Xunit;
using static Katabira.Tests.Cluster.Patching.JsonTable;

namespace Katabira.Tests.Cluster.Patching;

/// <summary>Whatever comes in: an answer, never an exception, and arguments that stay as they were.</summary>
public class HostileInputTests
{
    private static readonly string[] s_names =
    [
        "metadata", "spec", "containers", "name", "finalizers", "ports", "containerPort", "strategy", "template", "managedFields", "labels", "annotations", "op", "path", "from", "value",
        "$patch", "$retainKeys", "$setElementOrder/containers", "$setElementOrder/finalizers", "$setElementOrder", "$deleteFromPrimitiveList/finalizers", "$deleteFromPrimitiveList/containers",
        "manager", "operation", "apiVersion", "fieldsType", "fieldsV1", "f:spec", "k:{\"name\":\"a\"}", "v:1", ".", "matchLabels", "matchExpressions", "key", "operator", "values",
    ];

    private static readonly string[] s_scalars =
        ["null", "0", "1.5", "true", "\"a\"", "\"delete\"", "\"replace\"", "\"add\"", "\"move\"", "\"test\"", "\"/spec/containers/0\"", "\"/spec\"", "\"\"", "\"Apply\"", "\"FieldsV1\"", "\"v1\"", "\"X\"", "\"In\""];

    [Fact]
    public void Patches_OfAnything_AnswerAndLeaveTheirArguments() => Gen.Select(Trees(4), Trees(4)).Sample(
        (live, patch) =>
        {
            var obj = new JsonObject { ["apiVersion"] = "v1", ["kind"] = "X", ["metadata"] = patch?.DeepClone(), ["spec"] = live?.DeepClone() };
            var (before, wish) = (obj.ToJsonString(), patch?.ToJsonString());
            foreach (var result in new[]
            {
                JsonPatch.Apply(obj, patch), MergePatch.Apply(obj, patch), StrategicMergePatch.Apply(obj, patch, MergeKeys.Of("v1", "Pod")),
                StrategicMergePatch.Apply(obj, new JsonObject { ["spec"] = patch?.DeepClone() }, MergeKeys.Of("apps/v1", "Deployment")),
                Apply(obj, new JsonObject { ["spec"] = patch?.DeepClone() }), Apply(null, new JsonObject { ["spec"] = live?.DeepClone(), ["metadata"] = patch?.DeepClone() }),
            })
            {
                Assert.True(result.Node is null != result.Failure is null);
                Assert.True(result.Failure is null or { Code: >= 400 and < 500, Message.Length: > 0 });
            }
            Assert.Equal((before, wish), (obj.ToJsonString(), patch?.ToJsonString()));
        },
        iter: 3000);

    [Fact]
    public void Owners_OfAnything_AreKept() => Gen.Select(Trees(4), Trees(4)).Sample(
        (before, after) =>
        {
            var write = new FieldWrite("m", "v1", DateTimeOffset.UnixEpoch, ListTypes.BuiltIn("v1", "Pod"));
            var stored = before as JsonObject;
            var written = after as JsonObject ?? new JsonObject { ["metadata"] = new JsonObject { ["managedFields"] = after?.DeepClone() }, ["spec"] = before?.DeepClone() };
            var list = ManagedFields.OnUpdate(stored, written, write);
            Assert.DoesNotContain(null, list?.Select(ManagedEntry.Read) ?? []);
        },
        iter: 3000);

    [Fact]
    public void Readers_OfAnyText_Answer() => Texts("{}[]\":,'-?&*a1 \n!|>#%~.<\\ud8").Sample(
        text =>
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            var (json, yaml) = (StrictJson.Read(bytes), YamlJson.Read(bytes));
            Assert.True(json.Failure is null or { Code: 400 });
            Assert.True(yaml.Failure is null or { Code: 400 });
            _ = json.Node?.ToJsonString() + yaml.Node?.ToJsonString();
        },
        iter: 20_000);

    [Fact]
    public void Selectors_OfAnyText_Answer() => Texts("a1=!,()<> in\\.[]'\"?@*$:-/").Sample(
        text =>
        {
            Assert.Equal(LabelSelector.TryParse(text, out var labels, out var problem), problem.Length == 0);
            _ = labels.Matches(new JsonObject { ["a"] = "1" });
            Assert.Equal(FieldSelector.TryParse(text, SelectableFields.Of(ResourceCatalog.BuiltIn.Find("", "v1", "pods")!.Value.Version, isCustom: false), out _, out problem), problem.Length == 0);
            Assert.Equal(JsonPaths.TryParse(text, out var path, out problem), problem.Length == 0);
            _ = path?.Evaluate(JsonNode.Parse("""{"a":[{"a":1},{"1":"a"}]}"""));
        },
        iter: 20_000);

    [Fact]
    public void Selectors_OfAnyObject_Answer() => Trees(3).Sample(tree => Assert.Equal(LabelSelector.TryRead(tree, out _, out var problem), problem.Length == 0), iter: 3000);

    private static PatchResult Apply(JsonObject? live, JsonObject body)
    {
        body["apiVersion"] = "v1";
        body["kind"] = "X";
        return ApplyPatch.Apply(live, body, new ApplyContext(new FieldWrite("kubectl", "v1", DateTimeOffset.UnixEpoch, ListTypes.BuiltIn("v1", "Pod")), "X", Force: false));
    }

    private static Gen<string> Texts(string alphabet) => Gen.Int[0, alphabet.Length - 1].Select(index => alphabet[index]).Array[0, 24].Select(letters => new string(letters));

    private static Gen<JsonNode?> Trees(int depth)
    {
        var scalar = OneOf(s_scalars).Select(text => JsonNode.Parse(text));
        return depth == 0
            ? scalar
            : Gen.OneOf(
                scalar,
                Trees(depth - 1).Array[0, 3].Select(items => (JsonNode?)new JsonArray(items)),
                Gen.Select(OneOf(s_names), Trees(depth - 1)).Array[0, 5].Select(members =>
                {
                    var map = new JsonObject();
                    foreach (var (name, value) in members)
                    {
                        map[name] = value;
                    }
                    return (JsonNode?)map;
                }));
    }
}
