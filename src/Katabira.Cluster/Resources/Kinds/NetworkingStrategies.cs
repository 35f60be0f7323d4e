using System.Text.Json.Nodes;

namespace Katabira.Cluster.Resources.Kinds;

/// <summary>Endpoints, ingresses and network policies.</summary>
internal static class NetworkingStrategies
{
    public static KindStrategy Endpoints { get; } = new()
    {
        Default = item => Protocols(item.Items("subsets").SelectMany(s => s.Items("ports"))),
        Validate = (item, issues) =>
        {
            foreach (var (index, subset) in item.Items("subsets").Index())
            {
                foreach (var (at, address) in subset.Items("addresses").Index())
                {
                    Address(address.Text("ip"), $"subsets[{index}].addresses[{at}].ip", issues);
                }
                foreach (var (at, port) in subset.Items("ports").Index())
                {
                    issues.Within($"subsets[{index}].ports[{at}].port", port.Count("port"), 1, 65535);
                }
            }
        },
    };

    public static KindStrategy EndpointSlice { get; } = new()
    {
        Default = item =>
        {
            foreach (var port in item.Items("ports").Where(p => !p.Has("name")))
            {
                port["name"] = "";
            }
            Protocols(item.Items("ports"));
        },
        Validate = (item, issues) =>
        {
            issues.OneOf("addressType", item.Text("addressType"), "FQDN", "IPv4", "IPv6");
            foreach (var (index, endpoint) in item.Items("endpoints").Index())
            {
                if (endpoint.List("addresses") is not { Count: > 0 })
                {
                    issues.Required($"endpoints[{index}].addresses", "must contain at least 1 address");
                }
                foreach (var (at, address) in endpoint.Texts("addresses").Index())
                {
                    if (item.Text("addressType") != "FQDN")
                    {
                        Address(address, $"endpoints[{index}].addresses[{at}]", issues);
                    }
                }
            }
        },
        ValidateUpdate = (item, old, issues) => Immutability.Require(item, old, "addressType", "addressType", issues),
    };

    public static KindStrategy Ingress { get; } = new()
    {
        Validate = (item, issues) =>
        {
            var spec = item.Child("spec");
            if (spec.List("rules") is not { Count: > 0 } && !spec.Has("defaultBackend"))
            {
                issues.Invalid("spec", spec, "either `defaultBackend` or `rules` must be specified");
            }
            foreach (var (index, rule) in spec.Items("rules").Index())
            {
                foreach (var (at, path) in rule.Child("http").Items("paths").Index())
                {
                    var where = $"spec.rules[{index}].http.paths[{at}]";
                    if (path.Text("pathType").Length == 0)
                    {
                        issues.Required($"{where}.pathType", "pathType must be specified");
                    }
                    else
                    {
                        issues.OneOf($"{where}.pathType", path.Text("pathType"), "Exact", "ImplementationSpecific", "Prefix");
                    }
                    if (path.Text("pathType") is "Exact" or "Prefix" && !path.Text("path").StartsWith('/'))
                    {
                        issues.Invalid($"{where}.path", path.Text("path"), "must be an absolute path");
                    }
                }
            }
        },
    };

    public static KindStrategy NetworkPolicy { get; } = new()
    {
        Default = item =>
        {
            if (item.ChildOrNew("spec") is not { } spec)
            {
                return;
            }
            Protocols(spec.Items("ingress").Concat(spec.Items("egress")).SelectMany(r => r.Items("ports")));
            if (spec.List("policyTypes") is not { Count: > 0 })
            {
                spec["policyTypes"] = spec.List("egress") is { Count: > 0 } ? new JsonArray("Ingress", "Egress") : new JsonArray("Ingress");
            }
        },
        Validate = (item, issues) =>
        {
            SelectorRules.Validate(item.Child("spec").Child("podSelector"), "spec.podSelector", issues);
            foreach (var (index, type) in item.Child("spec").Texts("policyTypes").Index())
            {
                issues.OneOf($"spec.policyTypes[{index}]", type, "Egress", "Ingress");
            }
        },
    };

    private static void Protocols(IEnumerable<JsonObject> ports)
    {
        foreach (var port in ports)
        {
            port.Default("protocol", "TCP");
        }
    }

    private static void Address(string address, string path, FieldIssues issues)
    {
        if (!System.Net.IPAddress.TryParse(address, out _))
        {
            issues.Invalid(path, address, "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)");
        }
    }
}
