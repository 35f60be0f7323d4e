using System.Text;

namespace Katabira.Cluster.Patching.Ownership;

/// <summary>A set of paths into an object: what a manager owns, or what a change touched.</summary>
/// <remarks>
/// A tree by path element. That <c>spec.replicas</c> is in the set does not mean that <c>spec</c> is. The set operations make new sets and leave their
/// arguments alone, but results may share parts with them: treat a set as finished once it took part in one. Not thread-safe while it is filled.
/// </remarks>
internal sealed class FieldSet
{
    private readonly Dictionary<PathElement, Node> _nodes = [];

    /// <summary>True if no path is in the set.</summary>
    public bool IsEmpty => _nodes.Count == 0;

    /// <summary>What stands at this level, in the canonical order.</summary>
    public IEnumerable<(PathElement Element, bool IsMember, FieldSet Children)> Entries =>
        _nodes.OrderBy(node => node.Key).Select(node => (node.Key, node.Value.IsMember, node.Value.Children ?? s_empty));

    private static readonly FieldSet s_empty = new();

    /// <summary>Adds the path itself; neither what leads to it nor what is below it.</summary>
    public void Add(PathElement element) => _nodes[element] = _nodes.GetValueOrDefault(element) with { IsMember = true };

    /// <summary>Adds all of <paramref name="children"/> below <paramref name="element"/>.</summary>
    public void AddBelow(PathElement element, FieldSet children)
    {
        if (!children.IsEmpty)
        {
            var node = _nodes.GetValueOrDefault(element);
            _nodes[element] = node with { Children = node.Children is null ? children : node.Children.Union(children) };
        }
    }

    /// <summary>True if the path of this one element is in the set.</summary>
    public bool Has(PathElement element) => _nodes.TryGetValue(element, out var node) && node.IsMember;

    /// <summary>The part of the set below <paramref name="element"/>; empty if there is none.</summary>
    public FieldSet Below(PathElement element) => _nodes.TryGetValue(element, out var node) && node.Children is not null ? node.Children : s_empty;

    /// <summary>The paths that are in either set.</summary>
    public FieldSet Union(FieldSet other)
    {
        if (IsEmpty || other.IsEmpty)
        {
            return IsEmpty ? other : this;
        }
        var result = new FieldSet();
        foreach (var (element, mine) in _nodes)
        {
            var its = other._nodes.GetValueOrDefault(element);
            var children = mine.Children is null || its.Children is null ? mine.Children ?? its.Children : mine.Children.Union(its.Children);
            result._nodes[element] = new Node(mine.IsMember || its.IsMember, children);
        }
        foreach (var (element, its) in other._nodes)
        {
            result._nodes.TryAdd(element, its);
        }
        return result;
    }

    /// <summary>The paths that are in both sets.</summary>
    public FieldSet Intersect(FieldSet other)
    {
        var result = new FieldSet();
        foreach (var (element, mine) in _nodes)
        {
            if (other._nodes.TryGetValue(element, out var its))
            {
                result.Keep(element, mine.IsMember && its.IsMember, mine.Children is null || its.Children is null ? null : mine.Children.Intersect(its.Children));
            }
        }
        return result;
    }

    /// <summary>The paths that are in this set and not in <paramref name="other"/>. A path does not take what is below it with it.</summary>
    public FieldSet Except(FieldSet other)
    {
        if (IsEmpty || other.IsEmpty)
        {
            return this;
        }
        var result = new FieldSet();
        foreach (var (element, mine) in _nodes)
        {
            var its = other._nodes.GetValueOrDefault(element);
            result.Keep(element, mine.IsMember && !its.IsMember, mine.Children is null || its.Children is null ? mine.Children : mine.Children.Except(its.Children));
        }
        return result;
    }

    /// <summary>True if both sets hold the same paths.</summary>
    public bool SetEquals(FieldSet other)
    {
        if (_nodes.Count != other._nodes.Count)
        {
            return false;
        }
        foreach (var (element, mine) in _nodes)
        {
            if (!other._nodes.TryGetValue(element, out var its) || mine.IsMember != its.IsMember || !(mine.Children ?? s_empty).SetEquals(its.Children ?? s_empty))
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>
    /// The set with the structs on the way to its paths: who owns <c>spec.replicas</c> keeps <c>spec</c> alive, too. Entries of maps and items of lists
    /// are not added; they have to be owned themselves.
    /// </summary>
    public FieldSet WithStructs(ListTypes types)
    {
        var result = new FieldSet();
        foreach (var (element, node) in _nodes)
        {
            var next = types.At(element, out var isStructField);
            result._nodes[element] = new Node(node.IsMember || (isStructField && node.Children is not null), node.Children?.WithStructs(next));
        }
        return result;
    }

    /// <summary>The first paths as text, e.g. <c>.spec.replicas</c>: at each level those that end there, then those that go on. Long ones are cut.</summary>
    public IEnumerable<string> Paths(int most) => Paths(new StringBuilder()).Take(most);

    private IEnumerable<string> Paths(StringBuilder prefix)
    {
        const int longest = 1024;
        var entries = Entries.ToList();
        foreach (var (element, isMember, _) in entries)
        {
            if (isMember)
            {
                var last = element.ToString();
                yield return $"{prefix.ToString(0, Math.Min(prefix.Length, longest))}{(last.Length <= longest ? last : last[..longest] + "…")}";
            }
        }
        foreach (var (element, _, children) in entries)
        {
            var length = prefix.Length;
            prefix.Append(element);
            foreach (var path in children.Paths(prefix))
            {
                yield return path;
            }
            prefix.Length = length;
        }
    }

    private void Keep(PathElement element, bool isMember, FieldSet? children)
    {
        children = children is { IsEmpty: false } ? children : null;
        if (isMember || children is not null)
        {
            _nodes[element] = new Node(isMember, children);
        }
    }

    private readonly record struct Node(bool IsMember, FieldSet? Children);
}
