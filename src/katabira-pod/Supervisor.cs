using System.Text;
using Katabira.Net.Linux;

namespace Katabira.Pod;

/// <summary>
/// The pod: process 1 of its process namespace, so whatever ends it ends everything in it. It has one thread, starts containers, collects them,
/// writes their output, and answers on its socket. It ends only when it is asked to; who asks may come and go.
/// </summary>
internal sealed class Supervisor : IWatched
{
    /// <summary>What is written to who launched it, once the socket listens. Anything else is a reason.</summary>
    public const string Ready = "ready";

    private const int Backlog = 128;

    private readonly Descriptor _listener;
    private readonly PollLoop _loop;
    private readonly Requests _requests;

    private Supervisor(Descriptor listener, PollLoop loop, Requests requests) => (_listener, _loop, _requests) = (listener, loop, requests);

    public int Number => _listener.Number;

    public Readiness Wanted => Readiness.Read;

    public static int Run(string folder, string socket, SelfProgram self, TimeProvider time)
    {
        var answer = new Descriptor(SelfProgram.ReportDescriptor);
        try
        {
            _ = Descriptor.SetCloseOnExecute(answer.Number, true);
            var loop = Begin(folder, socket, self, time);
            _ = Files.WriteAll(answer.Number, Encoding.UTF8.GetBytes(Ready));
            answer.Dispose();
            loop.Run();
            _ = Files.Remove(socket);
            return 0;
        }
        catch (LinuxException e) when (answer.IsOpen)
        {
            _ = Files.WriteAll(answer.Number, Encoding.UTF8.GetBytes(e.Message));
            return 1;
        }
    }

    void IWatched.Ready(Readiness came)
    {
        while (!UnixSockets.Accept(_listener, out var connection).IsError)
        {
            _loop.Add(new Connection(connection, _loop, _requests, _requests.Buffer));
        }
    }

    private static PollLoop Begin(string folder, string socket, SelfProgram self, TimeProvider time)
    {
        Files.ChangeDirectory("/").OrThrow("enter /");
        Mounts.MountNew("proc", "/proc", MountOptions.NoSetUserId | MountOptions.NoDevices | MountOptions.NoExecute, null).OrThrow("mount the pod's /proc");
        Files.Open("/proc/self/ns/pid", OpenHow.ReadOnly, 0, out var own).OrThrow("open the pod's process namespace");
        Files.Open("/dev/null", OpenHow.ReadWrite, 0, out var nothing).OrThrow("open /dev/null");
        var loop = new PollLoop();
        var requests = new Requests(folder, new ProcessStart(self, own, nothing), loop, time);
        requests.Save().OrThrow($"write the state file in {folder}");
        _ = Files.Remove(socket);
        Files.SetModeMask(0x3F /* 077 */);
        UnixSockets.Listen(socket, Backlog, out var listener).OrThrow($"listen at {socket}");
        loop.Add(new Supervisor(listener, loop, requests));
        return loop;
    }
}
