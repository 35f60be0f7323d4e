using Katabira.Model.Resources;

namespace Katabira.Model.Mesh;

/// <summary>Something that accepts connections and that policies select: a pod, or a machine outside the cluster.</summary>
/// <param name="Key">Namespace and name.</param>
/// <param name="Labels">What selectors look at.</param>
public sealed record Workload(ObjectKey Key, IReadOnlyDictionary<string, string> Labels);
