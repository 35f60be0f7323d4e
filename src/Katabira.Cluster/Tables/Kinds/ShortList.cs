namespace Katabira.Cluster.Tables.Kinds;

/// <summary>The beginning of a list that may be long.</summary>
internal static class ShortList
{
    /// <summary><c>a,b,c + 4 more...</c></summary>
    /// <param name="empty">What stands for no items at all.</param>
    public static string Of(IEnumerable<string> items, string empty, int limit = 3)
    {
        var shown = new List<string>(limit);
        var count = 0;
        foreach (var item in items)
        {
            if (count++ < limit)
            {
                shown.Add(item);
            }
        }
        var text = string.Join(',', shown);
        return count > limit ? $"{text} + {count - limit} more..." : text.Length == 0 ? empty : text;
    }
}
