namespace Katabira.Model.Resources;

/// <summary>Who came first.</summary>
public static class ResourceAge
{
    /// <summary>The order in which objects of one scope claim precedence: the oldest first, then by name and namespace.</summary>
    /// <remarks>Timestamps have a resolution of one second, so the names do decide in practice. An object without one is not stored yet: it is the youngest.</remarks>
    public static int Compare(ObjectMeta left, ObjectMeta right)
    {
        var byTime = (left.CreationTimestamp ?? DateTimeOffset.MaxValue).CompareTo(right.CreationTimestamp ?? DateTimeOffset.MaxValue);
        if (byTime != 0)
        {
            return byTime;
        }
        var byName = string.CompareOrdinal(left.Name, right.Name);
        return byName != 0 ? byName : string.CompareOrdinal(left.Namespace, right.Namespace);
    }
}
