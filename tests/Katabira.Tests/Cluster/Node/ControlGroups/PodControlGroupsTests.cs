using System.Text.Json.Nodes;
using Katabira.Cluster.Node.ControlGroups;
using Katabira.Tests.Cluster.Access;
using Katabira.Tests.Cluster.Node.Containers;
using Xunit;

namespace Katabira.Tests.Cluster.Node.ControlGroups;

/// <summary>With folders that only look like control groups.</summary>
public sealed class PodControlGroupsTests : IDisposable
{
    private static readonly JsonObject s_container = Requests.Of("resources: { limits: { memory: 1Mi, cpu: '1' } }").Container;

    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _told = [];

    private string Mounts => $"31 23 0:27 / {_folder.Path} rw - cgroup cgroup rw,memory\n";

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Open_NoGroups_SaysSoOnceAndDoesNothing()
    {
        var groups = PodControlGroups.Open("ktb-1", "35 23 0:31 / / rw - ext4 /dev/vda rw\n", _told.Add);

        Assert.False(groups.IsActive);
        Assert.Empty(groups.Make("uid", s_container, 0));
        Assert.False(groups.WasOutOfMemory("uid", s_container, 0));
        groups.RemovePod("uid");
        groups.Remove();
        Assert.Equal(["limits of cpu and memory do nothing on this machine, because it has no control groups mounted"], _told);
    }

    [Fact]
    public void Open_WhereNothingCanBeMade_SaysSoOnceAndDoesNothing()
    {
        File.WriteAllText(Path.Combine(_folder.Path, "ktb-1"), "in the way");

        var groups = PodControlGroups.Open("ktb-1", Mounts, _told.Add);

        Assert.False(groups.IsActive);
        Assert.Empty(groups.Make("uid", s_container, 0));
        Assert.StartsWith("limits of cpu and memory do nothing on this machine, because control groups cannot be made: ", Assert.Single(_told), StringComparison.Ordinal);
    }

    [Fact]
    public void Make_FileThatTheKernelHasNot_IsToldOnceAndTheGroupIsThere()
    {
        var groups = PodControlGroups.Open("ktb-1", Mounts, _told.Add);

        var made = groups.Make("uid", s_container, 3);
        groups.Make("uid", s_container, 4);

        Assert.Equal([Path.Combine(_folder.Path, "ktb-1/uid/server-3")], made);
        Assert.True(Directory.Exists(made[0]));
        Assert.Contains("memory.limit_in_bytes", Assert.Single(_told), StringComparison.Ordinal);
    }

    [Fact]
    public void WasOutOfMemory_Kill_IsSeenOfItsRunOnly()
    {
        var groups = PodControlGroups.Open("ktb-1", Mounts, _told.Add);
        var made = groups.Make("uid", s_container, 0);
        groups.Make("uid", s_container, 1);
        File.WriteAllText(Path.Combine(made[0], "memory.oom_control"), "oom_kill_disable 0\noom_kill 1\n");

        Assert.True(groups.WasOutOfMemory("uid", s_container, 0));
        Assert.False(groups.WasOutOfMemory("uid", s_container, 1));
        Assert.False(groups.WasOutOfMemory("gone", s_container, 0));
    }

    [Fact]
    public void RemoveOthers_DeadPods_AreRemovedAndLivingStay()
    {
        var groups = PodControlGroups.Open("ktb-1", Mounts, _told.Add);
        groups.Make("dead", s_container, 0);
        groups.Make("alive", s_container, 0);
        groups.Make("alive", s_container, 1);

        PodControlGroups.Open("ktb-1", Mounts, _told.Add).RemoveOthers(new HashSet<string> { "alive" });
        groups.RemoveRun("alive", s_container, 0);

        Assert.Equal(["ktb-1/alive", "ktb-1/alive/server-1"], All());
        groups.RemovePod("alive");
        Assert.Empty(All());
        groups.Remove();
        Assert.Empty(Directory.EnumerateDirectories(_folder.Path));
    }

    private List<string> All() =>
        [.. Directory.EnumerateDirectories(Path.Combine(_folder.Path, "ktb-1"), "*", SearchOption.AllDirectories).Select(d => Path.GetRelativePath(_folder.Path, d)).Order(StringComparer.Ordinal)];
}
