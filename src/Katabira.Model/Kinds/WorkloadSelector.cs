using System.Text.Json.Serialization;
using Katabira.Model.Resources;
using Katabira.Model.Schema;
using Katabira.Model.Validation;

namespace Katabira.Model.Kinds;

/// <summary>Chooses workloads by exact labels; all of them must be there.</summary>
public sealed record WorkloadSelector : Extensible
{
    private const string StarInKey = "wildcard not allowed in label key match";
    private const string StarInValue = "wildcard not allowed in label value match";

    /// <summary>Labels a workload must carry. None at all chooses every workload in scope.</summary>
    [Field(MaxProperties = 4096), Item(MaxLength = 63)]
    [Cel("self.all(key, key != '')", "key must not be empty")]
    [Cel("!self.exists(key, key.contains('*'))", StarInKey)]
    [Cel("!self.contains('*')", StarInValue, Items = true)]
    public IReadOnlyDictionary<string, string>? MatchLabels { get; init; }

    /// <summary>True if it narrows anything: a selector without labels is as good as none.</summary>
    [JsonIgnore]
    public bool Selects => MatchLabels is { Count: > 0 };

    /// <summary>True if every label of the selector is among <paramref name="labels"/> with the same value.</summary>
    public bool Matches(IReadOnlyDictionary<string, string> labels)
    {
        if (MatchLabels is null)
        {
            return true;
        }
        foreach (var (key, value) in MatchLabels)
        {
            if (!labels.TryGetValue(key, out var actual) || !string.Equals(actual, value, StringComparison.Ordinal))
            {
                return false;
            }
        }
        return true;
    }

    internal void Check(string path, Findings findings)
    {
        if (!Selects)
        {
            findings.Warn($"{path}: workload selector specified without labels: it selects every workload in scope");
            return;
        }
        findings.CheckExactLabels($"{path}.matchLabels", MatchLabels!, StarInKey, StarInValue);
    }
}
