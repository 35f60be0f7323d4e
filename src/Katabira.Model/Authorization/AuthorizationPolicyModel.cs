using System.Collections.Immutable;
using System.Globalization;
using Katabira.Model.Kinds;
using Katabira.Model.Mesh;
using Katabira.Model.Resources;

namespace Katabira.Model.Authorization;

/// <summary>An AuthorizationPolicy as connections meet it: rules compiled, aliases resolved, what needs HTTP taken out. Immutable; compiled once per version of the object.</summary>
public sealed class AuthorizationPolicyModel
{
    private readonly bool _meshWide;

    private AuthorizationPolicyModel(
        Resource<AuthorizationPolicy> resource, MeshSettings settings, ImmutableArray<RuleModel> rules, ImmutableArray<string> gaps)
    {
        Key = resource.Key;
        Action = resource.Spec.Action ?? AuthorizationAction.Allow;
        Provider = resource.Spec.Provider?.Name;
        DryRun = AuthorizationPolicy.ReadDryRun(resource.Metadata) == true;
        Attached = resource.Spec.TargetRef is not null || resource.Spec.TargetRefs is { Count: > 0 };
        Rules = rules;
        Gaps = gaps;
        Selector = resource.Spec.Selector;
        _meshWide = string.Equals(Key.Namespace, settings.RootNamespace, StringComparison.Ordinal);
    }

    /// <summary>Namespace and name.</summary>
    public ObjectKey Key { get; }

    /// <summary>What it does with what its rules match.</summary>
    public AuthorizationAction Action { get; }

    /// <summary>Who is asked, with CUSTOM; null without a provider.</summary>
    public string? Provider { get; }

    /// <summary>It speaks and decides nothing.</summary>
    public bool DryRun { get; }

    /// <summary>It is attached to objects instead of workloads, and whoever stands for those objects decides by it.</summary>
    public bool Attached { get; }

    /// <summary>What its rules ask that nobody can answer for a connection, each in a sentence that says what is left of the rule.</summary>
    public ImmutableArray<string> Gaps { get; }

    internal WorkloadSelector? Selector { get; }

    internal ImmutableArray<RuleModel> Rules { get; }

    /// <summary>Compiles a policy. Never fails: what validation would refuse makes an ALLOW narrower and every other action wider.</summary>
    public static AuthorizationPolicyModel Compile(Resource<AuthorizationPolicy> resource, MeshSettings settings)
    {
        var compiler = new RuleCompiler(resource, settings);
        var rules = ImmutableArray.CreateBuilder<RuleModel>();
        var gaps = ImmutableArray.CreateBuilder<string>();
        for (var i = 0; i < resource.Spec.Rules?.Count; i++)
        {
            var rule = compiler.Compile(resource.Spec.Rules[i], i);
            if (compiler.Lost.Count > 0)
            {
                gaps.Add(string.Create(CultureInfo.InvariantCulture,
                    $"rules[{i}]: {string.Join(", ", compiler.Lost)} cannot be judged of a connection: the rule {(rule is null ? "admits nothing" : "matches without")}"));
            }
            if (rule is not null)
            {
                rules.Add(rule);
            }
        }
        return new(resource, settings, rules.DrainToImmutable(), gaps.DrainToImmutable());
    }

    /// <summary>True if it is in a place from where it can hold for a workload: its namespace, or the root namespace, with or without a selector.</summary>
    public bool Reaches(Workload workload) => _meshWide || string.Equals(Key.Namespace, workload.Key.Namespace, StringComparison.Ordinal);

    /// <summary>True if it chooses a workload that it reaches.</summary>
    public bool Selects(Workload workload) => Selector?.Matches(workload.Labels) ?? true;

    /// <summary>The first rule that matches, or null.</summary>
    internal RuleModel? Find(in ConnectionFacts facts)
    {
        foreach (var rule in Rules)
        {
            if (rule.Matches(facts))
            {
                return rule;
            }
        }
        return null;
    }

    /// <inheritdoc/>
    public override string ToString() => Key.ToString();
}
