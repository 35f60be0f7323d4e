using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Katabira.Cluster.Cel.Functions;

/// <summary>Every function and operator there is. A name that is not here does not compile, so a rule cannot pass for want of a function.</summary>
internal static class FunctionTable
{
    private static readonly FrozenDictionary<(string Name, bool IsMethod), ImmutableArray<Overload>> s_overloads =
        Arithmetic.Overloads.Concat(Comparisons.Overloads).Concat(Collections.Overloads).Concat(Strings.Overloads).Concat(Patterns.Overloads)
            .Concat(Conversions.Overloads).Concat(Times.Overloads).Concat(Urls.Overloads).Concat(Addresses.Overloads).Concat(Optionals.Overloads)
            .GroupBy(o => (o.Name, o.IsMethod))
            .ToFrozenDictionary(g => g.Key, g => g.ToImmutableArray());

    private static readonly FrozenSet<string> s_names = s_overloads.Keys.Select(k => k.Name).ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, CelType> s_types = new Dictionary<string, CelType>(StringComparer.Ordinal)
    {
        ["bool"] = CelType.Bool,
        ["int"] = CelType.Int,
        ["uint"] = CelType.Uint,
        ["double"] = CelType.Double,
        ["string"] = CelType.String,
        ["bytes"] = CelType.Bytes,
        ["null_type"] = CelType.Null,
        ["type"] = CelType.Type,
        ["list"] = CelType.List(CelType.Dyn),
        ["map"] = CelType.Map(CelType.Dyn, CelType.Dyn),
        ["google.protobuf.Duration"] = CelType.Duration,
        ["google.protobuf.Timestamp"] = CelType.Timestamp,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The signatures of a function or of a method; empty if there is none.</summary>
    public static ImmutableArray<Overload> Find(string name, bool isMethod) => s_overloads.TryGetValue((name, isMethod), out var found) ? found : [];

    /// <summary>True if there is a function or method of that name at all.</summary>
    public static bool Knows(string name) => s_names.Contains(name);

    /// <summary>The type that a name stands for, as in <c>type(self) == int</c>; null if it is none.</summary>
    public static CelType? TypeNamed(string name) => s_types.GetValueOrDefault(name);
}
