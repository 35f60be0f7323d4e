using Katabira.Model.Resources;
using Katabira.Model.Schema;

namespace Katabira.Model.Kinds;

/// <summary>How traffic is shared between places. A place is <c>region/zone/subzone</c>; the end may be left out, or be <c>*</c>.</summary>
public sealed record LocalityLbSetting : Extensible
{
    /// <summary>Shares of each place's traffic, by where it goes. Excludes failover.</summary>
    public IReadOnlyList<LocalityDistribute>? Distribute { get; init; }

    /// <summary>Where a region's traffic goes when the region has no healthy endpoint. Excludes distribute.</summary>
    public IReadOnlyList<RegionFailover>? Failover { get; init; }

    /// <summary>Labels by which endpoints are ranked: the more of the first ones agree with the client's, the sooner they are used.</summary>
    public IReadOnlyList<string>? FailoverPriority { get; init; }

    /// <summary>Whether places matter at all. Left out, as the mesh has it.</summary>
    [Field(Nullable = true)]
    public bool? Enabled { get; init; }
}

/// <summary>Shares of the traffic that comes from one place.</summary>
public sealed record LocalityDistribute : Extensible
{
    /// <summary>The place it comes from.</summary>
    public string? From { get; init; }

    /// <summary>Per cent by place; together they are 100.</summary>
    public IReadOnlyDictionary<string, uint>? To { get; init; }
}

/// <summary>The region that stands in for another.</summary>
public sealed record RegionFailover : Extensible
{
    /// <summary>The region that failed.</summary>
    public string? From { get; init; }

    /// <summary>The region that stands in.</summary>
    public string? To { get; init; }
}

/// <summary>Preference for endpoints of the own zone. Regions, zones and subzones are ranked by themselves.</summary>
public sealed record ZoneAwareLbSetting : Extensible
{
    /// <summary>Where a region's traffic goes when the region has no healthy endpoint.</summary>
    public IReadOnlyList<RegionFailover>? Failover { get; init; }

    /// <summary>Labels by which endpoints are ranked besides their place.</summary>
    public IReadOnlyList<string>? FailoverPriority { get; init; }

    /// <summary>Whether zones matter at all. Left out, as the mesh has it.</summary>
    [Field(Nullable = true)]
    public bool? Enabled { get; init; }

    /// <summary>With fewer endpoints than this, zones do not matter.</summary>
    [Field(Nullable = true, Minimum = 1)]
    public long? MinClusterSize { get; init; }
}
