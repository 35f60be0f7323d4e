using System.Text.Json.Serialization;
using Katabira.Model.Resources;
using Katabira.Model.Schema;
using Katabira.Model.Validation;

namespace Katabira.Model.Kinds;

/// <summary>Chooses workloads of the object's namespace by exact labels; all of them must be there.</summary>
/// <remarks>What <see cref="WorkloadSelector"/> is to policies. The older kinds call the field <c>labels</c> and have their own limits.</remarks>
public sealed record WorkloadLabels : Extensible
{
    private const string Star = "wildcard is not supported in selector";

    /// <summary>Labels a workload must carry. None at all chooses every workload of the namespace.</summary>
    [Field(MaxProperties = 256), Item(MaxLength = 63)]
    [Cel("!self.contains('*')", Star, Items = true)]
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    /// <summary>The same choice as a policy would make it.</summary>
    [JsonIgnore]
    public WorkloadSelector Selector => new() { MatchLabels = Labels };

    internal void Check(string path, Findings findings)
    {
        if (Labels is not { Count: > 0 })
        {
            findings.Warn($"{path}: workload selector specified without labels: it selects every workload of the namespace");
            return;
        }
        findings.CheckExactLabels($"{path}.labels", Labels, Star, Star);
    }
}
