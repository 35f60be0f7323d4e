using Katabira.Model.Resources;
using Katabira.Model.Schema;
using Katabira.Model.Validation;

namespace Katabira.Model.Kinds;

/// <summary>What clients do when they talk to a service: encryption, endpoints, limits, and the subsets that routes may name.</summary>
/// <remarks>Source: istio/api networking/v1alpha3/destination_rule.proto.</remarks>
public sealed record DestinationRule : Extensible
{
    /// <summary>The service, or a wildcard such as *.example.com. Without a dot, it is looked for in the rule's namespace.</summary>
    [Field(Required = true)]
    public string? Host { get; init; }

    /// <summary>What holds for every port and subset that says nothing else.</summary>
    public TrafficPolicy? TrafficPolicy { get; init; }

    /// <summary>Parts of the service that routes may name.</summary>
    public IReadOnlyList<Subset>? Subsets { get; init; }

    /// <summary>Namespaces whose clients heed the rule: names, . for the rule's own, * for all. Left out, as the mesh has it (all).</summary>
    public IReadOnlyList<string>? ExportTo { get; init; }

    /// <summary>The clients that heed it, in the rule's own namespace only. Left out, all of them.</summary>
    public WorkloadSelector? WorkloadSelector { get; init; }

    /// <summary>The kind.</summary>
    public static ResourceKind<DestinationRule> Kind { get; } = new()
    {
        Group = "networking.istio.io",
        Versions = ["v1", "v1beta1", "v1alpha3"],
        StorageVersion = "v1",
        Kind = "DestinationRule",
        Plural = "destinationrules",
        ShortNames = ["dr"],
        Columns = [new("Host", ".spec.host"), PrinterColumn.Age],
        Json = SchemaJson.Default.ResourceDestinationRule,
        Rules = (resource, findings) => resource.Spec.Check(resource.Metadata.Namespace, findings),
    };

    private void Check(string ownNamespace, Findings findings)
    {
        var scope = new RuleScope(ownNamespace, WorkloadSelector is not null);
        if (string.IsNullOrEmpty(Host))
        {
            findings.Required("spec.host");
        }
        else
        {
            findings.CheckHostPattern("spec.host", Host);
        }
        TrafficPolicyRules.Check(TrafficPolicy, "spec.trafficPolicy", scope, findings);
        CheckSubsets(scope, findings);
        findings.CheckExportTo(ExportTo, ownNamespace);
        if (WorkloadSelector is not null)
        {
            WorkloadSelector.Check("spec.workloadSelector", findings);
            CheckPrivate(ownNamespace, findings);
        }
    }

    private void CheckSubsets(RuleScope scope, Findings findings)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < Subsets?.Count; i++)
        {
            var (subset, path) = (Subsets[i], $"spec.subsets[{i}]");
            if (string.IsNullOrEmpty(subset.Name))
            {
                findings.Required($"{path}.name");
            }
            else if (!names.Add(subset.Name))
            {
                findings.Duplicate($"{path}.name", subset.Name);
            }
            findings.CheckSubsetName($"{path}.name", subset.Name);
            findings.CheckLabels($"{path}.labels", subset.Labels);
            TrafficPolicyRules.Check(subset.TrafficPolicy, $"{path}.trafficPolicy", scope, findings);
        }
    }

    /// <summary>A rule about some workloads is nobody else's business: other namespaces have no such workloads.</summary>
    private void CheckPrivate(string ownNamespace, Findings findings)
    {
        for (var i = 0; i < ExportTo?.Count; i++)
        {
            if (ExportTo[i] != ExportToChecks.Own && ExportTo[i] != ownNamespace)
            {
                findings.Forbidden($"spec.exportTo[{i}]", "a rule with a workloadSelector stays in its own namespace");
            }
        }
    }
}

/// <summary>Endpoints of a service that routes may name.</summary>
public sealed record Subset : Extensible
{
    /// <summary>The name that routes use, once in the rule.</summary>
    [Field(Required = true)]
    public string? Name { get; init; }

    /// <summary>Labels that its endpoints carry. None at all means every endpoint of the service.</summary>
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    /// <summary>What is done differently; fields that are set here replace the rule's.</summary>
    public TrafficPolicy? TrafficPolicy { get; init; }
}
