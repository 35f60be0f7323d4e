using System.Text.Json.Nodes;

namespace Katabira.Cluster.Resources.Kinds;

internal static class ServiceStrategy
{
    private const string Headless = "None";

    public static KindStrategy Service { get; } = new()
    {
        Name = NameRules.Dns1035Label,
        PrepareCreate = item => item["status"] = new JsonObject { ["loadBalancer"] = new JsonObject() },
        PrepareUpdate = KeepAddress,
        Default = Default,
        Validate = Validate,
        ValidateUpdate = ValidateUpdate,
    };

    private static void Default(JsonObject item)
    {
        if (item.ChildOrNew("spec") is not { } spec)
        {
            return;
        }
        foreach (var port in spec.Items("ports"))
        {
            port.Default("protocol", "TCP");
            if (port["targetPort"].AsText() is "" || !port.Has("targetPort") || port.Integer("targetPort") == 0)
            {
                port["targetPort"] = port.Count("port");
            }
        }
        spec.Default("sessionAffinity", "None");
        spec.Default("type", "ClusterIP");
        if (spec.Text("sessionAffinity") == "ClientIP")
        {
            spec.ChildOrNew("sessionAffinityConfig")?.ChildOrNew("clientIP")?.Default("timeoutSeconds", 10800);
        }
        var type = spec.Text("type");
        if (type == "ExternalName")
        {
            return;
        }
        if (type is "NodePort" or "LoadBalancer" || spec.List("externalIPs") is { Count: > 0 })
        {
            spec.Default("externalTrafficPolicy", "Cluster");
        }
        if (type == "LoadBalancer")
        {
            spec.Default("allocateLoadBalancerNodePorts", true);
        }
        spec.Default("internalTrafficPolicy", "Cluster");
        spec.Default("ipFamilyPolicy", "SingleStack");
        if (spec.List("ipFamilies") is not { Count: > 0 })
        {
            spec["ipFamilies"] = new JsonArray("IPv4");
        }
        PairAddresses(spec);
    }

    /// <summary><c>clusterIP</c> and the first of <c>clusterIPs</c> are one thing in two places.</summary>
    private static void PairAddresses(JsonObject spec)
    {
        var (one, first) = (spec.Text("clusterIP"), spec.Texts("clusterIPs").FirstOrDefault() ?? "");
        if (one.Length > 0 && first.Length == 0)
        {
            spec["clusterIPs"] = new JsonArray(one);
        }
        else if (first.Length > 0 && one.Length == 0)
        {
            spec["clusterIP"] = first;
        }
    }

    /// <summary>An update that does not mention what was allocated keeps it, as long as the type still has it.</summary>
    private static void KeepAddress(JsonObject item, JsonObject old)
    {
        if (item.Child("spec") is not { } spec || old.Child("spec") is not { } before)
        {
            return;
        }
        var hadAddress = before.Text("type") != "ExternalName";
        if (spec.Text("clusterIP") is { Length: > 0 } address && address != before.Text("clusterIP") && JsonNode.DeepEquals(spec["clusterIPs"], before["clusterIPs"]))
        {
            // one of the two places was changed; the other is not meant to contradict it
            spec["clusterIPs"] = new JsonArray(address);
        }
        if (hadAddress && spec.Text("type", "ClusterIP") != "ExternalName" && spec.Text("clusterIP").Length == 0 && spec.List("clusterIPs") is not { Count: > 0 })
        {
            spec["clusterIP"] = before["clusterIP"]?.DeepClone();
            spec["clusterIPs"] = before["clusterIPs"]?.DeepClone();
        }
        KeepNodePorts(spec, before);
    }

    /// <summary>A port keeps its node port; a type without them loses those that it had, so that a change of the type alone is possible.</summary>
    private static void KeepNodePorts(JsonObject spec, JsonObject before)
    {
        var hasNodePorts = spec.Text("type") is "NodePort" or "LoadBalancer";
        foreach (var port in spec.Items("ports"))
        {
            var same = before.Items("ports").FirstOrDefault(p => p.Count("port") == port.Count("port") && p.Text("protocol", "TCP") == port.Text("protocol", "TCP"));
            var (wanted, had) = (port.Count("nodePort"), same.Count("nodePort"));
            if (hasNodePorts && wanted == 0 && had != 0)
            {
                port["nodePort"] = had;
            }
            else if (!hasNodePorts && wanted != 0 && wanted == had)
            {
                port.Remove("nodePort");
            }
        }
    }

