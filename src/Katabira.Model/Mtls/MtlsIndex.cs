using System.Collections.Immutable;
using Katabira.Model.Kinds;
using Katabira.Model.Mesh;
using Katabira.Model.Resources;

namespace Katabira.Model.Mtls;

/// <summary>Keeps the answer of every workload up to date while policies and workloads come and go one at a time.</summary>
/// <remarks>
/// Owned: one task applies events; not thread-safe. Incremental: an event re-evaluates only the workloads it can touch.
/// Faithful: the answers are those of <see cref="EffectiveMtls"/>, whatever the order of the events.
/// </remarks>
/// <param name="settings">The mesh; a change of it needs a new index.</param>
public sealed class MtlsIndex(MeshSettings settings)
{
    private static readonly ImmutableArray<ObjectKey> s_nothing = [];

    private readonly Dictionary<string, NamespacePolicies> _policies = new(StringComparer.Ordinal);
    private readonly Dictionary<string, NamespaceWorkloads> _workloads = new(StringComparer.Ordinal);

    /// <summary>How many workloads have been evaluated since the start: what the events have cost.</summary>
    public long Evaluations { get; private set; }

    /// <summary>Adds a policy or replaces its older version.</summary>
    /// <returns>The workloads whose answer changed.</returns>
    public ImmutableArray<ObjectKey> Apply(Resource<PeerAuthentication> policy)
    {
        var model = PeerAuthenticationModel.Compile(policy, settings);
        var old = PoliciesOf(model.Key.Namespace).Replace(model);
        return Reevaluate(model.Key.Namespace, old, model);
    }

    /// <summary>Takes a policy away; unknown keys change nothing.</summary>
    /// <inheritdoc cref="Apply(Resource{PeerAuthentication})" path="/returns"/>
    public ImmutableArray<ObjectKey> RemovePolicy(ObjectKey key)
    {
        if (!_policies.TryGetValue(key.Namespace, out var policies) || policies.Remove(key) is not { } old)
        {
            return s_nothing;
        }
        if (policies.IsEmpty)
        {
            _policies.Remove(key.Namespace);
        }
        return Reevaluate(key.Namespace, old, null);
    }

    /// <summary>Adds a workload or replaces its older version.</summary>
    /// <returns>The workload, if its answer is new or changed.</returns>
    public ImmutableArray<ObjectKey> Apply(Workload workload)
    {
        var ns = workload.Key.Namespace;
        if (!_workloads.TryGetValue(ns, out var workloads))
        {
            _workloads[ns] = workloads = new NamespaceWorkloads();
        }
        var known = workloads.Find(workload.Key.Name) is { } entry ? entry.Answer : (WorkloadMtls?)null;
        var answer = Evaluate(workload);
        workloads.Set(workload, answer);
        return known is { } before && before.SameAs(answer) ? s_nothing : [workload.Key];
    }

    /// <summary>Forgets a workload; unknown keys change nothing.</summary>
    public void RemoveWorkload(ObjectKey key)
    {
        if (_workloads.TryGetValue(key.Namespace, out var workloads) && workloads.Remove(key.Name) && workloads.IsEmpty)
        {
            _workloads.Remove(key.Namespace);
        }
    }

    /// <summary>The answer for a workload; null if it is unknown.</summary>
    public WorkloadMtls? Find(ObjectKey key) =>
        _workloads.TryGetValue(key.Namespace, out var workloads) ? workloads.Find(key.Name)?.Answer : null;

    /// <summary>The whole story of one port; null if the workload is unknown.</summary>
    /// <inheritdoc cref="EffectiveMtls.Explain" path="/param[@name='port']"/>
    public Ladder? Explain(ObjectKey key, ushort? port) =>
        _workloads.TryGetValue(key.Namespace, out var workloads) && workloads.Find(key.Name) is { } entry
            ? EffectiveMtls.Explain(settings, Concerning(key.Namespace), entry.Workload, port)
            : null;

    private IEnumerable<PeerAuthenticationModel> Concerning(string ns)
    {
        var own = _policies.GetValueOrDefault(ns)?.All ?? [];
        return ns == settings.RootNamespace ? own : own.Concat(_policies.GetValueOrDefault(settings.RootNamespace)?.All ?? []);
    }

    private NamespacePolicies PoliciesOf(string ns)
    {
        if (!_policies.TryGetValue(ns, out var policies))
        {
            _policies[ns] = policies = new NamespacePolicies();
        }
        return policies;
    }

    private WorkloadMtls Evaluate(Workload workload)
    {
        Evaluations++;
        var own = _policies.GetValueOrDefault(workload.Key.Namespace);
        var root = _policies.GetValueOrDefault(settings.RootNamespace);
        return new(new ChosenPolicies(own?.OldestSelecting(workload.Labels), own?.Oldest(PolicyScope.Namespace), root?.Oldest(PolicyScope.Mesh)));
    }

    /// <summary>Walks the namespaces that a policy reaches, before and after its change, and in them only the workloads it selects.</summary>
    private ImmutableArray<ObjectKey> Reevaluate(string ns, PeerAuthenticationModel? before, PeerAuthenticationModel? after)
    {
        var changed = ImmutableArray.CreateBuilder<ObjectKey>();
        if (before?.Scope == PolicyScope.Mesh || after?.Scope == PolicyScope.Mesh)
        {
            foreach (var workloads in _workloads.Values)
            {
                Reevaluate(workloads, before, after, changed);
            }
        }
        else if (_workloads.TryGetValue(ns, out var workloads))
        {
            Reevaluate(workloads, before, after, changed);
        }
        return changed.DrainToImmutable();
    }

    private void Reevaluate(NamespaceWorkloads workloads, PeerAuthenticationModel? before, PeerAuthenticationModel? after, ImmutableArray<ObjectKey>.Builder changed)
    {
        foreach (var entry in workloads.Entries)
        {
            if (!Touches(before, entry.Workload) && !Touches(after, entry.Workload))
            {
                continue;
            }
            var answer = Evaluate(entry.Workload);
            if (!answer.SameAs(entry.Answer))
            {
                changed.Add(entry.Workload.Key);
            }
            entry.Answer = answer;
        }
    }

    private static bool Touches(PeerAuthenticationModel? policy, Workload workload) =>
        policy is { Scope: not PolicyScope.Nothing } && policy.Selects(workload.Labels);
}
