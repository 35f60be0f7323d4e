using System.Text;
using System.Text.Json.Nodes;

namespace Katabira.Cluster.Resources.Kinds;

/// <summary>Namespaces, service accounts, and what holds data.</summary>
internal static class ConfigStrategies
{
    private const int DataLimitBytes = 1024 * 1024;
    private const string NameLabel = "kubernetes.io/metadata.name";

    public static KindStrategy Namespace { get; } = new()
    {
        Name = NameRules.DnsLabel,
        PrepareCreate = item =>
        {
            item["status"] = new JsonObject { ["phase"] = "Active" };
            if (item.ChildOrNew("spec") is { } spec && !spec.Texts("finalizers").Contains("kubernetes"))
            {
                spec["finalizers"] = new JsonArray([.. spec.Texts("finalizers").Select(f => JsonValue.Create(f)), JsonValue.Create("kubernetes")]);
            }
        },
        // finalizers go through the subresource of that purpose only
        PrepareUpdate = (item, old) =>
        {
            if (item.ChildOrNew("spec") is { } spec)
            {
                spec["finalizers"] = old.Child("spec")?["finalizers"]?.DeepClone();
            }
        },
        Default = item =>
        {
            if (item.Child("metadata") is { } metadata && metadata.Text("name") is { Length: > 0 } name)
            {
                metadata.ChildOrNew("labels")?.Default(NameLabel, name);
            }
        },
        Validate = (item, issues) =>
        {
            var metadata = item.Child("metadata");
            var (name, label) = (metadata.Text("name"), metadata.Child("labels").Text(NameLabel));
            if (label.Length > 0 && label != name)
            {
                issues.InvalidText($"metadata.labels[{NameLabel}]", Immutability.GoMap(metadata, "labels"), $"must be '{name}'");
            }
        },
    };

    public static KindStrategy ServiceAccount { get; } = new();

    public static KindStrategy ConfigMap { get; } = new()
    {
        Validate = (item, issues) =>
        {
            var size = Keys(item, "data", issues, text => Encoding.UTF8.GetByteCount(text)) + Keys(item, "binaryData", issues, DecodedBytes);
            foreach (var key in (item.Child("binaryData") ?? []).Select(p => p.Key).Where(k => item.Child("data")?.ContainsKey(k) == true))
            {
                issues.Invalid($"data[{key}]", key, "duplicate of key present in binaryData");
            }
            if (size > DataLimitBytes)
            {
                issues.TooLong("", DataLimitBytes);
            }
        },
        ValidateUpdate = (item, old, issues) => Frozen(item, old, ["data", "binaryData"], issues),
    };

    public static KindStrategy Secret { get; } = new()
    {
        Default = item =>
        {
            item.Default("type", "Opaque");
            if (item.Has("stringData"))
            {
                var data = item.ChildOrNew("data");
                foreach (var (key, value) in item.Pairs("stringData"))
                {
                    data?[key] = Convert.ToBase64String(Encoding.UTF8.GetBytes(value));
                }
                item.Remove("stringData"); // write-only: it is never stored
            }
        },
        Validate = (item, issues) =>
        {
            if (Keys(item, "data", issues, DecodedBytes) > DataLimitBytes)
            {
                issues.TooLong("data", DataLimitBytes);
            }
            Typed(item, issues);
        },
        ValidateUpdate = (item, old, issues) =>
        {
            Immutability.Require(item, old, "type", "type", issues);
            Frozen(item, old, ["data"], issues);
        },
    };

    /// <summary>Checks the keys of one map and returns the size of its values.</summary>
    private static long Keys(JsonObject item, string map, FieldIssues issues, Func<string, long> size)
    {
        var sum = 0L;
        foreach (var (key, value) in item.Pairs(map))
        {
            issues.Invalid($"{map}[{key}]", key, NameRules.ConfigKey(key));
            sum += size(value);
        }
        return sum;
    }

    private static long DecodedBytes(string base64) => base64.Length / 4L * 3 - (base64.EndsWith("==", StringComparison.Ordinal) ? 2 : base64.EndsWith('=') ? 1 : 0);

    /// <summary>The keys that a secret of a well-known type must have.</summary>
    private static void Typed(JsonObject secret, FieldIssues issues)
    {
        string[] required = secret.Text("type") switch
        {
            "kubernetes.io/tls" => ["tls.crt", "tls.key"],
            "kubernetes.io/ssh-auth" => ["ssh-privatekey"],
            "kubernetes.io/dockerconfigjson" => [".dockerconfigjson"],
            "kubernetes.io/dockercfg" => [".dockercfg"],
            _ => [],
        };
        foreach (var key in required)
        {
            if (secret.Child("data")?.ContainsKey(key) != true)
            {
                issues.Required($"data[{key}]");
            }
        }
        const string account = "kubernetes.io/service-account.name";
        if (secret.Text("type") == "kubernetes.io/service-account-token" && secret.Child("metadata").Child("annotations").Text(account).Length == 0)
        {
            issues.Required($"metadata.annotations[{account}]");
        }
    }

    /// <summary>Once immutable, always immutable.</summary>
    private static void Frozen(JsonObject item, JsonObject old, string[] fields, FieldIssues issues)
    {
        if (!old.Flag("immutable"))
        {
            return;
        }
        if (!item.Flag("immutable"))
        {
            issues.Forbidden("immutable", "field is immutable when `immutable` is set");
        }
        foreach (var field in fields.Where(f => !JsonNode.DeepEquals(item[f] ?? new JsonObject(), old[f] ?? new JsonObject())))
        {
            issues.Forbidden(field, "field is immutable when `immutable` is set");
        }
    }
}
