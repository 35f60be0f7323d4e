using Katabira.Cli.Clusters;
using Katabira.Cli.Clusters.Ports;
using Katabira.Cli.Clusters.Processes;
using Katabira.Cli.Output;
using Xunit;

namespace Katabira.Tests.Cli.Clusters;

public class ClusterStateTests
{
    private static readonly ProcessIdentity s_process = new(100, 5000, "boot-1");

    private static readonly Uri s_address = new("https://127.0.0.1:6443");

    public static TheoryData<string, bool, bool, string, string> Rows => new()
    {
        // what it is about, has written an address, another process now has the number, boot of now, state
        { "answers", true, false, "boot-1", "running" },
        { "not yet", false, false, "boot-1", "starting" },
        { "number reused", true, true, "boot-1", "crashed" },
        { "number reused before it was ready", false, true, "boot-1", "crashed" },
        { "after a reboot", true, true, "boot-2", "stopped" },
    };

    [Theory, MemberData(nameof(Rows))]
    public void State_OfWhatWasWritten_IsDecidedByWhatLives(string what, bool hasAddress, bool isAnother, string boot, string expected)
    {
        var written = new ServeRecord(s_process, DateTimeOffset.UnixEpoch, "1", hasAddress ? s_address : null);
        var alive = s_process with { StartTicks = isAnother ? 6000 : 5000 };

        Assert.True(expected == ClusterStates.Decide(written, isAnother && boot != "boot-1" ? null : alive, boot).Word(), what);
        Assert.Equal(boot == "boot-1" ? ClusterState.Crashed : ClusterState.Stopped, ClusterStates.Decide(written, alive: null, boot));
    }

    [Fact]
    public void State_NothingWritten_IsStopped() => Assert.Equal(ClusterState.Stopped, ClusterStates.Decide(null, alive: s_process, "boot-1"));

    [Theory]
    [InlineData("1 (a) S 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 777 0 0", 777L)]
    [InlineData("1 (a) R) S 9 9) S 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 778 0", 778L)]
    [InlineData("1 (a) Z 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 777 0 0", null)]
    [InlineData("1 (a) X 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 777 0 0", null)]
    [InlineData("1 (a) S 0 0", null)]
    [InlineData("", null)]
    public void StartTicks_OfALine_AreField22OfTheLiving(string stat, long? expected) => Assert.Equal(expected, ProcessIdentity.StartTicksIn(stat));

    [Fact]
    public void Identity_OfThisProcess_IsAlive()
    {
        var self = ProcessIdentity.OfThisProcess();

        Assert.True(self.IsAlive());
        Assert.False((self with { StartTicks = self.StartTicks - 1 }).IsAlive());
        Assert.False((self with { Boot = "another" }).IsAlive());
        // Beyond the largest number that Linux gives.
        Assert.False((self with { Pid = (1 << 22) + 1 }).IsAlive());
    }

    [Theory]
    [InlineData("   0: 0100007F:192B 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 4711 1 0 100 0 0 10 0", 6443, 1000, 4711L)]
    [InlineData("   0: 00000000:192B 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1", 6443, 0, 4711L)]
    [InlineData("   0: 00000000000000000000000000000000:192B 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 4711 1", 6443, 0, 4711L)]
    [InlineData("   0: 0100007F:192B 00000000:0000 01 00000000:00000000 00:00000000 00000000  1000        0 4711 1", 0, 0, 0L)] // ESTABLISHED
    [InlineData("   0: 0200007F:192B 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 4711 1", 0, 0, 0L)] // 127.0.0.2
    [InlineData("  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode", 0, 0, 0L)]
    [InlineData("", 0, 0, 0L)]
    public void Listener_OfALine_IsWhoKeepsUsFromLoopback(string line, int port, int uid, long inode) =>
        Assert.Equal(port == 0 ? null : new Listener(port, uid, inode), Listener.Parse(line));

    [Fact]
    public void Port_SomebodyListens_IsNotFreeAndHasAHolder()
    {
        using var socket = new System.Net.Sockets.Socket(System.Net.Sockets.AddressFamily.InterNetwork, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
        socket.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
        socket.Listen();
        var port = ((System.Net.IPEndPoint)socket.LocalEndPoint!).Port;

        Assert.False(LoopbackPorts.IsFree(port));
        Assert.StartsWith($"process {Environment.ProcessId} (", LoopbackPorts.HolderOf(port), StringComparison.Ordinal);
        socket.Dispose();
        Assert.Null(LoopbackPorts.HolderOf(port));
    }

    [Theory]
    [InlineData(0, "0s")]
    [InlineData(59, "59s")]
    [InlineData(61, "1m1s")]
    [InlineData(3_600 + 120, "1h2m")]
    [InlineData(86_400 * 3 + 3_600, "3d1h")]
    public void Uptime_InSeconds_IsTwoUnits(int seconds, string expected) => Assert.Equal(expected, Uptime.Text(TimeSpan.FromSeconds(seconds)));
}