    private static void Validate(JsonObject item, FieldIssues issues)
    {
        var spec = item.Child("spec");
        var type = spec.Text("type");
        var isHeadless = spec.Text("clusterIP") == Headless;
        if (spec.List("ports") is not { Count: > 0 } && !isHeadless && type != "ExternalName")
        {
            issues.Required("spec.ports");
        }
        if (type == "LoadBalancer" && isHeadless)
        {
            issues.Invalid("spec.clusterIPs[0]", Headless, "may not be set to 'None' for LoadBalancer services");
        }
        if (type == "ExternalName")
        {
            ExternalName(spec, issues);
        }
        Ports(spec, type, issues);
        MetadataRules.Labels(spec, "selector", "spec.selector", issues);
        issues.OneOf("spec.sessionAffinity", spec.Text("sessionAffinity"), "ClientIP", "None");
        issues.OneOf("spec.type", type, "ClusterIP", "ExternalName", "LoadBalancer", "NodePort");
        foreach (var (index, address) in spec.Texts("clusterIPs").Index())
        {
            if (address != Headless && !IsAddress(address))
            {
                issues.Invalid($"spec.clusterIPs[{index}]", address, "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)");
            }
        }
        if (spec.Texts("clusterIPs") is [var first, ..] && first != spec.Text("clusterIP"))
        {
            issues.InvalidText("spec.clusterIPs", Immutability.GoStrings([.. spec.Texts("clusterIPs")]), "first value must match `clusterIP`");
        }
        foreach (var (index, address) in spec.Texts("externalIPs").Index())
        {
            if (!IsAddress(address))
            {
                issues.Invalid($"spec.externalIPs[{index}]", address, "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)");
            }
        }
    }

    /// <summary>The four numbers in decimal, or any form of version 6: what the system's parser reads besides would be a second name of an address.</summary>
    private static bool IsAddress(string text) =>
        System.Net.IPAddress.TryParse(text, out var address) && (address.AddressFamily != System.Net.Sockets.AddressFamily.InterNetwork || address.ToString() == text);

    private static void ExternalName(JsonObject? spec, FieldIssues issues)
    {
        if (spec.Text("clusterIP").Length > 0 || spec.List("clusterIPs") is { Count: > 0 })
        {
            issues.Forbidden("spec.clusterIPs", "may not be set for ExternalName services");
        }
        if (spec.Text("externalName").TrimEnd('.') is { Length: > 0 } name)
        {
            issues.Invalid("spec.externalName", name, NameRules.DnsSubdomain(name));
        }
        else
        {
            issues.Required("spec.externalName");
        }
    }

    private static void Ports(JsonObject? spec, string type, FieldIssues issues)
    {
        var ports = spec.Items("ports").ToArray();
        var (names, numbers, nodePorts) = (new HashSet<string>(), new HashSet<(string, long)>(), new HashSet<(string, long)>());
        foreach (var (index, port) in ports.Index())
        {
            var path = $"spec.ports[{index}]";
            var (name, protocol, number, nodePort) = (port.Text("name"), port.Text("protocol"), port.Count("port"), port.Count("nodePort"));
            if (name.Length == 0 && ports.Length > 1)
            {
                issues.Required($"{path}.name");
            }
            else if (name.Length > 0)
            {
                issues.Invalid($"{path}.name", name, NameRules.DnsLabel(name));
                if (!names.Add(name))
                {
                    issues.Duplicate($"{path}.name", name);
                }
            }
            issues.Within($"{path}.port", number, 1, 65535);
            issues.OneOf($"{path}.protocol", protocol, "SCTP", "TCP", "UDP");
            HandlerRules.Port(port["targetPort"], $"{path}.targetPort", issues);
            if (!numbers.Add((protocol, number)))
            {
                issues.Duplicate(path, $"{number}/{protocol}");
            }
            if (nodePort != 0)
            {
                NodePort(nodePort, $"{path}.nodePort", type, issues);
                if (!nodePorts.Add((protocol, nodePort)))
                {
                    issues.Duplicate($"{path}.nodePort", $"{nodePort}");
                }
            }
        }
    }

    private static void NodePort(long number, string path, string type, FieldIssues issues)
    {
        if (type is not ("NodePort" or "LoadBalancer"))
        {
            issues.Forbidden(path, $"may not be used when `type` is '{type}'");
        }
        else if (number is < 30000 or > 32767)
        {
            issues.Invalid(path, number, "provided port is not in the valid range. The range of valid ports is 30000-32767");
        }
    }

    private static void ValidateUpdate(JsonObject item, JsonObject old, FieldIssues issues)
    {
        var (spec, before) = (item.Child("spec"), old.Child("spec"));
        // an address stays with its service, unless the type had none before or has none now
        if (before.Text("clusterIP").Length > 0 && before.Text("type") != "ExternalName" && spec.Text("type") != "ExternalName")
        {
            var (now, was) = (spec.Texts("clusterIPs").ToArray(), before.Texts("clusterIPs").ToArray());
            if (spec.Text("clusterIP") is var address && address != before.Text("clusterIP"))
            {
                issues.InvalidText("spec.clusterIPs[0]", Immutability.GoStrings([address]), "may not change once set");
            }
            else if (!now.SequenceEqual(was))
            {
                issues.InvalidText("spec.clusterIPs[0]", Immutability.GoStrings(now), "may not change once set");
            }
        }
    }
}
