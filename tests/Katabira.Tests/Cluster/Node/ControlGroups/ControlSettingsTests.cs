using Katabira.Cluster.Node.ControlGroups;
using Katabira.Tests.Support;
using Xunit;

namespace Katabira.Tests.Cluster.Node.ControlGroups;

public class ControlSettingsTests
{
    [Theory]
    [InlineData("{}", "cpu", false, "cpu.shares=2")]
    [InlineData("{}", "cpu", true, "cpu.weight=1")]
    [InlineData("{ requests: { cpu: 500m } }", "cpu", false, "cpu.shares=512")]
    [InlineData("{ requests: { cpu: '1' } }", "cpu", true, "cpu.weight=39")]
    [InlineData("{ requests: { cpu: '1000' } }", "cpu", true, "cpu.weight=10000")]
    [InlineData("{ requests: { cpu: 100m }, limits: { cpu: 250m } }", "cpu", false, "cpu.shares=102 cpu.cfs_period_us=100000 cpu.cfs_quota_us=25000")]
    [InlineData("{ limits: { cpu: 1500m } }", "cpu", true, "cpu.weight=59 cpu.max=150000 100000")]
    [InlineData("{ limits: { cpu: 1m } }", "cpu", true, "cpu.weight=1 cpu.max=1000 100000")]
    [InlineData("{ limits: { memory: 64Mi } }", "memory", false, "memory.limit_in_bytes=67108864 memory.memsw.limit_in_bytes=67108864")]
    [InlineData("{ limits: { memory: 64Mi } }", "memory", true, "memory.max=67108864 memory.swap.max=0 memory.oom.group=1")]
    [InlineData("{ requests: { memory: 64Mi } }", "memory", false, "")]
    [InlineData("{}", "pids", true, "pids.max=4096")]
    [InlineData("{}", "io", true, "")]
    [InlineData("{ limits: { cpu: lots, memory: -5 } }", "memory", false, "")]
    public void Of_Resources_AreWhatTheFilesTake(string resources, string controller, bool unified, string expected) => Assert.Equal(
        expected, string.Join(' ', ControlSettings.Of(YamlJson.Node(resources)!.AsObject(), controller, unified).Select(s => $"{s.File}={s.Value}")));

    [Theory]
    [InlineData("low 0\nhigh 0\nmax 12\noom 1\noom_kill 2\noom_group_kill 0\n", 2)]
    [InlineData("oom_kill_disable 0\nunder_oom 0\noom_kill 1\n", 1)]
    [InlineData("oom_kill_disable 0\nunder_oom 0\noom_kill 0\n", 0)]
    [InlineData("", 0)]
    public void KillsIn_File_IsTheirNumber(string text, long expected) => Assert.Equal(expected, ControlSettings.KillsIn(text));

    [Fact]
    public void Find_MachineOfVersion2_IsOneTree()
    {
        var found = ControlHierarchy.Find("30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n", _ => "cpuset cpu io memory hugetlb pids rdma\n");

        var tree = Assert.Single(found);
        Assert.Equal(("/sys/fs/cgroup", true), (tree.Mount, tree.IsUnified));
        Assert.Equal(["cpu", "memory", "pids"], tree.Controllers);
    }

    [Fact]
    public void Find_MachineOfBothVersions_IsEachControllerOnce()
    {
        const string Mounts = """
            31 23 0:27 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct
            32 23 0:28 / /sys/fs/cgroup/memory rw shared:9 - cgroup cgroup rw,memory
            33 23 0:29 / /sys/fs/cgroup/systemd rw - cgroup cgroup rw,name=systemd
            34 23 0:30 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw
            35 23 0:31 / / rw - ext4 /dev/vda rw
            36 garbage
            """;

        var found = ControlHierarchy.Find(Mounts, _ => "pids\n");

        Assert.Equal(["/sys/fs/cgroup/unified pids", "/sys/fs/cgroup/cpu,cpuacct cpu", "/sys/fs/cgroup/memory memory"], found.Select(h => $"{h.Mount} {string.Join('+', h.Controllers)}"));
    }
}
