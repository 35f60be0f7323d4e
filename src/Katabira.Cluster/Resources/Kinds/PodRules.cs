using System.Text.Json.Nodes;

namespace Katabira.Cluster.Resources.Kinds;

/// <summary>What a pod spec must be, in a pod or in a template. Pure: changes nothing.</summary>
internal static class PodRules
{
    public static void Validate(JsonObject? spec, string path, FieldIssues issues)
    {
        var volumes = VolumeRules.Validate(spec, $"{path}.volumes", issues);
        ContainerRules.Validate(spec, path, volumes, issues);
        issues.OneOf($"{path}.restartPolicy", spec.Text("restartPolicy"), "Always", "OnFailure", "Never");
        issues.OneOf($"{path}.dnsPolicy", spec.Text("dnsPolicy"), "ClusterFirstWithHostNet", "ClusterFirst", "Default", "None");
        issues.NotNegative($"{path}.terminationGracePeriodSeconds", spec.Integer("terminationGracePeriodSeconds"));
        issues.Within($"{path}.activeDeadlineSeconds", spec.Integer("activeDeadlineSeconds"), 1, int.MaxValue);
        MetadataRules.Labels(spec, "nodeSelector", $"{path}.nodeSelector", issues);
        Name(spec, "serviceAccountName", path, NameRules.DnsSubdomain, issues);
        Name(spec, "nodeName", path, NameRules.DnsSubdomain, issues);
        Name(spec, "hostname", path, NameRules.DnsLabel, issues);
        Name(spec, "subdomain", path, NameRules.DnsLabel, issues);
        Tolerations(spec, $"{path}.tolerations", issues);
        Users(spec.Child("securityContext"), $"{path}.securityContext", issues);
        foreach (var (index, alias) in spec.Items("hostAliases").Index())
        {
            if (!System.Net.IPAddress.TryParse(alias.Text("ip"), out _))
            {
                issues.Invalid($"{path}.hostAliases[{index}].ip", alias.Text("ip"), "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)");
            }
        }
    }

    /// <summary>A template: labels and annotations of the pods to be, then their spec.</summary>
    public static void ValidateTemplate(JsonObject? template, string path, FieldIssues issues)
    {
        var metadata = template.Child("metadata");
        MetadataRules.Labels(metadata, "labels", $"{path}.labels", issues);
        MetadataRules.Annotations(metadata, $"{path}.annotations", issues);
        Validate(template.Child("spec"), $"{path}.spec", issues);
        if (template.Child("spec").List("ephemeralContainers") is { Count: > 0 })
        {
            issues.Forbidden($"{path}.spec.ephemeralContainers", "ephemeral containers not allowed in pod template");
        }
    }

    /// <summary>User and group numbers of a security context, a pod's or a container's.</summary>
    public static void Users(JsonObject? context, string path, FieldIssues issues)
    {
        foreach (var field in (string[])["runAsUser", "runAsGroup", "fsGroup"])
        {
            issues.Within($"{path}.{field}", context.Integer(field), 0, int.MaxValue);
        }
    }

    private static void Name(JsonObject? spec, string field, string path, Func<string, IEnumerable<string>> rule, FieldIssues issues)
    {
        if (spec.Text(field) is { Length: > 0 } name)
        {
            issues.Invalid($"{path}.{field}", name, rule(name));
        }
    }

    private static void Tolerations(JsonObject? spec, string path, FieldIssues issues)
    {
        foreach (var (index, toleration) in spec.Items("tolerations").Index())
        {
            var at = $"{path}[{index}]";
            var (key, effect) = (toleration.Text("key"), toleration.Text("effect"));
            if (key.Length > 0)
            {
                issues.Invalid($"{at}.key", key, NameRules.QualifiedName(key));
            }
            else if (toleration.Text("operator") != "Exists")
            {
                issues.Invalid($"{at}.operator", toleration.Text("operator"), "operator must be Exists when `key` is empty, which means \"match all values and all keys\"");
            }
            if (toleration.Has("tolerationSeconds") && effect != "NoExecute")
            {
                issues.Invalid($"{at}.effect", effect, "effect must be 'NoExecute' when `tolerationSeconds` is set");
            }
            switch (toleration.Text("operator"))
            {
                case "" or "Equal":
                    issues.Invalid($"{at}.operator", toleration.Text("value"), NameRules.LabelValue(toleration.Text("value")));
                    break;
                case "Exists" when toleration.Text("value").Length > 0:
                    issues.Invalid($"{at}.operator", toleration.Text("value"), "value must be empty when `operator` is 'Exists'");
                    break;
                case "Exists":
                    break;
                case var unknown:
                    issues.NotSupported($"{at}.operator", unknown, "Equal", "Exists");
                    break;
            }
            if (effect.Length > 0)
            {
                issues.OneOf($"{at}.effect", effect, "NoSchedule", "PreferNoSchedule", "NoExecute");
            }
        }
    }
}
