using System.Globalization;
using System.Text.Json.Nodes;
using Katabira.Cluster.Resources;

namespace Katabira.Cluster.Schemas;

/// <summary>The names of a definition.</summary>
internal static class CrdNames
{
    /// <summary>Fills in what a definition may leave out: singular, list kind, conversion. In place.</summary>
    public static void ApplyDefaults(JsonObject crd)
    {
        if (crd.Child("spec") is not { } spec)
        {
            return;
        }
        if (spec.Child("names") is { } names && names.Text("kind") is { Length: > 0 } kind)
        {
            if (names.Text("singular").Length == 0)
            {
                names["singular"] = kind.ToLowerInvariant();
            }
            if (names.Text("listKind").Length == 0)
            {
                names["listKind"] = kind + "List";
            }
        }
        if (!spec.Has("conversion"))
        {
            spec["conversion"] = new JsonObject { ["strategy"] = "None" };
        }
    }

    /// <summary>Reports names that are missing or malformed.</summary>
    public static void Check(JsonObject names, FieldIssues issues)
    {
        foreach (var name in new[] { "plural", "singular", "kind", "listKind" })
        {
            if (names.Text(name).Length == 0)
            {
                issues.Required($"spec.names.{name}");
            }
        }
        foreach (var name in new[] { "plural", "singular" })
        {
            CheckLabel(names.Text(name), $"spec.names.{name}", issues);
        }
        foreach (var name in new[] { "kind", "listKind" })
        {
            if (names.Text(name) is { Length: > 0 } text && NameRules.Dns1035Label(text.ToLowerInvariant()) is { } error)
            {
                issues.Invalid($"spec.names.{name}", text, $"may have mixed case, but should otherwise match: {error}");
            }
        }
        CheckLabels(names, "shortNames", issues);
        if (names.Text("kind").Length > 0 && names.Text("kind") == names.Text("listKind"))
        {
            issues.Invalid("spec.names.listKind", names.Text("listKind"), "kind and listKind may not be the same");
        }
        CheckLabels(names, "categories", issues);
    }

    private static void CheckLabels(JsonObject names, string list, FieldIssues issues)
    {
        foreach (var (index, name) in names.Texts(list).Index())
        {
            CheckLabel(name, string.Create(CultureInfo.InvariantCulture, $"spec.names.{list}[{index}]"), issues, mayBeEmpty: false);
        }
    }

    private static void CheckLabel(string name, string path, FieldIssues issues, bool mayBeEmpty = true)
    {
        if ((name.Length > 0 || !mayBeEmpty) && NameRules.Dns1035Label(name) is { } error)
        {
            issues.Invalid(path, name, error);
        }
    }
}
