using System.Text.Json.Nodes;

namespace Katabira.Cluster.Resources.Kinds;

/// <summary>What the containers of a pod must be. Pure: changes nothing.</summary>
internal static class ContainerRules
{
    /// <param name="volumes">Names of the pod's volumes.</param>
    public static void Validate(JsonObject? spec, string path, HashSet<string> volumes, FieldIssues issues)
    {
        if (spec.List("containers") is not { Count: > 0 })
        {
            issues.Required($"{path}.containers");
        }
        var names = new HashSet<string>();
        foreach (var list in (string[])["containers", "initContainers", "ephemeralContainers"])
        {
            foreach (var (index, container) in spec.Items(list).Index())
            {
                One(container, $"{path}.{list}[{index}]", names, volumes, issues);
                if (list == "initContainers" && container.Text("restartPolicy") is { Length: > 0 } policy)
                {
                    issues.OneOf($"{path}.{list}[{index}].restartPolicy", policy, "Always");
                }
            }
        }
    }

    private static void One(JsonObject container, string path, HashSet<string> names, HashSet<string> volumes, FieldIssues issues)
    {
        var (name, image) = (container.Text("name"), container.Text("image"));
        if (name.Length == 0)
        {
            issues.Required($"{path}.name");
        }
        else
        {
            issues.Invalid($"{path}.name", name, NameRules.DnsLabel(name));
        }
        if (image.Length == 0)
        {
            issues.Required($"{path}.image");
        }
        else if (image.Trim() != image)
        {
            issues.Invalid($"{path}.image", image, "must not have leading or trailing whitespace");
        }
        Probe(container, "livenessProbe", path, issues);
        Probe(container, "readinessProbe", path, issues);
        Probe(container, "startupProbe", path, issues);
        foreach (var hook in (string[])["postStart", "preStop"])
        {
            if (container.Child("lifecycle").Child(hook) is { } handler)
            {
                HandlerRules.Validate(handler, $"{path}.lifecycle.{hook}", issues);
            }
        }
        issues.OneOf($"{path}.terminationMessagePolicy", container.Text("terminationMessagePolicy"), "FallbackToLogsOnError", "File");
        Ports(container, path, issues);
        EnvironmentRules.Validate(container, path, issues);
        Mounts(container, $"{path}.volumeMounts", volumes, issues);
        issues.OneOf($"{path}.imagePullPolicy", container.Text("imagePullPolicy"), "Always", "IfNotPresent", "Never");
        Resources(container.Child("resources"), $"{path}.resources", issues);
        PodRules.Users(container.Child("securityContext"), $"{path}.securityContext", issues);
        if (name.Length > 0 && !names.Add(name))
        {
            issues.Duplicate($"{path}.name", name);
        }
    }

    private static void Probe(JsonObject container, string field, string path, FieldIssues issues)
    {
        if (container.Child(field) is not { } probe)
        {
            return;
        }
        HandlerRules.Validate(probe, $"{path}.{field}", issues);
        foreach (var number in (string[])["initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold"])
        {
            issues.NotNegative($"{path}.{field}.{number}", probe.Integer(number));
        }
        if (field != "readinessProbe" && probe.Integer("successThreshold") is not null and not 1)
        {
            issues.Invalid($"{path}.{field}.successThreshold", probe.Count("successThreshold"), "must be 1");
        }
    }

    private static void Ports(JsonObject container, string path, FieldIssues issues)
    {
        var names = new HashSet<string>();
        foreach (var (index, port) in container.Items("ports").Index())
        {
            var at = $"{path}.ports[{index}]";
            if (port.Text("name") is { Length: > 0 } name)
            {
                issues.Invalid($"{at}.name", name, NameRules.PortName(name));
                if (!names.Add(name))
                {
                    issues.Duplicate($"{at}.name", name);
                }
            }
            if (port.Count("containerPort") == 0)
            {
                issues.Required($"{at}.containerPort");
            }
            else
            {
                issues.Within($"{at}.containerPort", port.Integer("containerPort"), 1, 65535);
            }
            if (port.Count("hostPort") != 0)
            {
                issues.Within($"{at}.hostPort", port.Integer("hostPort"), 1, 65535);
            }
            issues.OneOf($"{at}.protocol", port.Text("protocol"), "SCTP", "TCP", "UDP");
        }
    }

    private static void Mounts(JsonObject container, string path, HashSet<string> volumes, FieldIssues issues)
    {
        var paths = new HashSet<string>();
        foreach (var (index, mount) in container.Items("volumeMounts").Index())
        {
            var (name, mountPath) = (mount.Text("name"), mount.Text("mountPath"));
            if (name.Length == 0)
            {
                issues.Required($"{path}[{index}].name");
            }
            else if (!volumes.Contains(name))
            {
                issues.NotFound($"{path}[{index}].name", name);
            }
            if (mountPath.Length == 0)
            {
                issues.Required($"{path}[{index}].mountPath");
            }
            else if (!paths.Add(mountPath))
            {
                issues.Invalid($"{path}[{index}].mountPath", mountPath, "must be unique");
            }
            VolumeRules.InnerPath(mount.Text("subPath"), $"{path}[{index}].subPath", issues);
        }
    }

    private static void Resources(JsonObject? resources, string path, FieldIssues issues)
    {
        foreach (var side in (string[])["limits", "requests"])
        {
            foreach (var (name, value) in resources.Child(side) ?? [])
            {
                issues.Invalid($"{path}.{side}", name, NameRules.QualifiedName(name));
                if (Quantity.TryParse(value, out var amount) && amount < 0)
                {
                    issues.Invalid($"{path}.{side}[{name}]", value, "must be greater than or equal to 0");
                }
            }
        }
        foreach (var (name, value) in resources.Child("requests") ?? [])
        {
            if (resources.Child("limits")?[name] is { } limit
                && Quantity.TryParse(value, out var request)
                && Quantity.TryParse(limit, out var most)
                && request > most)
            {
                issues.Invalid($"{path}.requests", value, $"must be less than or equal to {name} limit of {limit.AsText() ?? limit.ToJsonString()}");
            }
        }
    }
}
