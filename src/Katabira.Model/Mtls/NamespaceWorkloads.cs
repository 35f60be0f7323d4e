using Katabira.Model.Mesh;

namespace Katabira.Model.Mtls;

/// <summary>The workloads of one namespace with their present answers.</summary>
internal sealed class NamespaceWorkloads
{
    private readonly Dictionary<string, Entry> _byName = new(StringComparer.Ordinal);

    public bool IsEmpty => _byName.Count == 0;

    public Dictionary<string, Entry>.ValueCollection Entries => _byName.Values;

    public Entry? Find(string name) => _byName.GetValueOrDefault(name);

    public bool Remove(string name) => _byName.Remove(name);

    public void Set(Workload workload, WorkloadMtls answer) => _byName[workload.Key.Name] = new Entry(workload) { Answer = answer };

    /// <summary>One workload; the answer is replaced in place when a policy touches it.</summary>
    internal sealed class Entry(Workload workload)
    {
        public Workload Workload { get; } = workload;

        public WorkloadMtls Answer { get; set; }
    }
}
