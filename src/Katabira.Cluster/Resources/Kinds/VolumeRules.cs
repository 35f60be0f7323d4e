using System.Text.Json.Nodes;

namespace Katabira.Cluster.Resources.Kinds;

/// <summary>The volumes of a pod. Pure: changes nothing.</summary>
internal static class VolumeRules
{
    /// <summary>The field that each kind of volume cannot do without.</summary>
    private static readonly (string Source, string Field)[] s_required =
    [
        ("hostPath", "path"), ("secret", "secretName"), ("configMap", "name"), ("persistentVolumeClaim", "claimName"), ("nfs", "server"), ("nfs", "path"), ("csi", "driver"),
    ];

    /// <summary>Checks them, and returns the names that mounts may refer to.</summary>
    public static HashSet<string> Validate(JsonObject? spec, string path, FieldIssues issues)
    {
        var names = new HashSet<string>();
        foreach (var (index, volume) in spec.Items("volumes").Index())
        {
            var at = $"{path}[{index}]";
            var name = volume.Text("name");
            if (name.Length == 0)
            {
                issues.Required($"{at}.name");
            }
            else
            {
                issues.Invalid($"{at}.name", name, NameRules.DnsLabel(name));
                if (!names.Add(name))
                {
                    issues.Duplicate($"{at}.name", name);
                }
            }
            Source(volume, at, issues);
        }
        return names;
    }

    /// <summary>A path inside a volume: relative, and not out of it.</summary>
    public static void InnerPath(string inner, string path, FieldIssues issues)
    {
        if (inner.StartsWith('/'))
        {
            issues.Invalid(path, inner, "must be a relative path");
        }
        if (inner.Split('/').Contains(".."))
        {
            issues.Invalid(path, inner, "must not contain '..'");
        }
    }

    private static void Source(JsonObject volume, string path, FieldIssues issues)
    {
        var sources = volume.Where(m => m.Key != "name" && m.Value is not null).Select(m => m.Key).ToArray();
        if (sources.Length == 0)
        {
            issues.Required(path, "must specify a volume type");
            return;
        }
        foreach (var further in sources.Skip(1))
        {
            issues.Forbidden($"{path}.{further}", "may not specify more than 1 volume type");
        }
        var source = volume.Child(sources[0]);
        foreach (var (_, field) in s_required.Where(r => r.Source == sources[0] && source.Text(r.Field).Length == 0))
        {
            issues.Required($"{path}.{sources[0]}.{field}");
        }
        Mode(source, "defaultMode", $"{path}.{sources[0]}", issues);
        Files(source, $"{path}.{sources[0]}.items", issues);
        foreach (var (index, projection) in source.Items("sources").Index())
        {
            Projection(projection, $"{path}.projected.sources[{index}]", issues);
        }
    }

    private static void Projection(JsonObject projection, string path, FieldIssues issues)
    {
        foreach (var (kind, value) in projection)
        {
            var source = value as JsonObject;
            if (kind is "secret" or "configMap" && source.Text("name").Length == 0)
            {
                issues.Required($"{path}.{kind}.name");
            }
            if (kind == "serviceAccountToken")
            {
                if (source.Text("path").Length == 0)
                {
                    issues.Required($"{path}.{kind}.path");
                }
                if (source.Integer("expirationSeconds") < 600)
                {
                    issues.Invalid($"{path}.{kind}.expirationSeconds", source.Count("expirationSeconds"), "may not specify a duration less than 10 minutes");
                }
            }
            Files(source, $"{path}.{kind}.items", issues);
        }
    }

    private static void Files(JsonObject? source, string path, FieldIssues issues)
    {
        foreach (var (index, file) in source.Items("items").Index())
        {
            // a downward API file has a reference where the others have a key
            if (!file.Has("fieldRef") && !file.Has("resourceFieldRef") && file.Text("key").Length == 0)
            {
                issues.Required($"{path}[{index}].key");
            }
            if (file.Text("path").Length == 0)
            {
                issues.Required($"{path}[{index}].path");
            }
            InnerPath(file.Text("path"), $"{path}[{index}].path", issues);
            Mode(file, "mode", $"{path}[{index}]", issues);
        }
    }

    private static void Mode(JsonObject? owner, string field, string path, FieldIssues issues)
    {
        if (owner.Integer(field) is < 0 or > 0b111_111_111)
        {
            issues.Invalid($"{path}.{field}", owner.Count(field), "must be a number between 0 and 0777 (octal), both inclusive");
        }
    }
}
