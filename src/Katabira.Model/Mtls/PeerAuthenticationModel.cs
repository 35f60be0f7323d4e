using System.Collections.Frozen;
using Katabira.Model.Kinds;
using Katabira.Model.Mesh;
using Katabira.Model.Resources;

namespace Katabira.Model.Mtls;

/// <summary>A PeerAuthentication as rules read it: scope known, modes resolved, ports as numbers. Immutable; compiled once per version of the object.</summary>
public sealed class PeerAuthenticationModel
{
    private readonly KeyValuePair<string, string>[] _selector;

    private PeerAuthenticationModel(Resource<PeerAuthentication> resource, PolicyScope scope)
    {
        Metadata = resource.Metadata;
        Key = resource.Key;
        Scope = scope;
        Mode = Resolve(resource.Spec.Mtls);
        _selector = resource.Spec.Selector is { Selects: true } selector ? [.. selector.MatchLabels!] : [];
        Ports = CompilePorts(resource.Spec);
    }

    /// <summary>Namespace and name.</summary>
    public ObjectKey Key { get; }

    /// <summary>Age and labels of the object.</summary>
    public ObjectMeta Metadata { get; }

    /// <summary>How far it reaches.</summary>
    public PolicyScope Scope { get; }

    /// <summary>The mode it sets; null if it leaves that to the next wider policy.</summary>
    public EffectiveMode? Mode { get; }

    /// <summary>Modes of single workload ports; a null value leaves that port to <see cref="Mode"/> and the wider policies.</summary>
    /// <remarks>Ports of a policy without selector are listed too, so that it can be said that they do not count.</remarks>
    public FrozenDictionary<ushort, EffectiveMode?> Ports { get; }

    /// <summary>The labels it demands; empty for a policy that selects by place alone.</summary>
    public ReadOnlySpan<KeyValuePair<string, string>> Selector => _selector;

    /// <summary>Compiles a policy. Keys of <c>portLevelMtls</c> that are no ports (the API server refuses them) are left out.</summary>
    public static PeerAuthenticationModel Compile(Resource<PeerAuthentication> resource, MeshSettings settings)
    {
        var inRoot = string.Equals(resource.Metadata.Namespace, settings.RootNamespace, StringComparison.Ordinal);
        var selects = resource.Spec.Selector is { Selects: true };
        return new(resource, (inRoot, selects) switch
        {
            (true, true) => PolicyScope.Nothing,
            (true, false) => PolicyScope.Mesh,
            (false, true) => PolicyScope.Workload,
            (false, false) => PolicyScope.Namespace,
        });
    }

    /// <summary>True if every label of the selector is there.</summary>
    public bool Selects(IReadOnlyDictionary<string, string> labels)
    {
        foreach (var (key, value) in _selector)
        {
            if (!labels.TryGetValue(key, out var actual) || !string.Equals(actual, value, StringComparison.Ordinal))
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>Orders policies of one scope: the first counts, the others are shadowed.</summary>
    public static int ByAge(PeerAuthenticationModel left, PeerAuthenticationModel right) => ResourceAge.Compare(left.Metadata, right.Metadata);

    /// <inheritdoc/>
    public override string ToString() => Key.ToString();

    private static EffectiveMode? Resolve(MutualTls? mtls) => mtls?.Mode switch
    {
        MutualTlsMode.Disable => EffectiveMode.Disable,
        MutualTlsMode.Permissive => EffectiveMode.Permissive,
        MutualTlsMode.Strict => EffectiveMode.Strict,
        _ => null,
    };

    private static FrozenDictionary<ushort, EffectiveMode?> CompilePorts(PeerAuthentication spec)
    {
        var ports = new Dictionary<ushort, EffectiveMode?>();
        foreach (var (key, mtls) in spec.PortLevelMtls ?? FrozenDictionary<string, MutualTls>.Empty)
        {
            if (PeerAuthentication.TryParsePort(key, out var port))
            {
                ports[port] = Resolve(mtls);
            }
        }
        return ports.ToFrozenDictionary();
    }
}
