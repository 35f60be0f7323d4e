using System.Text.Json.Nodes;

namespace Katabira.Cluster.Resources.Kinds;

/// <summary>The environment of a container. Pure: changes nothing.</summary>
internal static class EnvironmentRules
{
    private static readonly string[] s_sources = ["fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef"];

    public static void Validate(JsonObject container, string path, FieldIssues issues)
    {
        foreach (var (index, variable) in container.Items("env").Index())
        {
            var at = $"{path}.env[{index}]";
            if (variable.Text("name") is { Length: > 0 } name)
            {
                issues.Invalid($"{at}.name", name, NameRules.EnvironmentName(name));
            }
            else
            {
                issues.Required($"{at}.name");
            }
            if (variable.Child("valueFrom") is { } source)
            {
                Source(source, $"{at}.valueFrom", variable.Text("value").Length > 0, issues);
            }
        }
        foreach (var (index, source) in container.Items("envFrom").Index())
        {
            var at = $"{path}.envFrom[{index}]";
            var set = (string[])[.. ((string[])["configMapRef", "secretRef"]).Where(source.Has)];
            if (set.Length != 1)
            {
                issues.Invalid(at, "", set.Length == 0 ? "must specify one of: `configMapRef` or `secretRef`" : "may not have more than one field specified at a time");
            }
            else if (source.Child(set[0]).Text("name").Length == 0)
            {
                issues.Required($"{at}.{set[0]}.name");
            }
        }
    }

    private static void Source(JsonObject source, string path, bool hasValue, FieldIssues issues)
    {
        var set = s_sources.Where(source.Has).ToArray();
        if (hasValue && set.Length > 0)
        {
            issues.Invalid(path, "", "may not be specified when `value` is not empty");
        }
        if (set.Length != 1)
        {
            issues.Invalid(
                path,
                "",
                set.Length == 0
                    ? "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`"
                    : "may not have more than one field specified at a time");
            return;
        }
        Reference(source.Child(set[0]), set[0], path, issues);
    }

    private static void Reference(JsonObject? reference, string kind, string path, FieldIssues issues)
    {
        switch (kind)
        {
            case "fieldRef" when reference.Text("fieldPath").Length == 0:
                issues.Required($"{path}.fieldRef.fieldPath");
                break;
            case "resourceFieldRef" when reference.Text("resource").Length == 0:
                issues.Required($"{path}.resourceFieldRef.resource");
                break;
            case "configMapKeyRef" or "secretKeyRef":
                if (reference.Text("name").Length == 0)
                {
                    issues.Required($"{path}.{kind}.name");
                }
                if (reference.Text("key") is { Length: > 0 } key)
                {
                    issues.Invalid($"{path}.{kind}.key", key, NameRules.ConfigKey(key));
                }
                else
                {
                    issues.Required($"{path}.{kind}.key");
                }
                break;
            default:
                break;
        }
    }
}
