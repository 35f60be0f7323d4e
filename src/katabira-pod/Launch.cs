using System.Text;
using System.Text.Json;
using Katabira.Net.Linux;
using Katabira.Net.Pods;

namespace Katabira.Pod;

/// <summary>Starts a pod as the first process of new namespaces, and ends when it listens. Whoever started it may end too: the pod goes on.</summary>
internal static class Launch
{
    public static int Run(string file, SelfProgram self, TextWriter errors)
    {
        try
        {
            var answer = Start(PodSpecs.ReadPod(File.ReadAllBytes(file)), self);
            if (answer == Supervisor.Ready)
            {
                return 0;
            }
            errors.WriteLine($"katabira-pod: {(answer.Length == 0 ? "the pod ended while it started; its log may say why" : answer)}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or LinuxException)
        {
            errors.WriteLine($"katabira-pod: {e.Message}");
        }
        return 1;
    }

    private static string Start(PodSpec pod, SelfProgram self)
    {
        if (Encoding.UTF8.GetByteCount(pod.Socket) > UnixSockets.MostPathBytes)
        {
            return $"the path of the socket is longer than {UnixSockets.MostPathBytes} bytes; choose a shorter home: {pod.Socket}";
        }
        Directory.CreateDirectory(Path.Combine(pod.Folder, "root"));
        Files.Open(Path.Combine(pod.Folder, "log"), OpenHow.WriteOnly | OpenHow.Create | OpenHow.Append, 0x180 /* 0600 */, out var log).OrThrow("open the pod's log");
        Files.Open("/dev/null", OpenHow.ReadWrite, 0, out var nothing).OrThrow("open /dev/null");
        Files.Pipe(out var answer, out var ready).OrThrow("make a pipe");
        if (pod.NetworkNamespace is { } network)
        {
            Namespaces.Join(network, NamespaceKinds.Network).OrThrow($"join the network namespace {network}");
        }
        Namespaces.Unshare(NamespaceKinds.Mount | NamespaceKinds.HostName | NamespaceKinds.Ipc | NamespaceKinds.Process).OrThrow("make the pod's namespaces (this needs root)");
        Mounts.MakeAllSlave().OrThrow("keep the pod's mounts to itself");
        Namespaces.SetHostName(pod.HostName).OrThrow($"set the host name {pod.HostName}");
        self.Start(
            ["supervise", pod.Folder, pod.Socket],
            [new(nothing.Number, 0), new(log.Number, 1), new(log.Number, 2), new(ready.Number, SelfProgram.ReportDescriptor)],
            out _).OrThrow("start the pod");
        ready.Dispose();
        return ReadToEnd(answer);
    }

    private static string ReadToEnd(Descriptor answer)
    {
        var text = new StringBuilder();
        var buffer = new byte[1024];
        while (!Files.Read(answer.Number, buffer, out var count).IsError && count > 0)
        {
            text.Append(Encoding.UTF8.GetString(buffer, 0, count));
        }
        return text.ToString();
    }
}
