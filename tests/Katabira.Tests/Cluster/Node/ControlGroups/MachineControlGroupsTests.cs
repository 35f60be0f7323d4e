using System.Diagnostics;
using System.Text.Json.Nodes;
using Katabira.Cluster.Node.ControlGroups;
using Katabira.Tests.Cluster.Node.Containers;
using Xunit;

namespace Katabira.Tests.Cluster.Node.ControlGroups;

/// <summary>With the machine's own control groups, where it lets us have some.</summary>
public sealed class MachineControlGroupsTests : IDisposable
{
    private static readonly JsonObject s_container = Requests.Of("resources: { limits: { memory: 16Mi, cpu: 200m } }").Container;

    private readonly List<string> _told = [];
    private readonly PodControlGroups _groups;

    public MachineControlGroupsTests() => _groups = PodControlGroups.Open($"ktb-test-{Guid.NewGuid():n}", _told.Add);

    public void Dispose() => _groups.Remove();

    [Fact]
    public async Task Make_ContainerThatTakesTooMuch_IsKilledAndThatIsSeen()
    {
        var folders = _groups.Make("uid", s_container, 0);
        if (!_groups.IsActive)
        {
            Assert.Single(_told);
            return;
        }

        var code = await RunAsync("head -c 100000000 /dev/zero | tail -c 100000000 | wc -c > /dev/null", folders);

        Assert.Empty(_told);
        Assert.True(_groups.WasOutOfMemory("uid", s_container, 0), $"not killed; exit code {code}");
        _groups.RemoveRun("uid", s_container, 0);
        Assert.DoesNotContain(folders, Directory.Exists);
    }

    [Fact]
    public async Task Make_ModestContainer_RunsInItsGroups()
    {
        var folders = _groups.Make("uid", s_container, 1);

        Assert.Equal(0, await RunAsync("true", folders));

        Assert.False(_groups.WasOutOfMemory("uid", s_container, 1));
        _groups.RemovePod("uid");
        Assert.DoesNotContain(folders, Directory.Exists);
    }

    /// <summary>A shell that enters the groups as a container's first process does.</summary>
    private static async Task<int> RunAsync(string command, IReadOnlyList<string> folders)
    {
        var script = "for g; do echo 0 > \"$g/cgroup.procs\" || exit 99; done; exec 2> /dev/null; " + command;
        using var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", script, "sh", .. folders]))!;
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return process.ExitCode;
    }
}
