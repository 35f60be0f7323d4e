using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Katabira.Cluster.Resources;

namespace Katabira.Cluster.Controllers.Workloads;

/// <summary>One ReplicaSet to bring to a size.</summary>
internal readonly record struct Resize(JsonObject Set, long Replicas);

/// <summary>
/// The next step of a rollout: which ReplicaSets get which size, as far as surge and availability allow now. The step after it follows from what
/// becomes of this one. Pure.
/// </summary>
/// <remarks>Behaviour: kubernetes/kubernetes pkg/controller/deployment (rolling.go, recreate.go, sync.go).</remarks>
internal sealed class DeploymentPlan
{
    private readonly JsonObject _deployment;
    private readonly ImmutableArray<JsonObject> _old;
    private readonly long _wanted;
    private readonly long _maxSurge;
    private readonly long _maxUnavailable;

    /// <param name="deployment">The Deployment.</param>
    /// <param name="sets">Its ReplicaSets.</param>
    public DeploymentPlan(JsonObject deployment, IEnumerable<JsonObject> sets)
    {
        _deployment = deployment;
        var template = deployment.Child("spec").Child("template");
        JsonObject[] all = [.. sets.OrderBy(s => s.Child("metadata").Time("creationTimestamp")).ThenBy(s => s.NameOf(), StringComparer.Ordinal)];
        New = all.FirstOrDefault(s => TemplateHash.IsSame(s.Child("spec").Child("template"), template));
        _old = [.. all.Where(s => !ReferenceEquals(s, New))];
        _wanted = deployment.Child("spec").Integer("replicas") ?? 1;
        (_maxSurge, _maxUnavailable) = Bounds();
    }

    /// <summary>The ReplicaSet of the present template; null if it is still to be made.</summary>
    public JsonObject? New { get; }

    /// <summary>Those of earlier templates, the oldest first.</summary>
    public ImmutableArray<JsonObject> Old => _old;

    public bool IsRecreate => _deployment.Child("spec").Child("strategy").Text("type") == "Recreate";

    /// <summary>The number of the present template among all the Deployment has had.</summary>
    public long NextRevision => _old.Select(RevisionOf).DefaultIfEmpty(0).Max() + 1;

    public static long RevisionOf(JsonObject set) =>
        long.TryParse(set.Child("metadata").Child("annotations").Text(ReplicaSetMaker.RevisionAnnotation), NumberStyles.None, CultureInfo.InvariantCulture, out var revision) ? revision : 0;

    /// <summary>How large the new ReplicaSet begins.</summary>
    public long FirstSize => IsRecreate ? (_old.Sum(Size) == 0 && _old.Sum(Pods) == 0 ? _wanted : 0) : NewSize(0, _old.Sum(Size));

    /// <summary>The sizes to set now; empty if there is nothing to do but to wait.</summary>
    public ImmutableArray<Resize> Next()
    {
        if (New is null)
        {
            return [];
        }
        if (_deployment.Child("spec").Flag("paused"))
        {
            // a paused Deployment still has the size that somebody gives it
            return _old.All(s => Size(s) == 0) && Size(New) != _wanted ? [new(New, _wanted)] : [];
        }
        if (IsRecreate)
        {
            return Recreate(New);
        }
        var size = Size(New) > _wanted ? _wanted : NewSize(Size(New), _old.Sum(Size) + Size(New));
        return size != Size(New) ? [new(New, size)] : ScaleDown(New);
    }

    /// <summary>ReplicaSets that nobody will roll back to.</summary>
    public IEnumerable<JsonObject> Forgotten()
    {
        var limit = _deployment.Child("spec").Integer("revisionHistoryLimit") ?? 10;
        var empty = _old.Where(s => Size(s) == 0 && Pods(s) == 0 && !s.Child("metadata").Has("deletionTimestamp")).OrderBy(RevisionOf).ToList();
        return empty.Take((int)Math.Max(0, empty.Count - limit));
    }

    private static long Size(JsonObject set) => set.Child("spec").Integer("replicas") ?? 1;

    private static long Pods(JsonObject set) => set.Child("status").Count("replicas");

    private static long Available(JsonObject set) => set.Child("status").Count("availableReplicas");

    private ImmutableArray<Resize> Recreate(JsonObject @new)
    {
        if (_old.Any(s => Size(s) > 0))
        {
            return [.. _old.Where(s => Size(s) > 0).Select(s => new Resize(s, 0))];
        }
        // the old pods end before the first new one begins
        return _old.Sum(Pods) > 0 || Size(@new) == _wanted ? [] : [new(@new, _wanted)];
    }

    /// <summary>As many more as the surge leaves room for.</summary>
    private long NewSize(long now, long total) => now + Math.Clamp(Math.Min(_wanted + _maxSurge - total, _wanted - now), 0, _wanted);

    private ImmutableArray<Resize> ScaleDown(JsonObject @new)
    {
        var all = _old.Sum(Size) + Size(@new);
        var least = _wanted - _maxUnavailable;
        var missingOfNew = Math.Max(0, Size(@new) - Available(@new));
        var room = all - least - missingOfNew;
        var steps = new List<Resize>();
        if (room <= 0)
        {
            return [];
        }
        // first what does not work anyway
        var sizes = _old.Select(s => (Set: s, Size: Size(s))).ToList();
        for (var i = 0; i < sizes.Count && room > 0; i++)
        {
            var broken = Math.Min(room, Math.Max(0, sizes[i].Size - Available(sizes[i].Set)));
            sizes[i] = (sizes[i].Set, sizes[i].Size - broken);
            room -= broken;
        }
        var spare = _old.Sum(Available) + Available(@new) - least;
        for (var i = 0; i < sizes.Count && spare > 0; i++)
        {
            var step = Math.Min(spare, sizes[i].Size);
            sizes[i] = (sizes[i].Set, sizes[i].Size - step);
            spare -= step;
        }
        steps.AddRange(sizes.Where(s => s.Size != Size(s.Set)).Select(s => new Resize(s.Set, s.Size)));
        return [.. steps];
    }

    private (long Surge, long Unavailable) Bounds()
    {
        var rolling = _deployment.Child("spec").Child("strategy").Child("rollingUpdate");
        var surge = IntOrPercent.Of(rolling?["maxSurge"], _wanted, roundUp: true);
        var unavailable = IntOrPercent.Of(rolling?["maxUnavailable"], _wanted, roundUp: false);
        // both zero would never move
        return (surge, surge == 0 && unavailable == 0 ? 1 : Math.Min(unavailable, _wanted));
    }
}
