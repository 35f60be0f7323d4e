using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Katabira.Cluster.Patching;

namespace Katabira.Cluster.Selectors;

/// <summary>What the objects of one kind can be selected by in a field selector, and where the values are. Immutable.</summary>
internal sealed class SelectableFields
{
    // kind, then field[=path][?default]: where the value is if not at the path of the same name, and what an absent one counts as
    private const string Table = """
        Pod              spec.nodeName spec.restartPolicy spec.schedulerName spec.serviceAccountName spec.hostNetwork?false status.phase status.podIP status.podIPs=status.podIP status.nominatedNodeName
        Event            involvedObject.kind involvedObject.namespace involvedObject.name involvedObject.uid involvedObject.apiVersion involvedObject.resourceVersion involvedObject.fieldPath
        Event            reason reportingComponent source=source.component type
        Node             spec.unschedulable?false
        Namespace        status.phase
        Secret           type
        Service          spec.clusterIP spec.type
        ReplicaSet       status.replicas?0
        ReplicationController status.replicas?0
        Job              status.successful=status.succeeded?0
        """;

    private static readonly FrozenDictionary<string, SelectableFields> s_kinds = Table
        .Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .GroupBy(words => words[0], words => words.Skip(1))
        .ToFrozenDictionary(kind => kind.Key, kind => new SelectableFields([.. kind.SelectMany(fields => fields)], hasOwnList: true));

    private static readonly SelectableFields s_metadataOnly = new([], hasOwnList: false);

    private readonly FrozenDictionary<string, (string[] Path, string Default)> _fields;
    private readonly bool _hasOwnList;

    private SelectableFields(ImmutableArray<string> entries, bool hasOwnList)
    {
        _hasOwnList = hasOwnList;
        _fields = entries.Add("metadata.name").Add("metadata.namespace").Select(Entry).ToFrozenDictionary(entry => entry.Name, entry => (entry.Path, entry.Default));
    }

    /// <summary>The fields of a built-in kind; name and namespace are always among them.</summary>
    public static SelectableFields OfBuiltIn(string kind) => s_kinds.GetValueOrDefault(kind, s_metadataOnly);

    /// <summary>The fields of a custom resource: name, namespace, and the <c>selectableFields</c> of its definition.</summary>
    /// <param name="jsonPaths">Simple paths, e.g. <c>.spec.color</c>.</param>
    public static SelectableFields OfCustom(IEnumerable<string> jsonPaths) => new([.. jsonPaths.Select(path => path.TrimStart('.'))], hasOwnList: true);

    /// <summary>True if objects can be selected by this field.</summary>
    public bool Supports(string field) => _fields.ContainsKey(field);

    /// <summary>The message for a field that they cannot be selected by.</summary>
    public string Refusal(string field) => _hasOwnList
        ? $"field label not supported: {GoText.Shown(field)}"
        : $"{GoText.Quoted(GoText.Shown(field))} is not a known field selector: only \"metadata.name\", \"metadata.namespace\"";

    /// <summary>The text of a supported field: empty, or the field's default, if the object does not have it.</summary>
    public string ValueOf(JsonObject obj, string field)
    {
        var (path, absent) = _fields[field];
        JsonNode? node = obj;
        foreach (var name in path)
        {
            node = (node as JsonObject)?[name];
        }
        return node switch
        {
            JsonValue value when value.GetValueKind() == JsonValueKind.String => value.GetValue<string>(),
            JsonValue value => value.ToJsonString(),
            _ => absent,
        };
    }

    private static (string Name, string[] Path, string Default) Entry(string word)
    {
        var (rest, absent) = word.IndexOf('?') is var q and >= 0 ? (word[..q], word[(q + 1)..]) : (word, "");
        var (name, path) = rest.IndexOf('=') is var e and >= 0 ? (rest[..e], rest[(e + 1)..]) : (rest, rest);
        return (name, path.Split('.'), absent);
    }
}
