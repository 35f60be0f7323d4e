using System.Text.Json.Nodes;

namespace Katabira.Cluster.Resources.Kinds;

/// <summary>Configurations of admission webhooks.</summary>
internal static class WebhookStrategies
{
    private static readonly string[] s_operations = ["*", "CONNECT", "CREATE", "DELETE", "UPDATE"];

    public static KindStrategy Validating { get; } = Of(mutating: false);

    public static KindStrategy Mutating { get; } = Of(mutating: true);

    private static KindStrategy Of(bool mutating) => new()
    {
        Default = item =>
        {
            foreach (var hook in item.Items("webhooks"))
            {
                Default(hook, mutating);
            }
        },
        Validate = (item, issues) =>
        {
            var names = new HashSet<string>();
            foreach (var (index, hook) in item.Items("webhooks").Index())
            {
                Validate(hook, $"webhooks[{index}]", mutating, issues);
                if (hook.Text("name") is { Length: > 0 } name && !names.Add(name))
                {
                    issues.Duplicate($"webhooks[{index}].name", name);
                }
            }
        },
    };

    private static void Default(JsonObject hook, bool mutating)
    {
        hook.Default("failurePolicy", "Fail");
        hook.Default("matchPolicy", "Equivalent");
        hook.ChildOrNew("namespaceSelector");
        hook.ChildOrNew("objectSelector");
        hook.Default("timeoutSeconds", 10);
        if (mutating)
        {
            hook.Default("reinvocationPolicy", "Never");
        }
        foreach (var rule in hook.Items("rules"))
        {
            rule.Default("scope", "*");
        }
        hook.Child("clientConfig").Child("service")?.Default("port", 443);
    }

    private static void Validate(JsonObject hook, string path, bool mutating, FieldIssues issues)
    {
        var name = hook.Text("name");
        if (name.Length == 0)
        {
            issues.Required($"{path}.name");
        }
        else if (NameRules.DnsSubdomain(name).ToArray() is { Length: > 0 } wrong)
        {
            issues.Invalid($"{path}.name", name, string.Join(',', wrong));
        }
        else if (name.Split('.').Length < 3)
        {
            issues.Invalid($"{path}.name", name, "should be a domain with at least three segments separated by dots");
        }
        foreach (var (index, rule) in hook.Items("rules").Index())
        {
            Rule(rule, $"{path}.rules[{index}]", issues);
        }
        issues.OneOf($"{path}.failurePolicy", hook.Text("failurePolicy"), "Fail", "Ignore");
        issues.OneOf($"{path}.matchPolicy", hook.Text("matchPolicy"), "Equivalent", "Exact");
        if (hook.Text("sideEffects").Length == 0)
        {
            issues.Required($"{path}.sideEffects", "must specify one of None, NoneOnDryRun");
        }
        else
        {
            issues.OneOf($"{path}.sideEffects", hook.Text("sideEffects"), "None", "NoneOnDryRun");
        }
        if (hook.Integer("timeoutSeconds") is < 1 or > 30)
        {
            issues.Invalid($"{path}.timeoutSeconds", hook.Count("timeoutSeconds"), "the timeout value must be between 1 and 30 seconds");
        }
        SelectorRules.Validate(hook.Child("namespaceSelector"), $"{path}.namespaceSelector", issues);
        SelectorRules.Validate(hook.Child("objectSelector"), $"{path}.objectSelector", issues);
        if (mutating)
        {
            issues.OneOf($"{path}.reinvocationPolicy", hook.Text("reinvocationPolicy"), "IfNeeded", "Never");
        }
        Client(hook.Child("clientConfig"), $"{path}.clientConfig", issues);
        ReviewVersions(hook, $"{path}.admissionReviewVersions", issues);
    }

    private static void Client(JsonObject? client, string path, FieldIssues issues)
    {
        if (client.Has("url") == client.Has("service"))
        {
            issues.Required(path, "exactly one of url or service is required");
        }
        else if (client.Has("url"))
        {
            var url = client.Text("url");
            if (!Uri.TryCreate(url, UriKind.Absolute, out var parsed) || parsed.Scheme != Uri.UriSchemeHttps)
            {
                issues.Invalid($"{path}.url", url, "'https' is the only allowed URL scheme; desired format: https://host[/path]");
            }
        }
        else
        {
            var service = client.Child("service");
            foreach (var field in (string[])["name", "namespace"])
            {
                if (service.Text(field).Length == 0)
                {
                    issues.Required($"{path}.service.{field}", $"service {field} is required");
                }
            }
            if (service.Integer("port") is < 1 or > 65535)
            {
                issues.Invalid($"{path}.service.port", service.Count("port"), "port is not valid: must be between 1 and 65535, inclusive");
            }
            if (service.Text("path") is { Length: > 0 } route && !route.StartsWith('/'))
            {
                issues.Invalid($"{path}.service.path", route, "must start with a '/'");
            }
        }
    }

    private static void ReviewVersions(JsonObject hook, string path, FieldIssues issues)
    {
        var versions = hook.Texts("admissionReviewVersions").ToArray();
        if (versions.Length == 0)
        {
            issues.Required(path, "must specify one of v1, v1beta1");
        }
        else if (!versions.Contains("v1") && !versions.Contains("v1beta1"))
        {
            issues.InvalidText(path, Immutability.GoStrings(versions), "must include at least one of v1, v1beta1");
        }
    }

    private static void Rule(JsonObject rule, string path, FieldIssues issues)
    {
        Set(rule, "operations", path, "if '*' is present, must not specify other operations", issues);
        foreach (var (index, operation) in rule.Texts("operations").Index())
        {
            if (!s_operations.Contains(operation))
            {
                issues.NotSupported($"{path}.operations[{index}]", operation, s_operations);
            }
        }
        Set(rule, "apiGroups", path, "if '*' is present, must not specify other API groups", issues);
        Set(rule, "apiVersions", path, "if '*' is present, must not specify other API versions", issues);
        Set(rule, "resources", path, "", issues);
        issues.OneOf($"{path}.scope", rule.Text("scope"), "*", "Cluster", "Namespaced");
        var resources = rule.Texts("resources").ToArray();
        if (resources.Length > 1 && resources.Contains("*/*"))
        {
            issues.Invalid($"{path}.resources", rule["resources"], "if '*/*' is present, must not specify other resources");
        }
        if (resources.Contains("*") && resources.Any(r => r != "*" && !r.Contains('/')))
        {
            issues.Invalid($"{path}.resources", rule["resources"], "if '*' is present, must not specify other resources without subresources");
        }
    }

    /// <summary>A list that may not be empty, and in which a star stands alone.</summary>
    private static void Set(JsonObject rule, string field, string path, string starAlone, FieldIssues issues)
    {
        var values = rule.Texts(field).ToArray();
        if (values.Length == 0)
        {
            issues.Required($"{path}.{field}");
        }
        if (starAlone.Length > 0 && values.Length > 1 && values.Contains("*"))
        {
            issues.Invalid($"{path}.{field}", rule[field], starAlone);
        }
        foreach (var (index, value) in values.Index())
        {
            if (value.Length == 0 && field != "apiGroups")
            {
                issues.Required($"{path}.{field}[{index}]");
            }
        }
    }
}
