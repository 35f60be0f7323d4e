using System.Collections.Frozen;
using System.Reflection;
using Katabira.Cluster.Resources;

namespace Katabira.Cluster.Protobuf;

/// <summary>
/// The fields of every built-in type, read on first use from the text files embedded beside this class (see <c>Types/README.md</c>).
/// Immutable afterwards.
/// </summary>
internal static class FieldTable
{
    private const string Folder = "Protobuf/Types/";

    private static readonly Lazy<FrozenDictionary<string, MessageType>> s_types = new(Load);

    /// <summary>The packages of the groups; a group that is not here has custom resources only, which are never protobuf.</summary>
    private static readonly FrozenDictionary<string, string> s_packages = new Dictionary<string, string>
    {
        [""] = "core",
        ["admissionregistration.k8s.io"] = "admissionregistration",
        ["apiextensions.k8s.io"] = "apiextensions",
        ["apps"] = "apps",
        ["authentication.k8s.io"] = "authentication",
        ["authorization.k8s.io"] = "authorization",
        ["autoscaling"] = "autoscaling",
        ["batch"] = "batch",
        ["coordination.k8s.io"] = "coordination",
        ["discovery.k8s.io"] = "discovery",
        ["events.k8s.io"] = "events",
        ["networking.k8s.io"] = "networking",
        ["policy"] = "policy",
        ["rbac.authorization.k8s.io"] = "rbac",
    }.ToFrozenDictionary();

    /// <summary>Metadata, which custom resources have too.</summary>
    public static MessageType ObjectMeta => Types["meta.v1.ObjectMeta"];

    /// <summary>All types by package and name.</summary>
    public static FrozenDictionary<string, MessageType> Types => s_types.Value;

    /// <summary>The type of a built-in kind; null if there is none of that name.</summary>
    public static MessageType? Find(GroupVersionKind kind)
    {
        if (kind.Kind == "DeleteOptions")
        {
            return Types["meta.v1.DeleteOptions"]; // clients put the options into whatever group they are deleting from
        }
        return s_packages.TryGetValue(kind.Group, out var package)
            && Types.TryGetValue($"{package}.{kind.Version}.{kind.Kind}", out var type)
            && type.IsKind
                ? type
                : null;
    }

    private static FrozenDictionary<string, MessageType> Load()
    {
        var types = SpecialForms.ByName.ToDictionary(f => f.Key, f => new MessageType(f.Key, isKind: false, f.Value, []));
        var assembly = typeof(FieldTable).Assembly;
        foreach (var name in assembly.GetManifestResourceNames().Where(n => n.StartsWith(Folder, StringComparison.Ordinal)))
        {
            foreach (var type in FieldTableText.Parse(name[Folder.Length..^".txt".Length], ReadAll(assembly, name)))
            {
                types.Add(type.Name, type);
            }
        }
        foreach (var type in types.Values)
        {
            type.Bind(name => types.TryGetValue(name, out var found) ? found : throw new FormatException($"{type.Name} has a field of unknown type {name}"));
        }
        foreach (var type in types.Values)
        {
            type.Flatten();
        }
        return types.ToFrozenDictionary();
    }

    private static string ReadAll(Assembly assembly, string name)
    {
        using var stream = assembly.GetManifestResourceStream(name)!; // the name came from the assembly itself
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
