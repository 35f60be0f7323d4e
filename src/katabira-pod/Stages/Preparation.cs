using Katabira.Net.Linux;
using Katabira.Net.Pods;

namespace Katabira.Pod.Stages;

/// <summary>What a container and a command in it do alike on their way.</summary>
internal static class Preparation
{
    public static ContainerSpec ReadSpec()
    {
        Files.Length(SelfProgram.SpecDescriptor, out var length).OrThrow("find the container's specification");
        var json = new byte[length];
        for (var at = 0; at < json.Length;)
        {
            // the file is shared with other stages, so its place of reading is not moved
            Files.ReadAt(SelfProgram.SpecDescriptor, json.AsSpan(at), at, out var count).OrThrow("read the container's specification");
            at += count;
        }
        return PodSpecs.ReadContainer(json);
    }

    /// <summary>Before the root changes: the folders are the machine's.</summary>
    public static void EnterControlGroups(ContainerSpec spec)
    {
        foreach (var group in spec.ControlGroups)
        {
            Files.Open(group + "/cgroup.procs", OpenHow.WriteOnly, 0, out var file).OrThrow($"enter the cgroup {group}");
            using (file)
            {
                Files.WriteAll(file.Number, "0"u8).OrThrow($"enter the cgroup {group}");
            }
        }
    }

    /// <summary>Makes the terminal and stands on it, or gives the pipes to the container's user, so that it can open <c>/dev/stdout</c>.</summary>
    public static void TakeStreams(ContainerSpec spec, ProgramFlags flags, string multiplexer, ushort columns, ushort rows)
    {
        if (!flags.Terminal)
        {
            // never the input that is /dev/null: that is the machine's own
            for (var stream = flags.Input ? 0 : 1; stream <= 2; stream++)
            {
                Descriptor.SetOwner(stream, spec.User, spec.Group).OrThrow("give the streams to the container's user");
            }
            return;
        }
        Terminal.Open(multiplexer, out var outer, out var inner).OrThrow("open a terminal");
        if (columns != 0 && rows != 0)
        {
            Terminal.Resize(outer.Number, columns, rows).OrThrow("set the terminal's size");
        }
        Report.SendTerminal(outer).OrThrow("hand over the terminal");
        Terminal.Take(inner.Number).OrThrow("take the terminal");
        Descriptor.SetOwner(inner.Number, spec.User, spec.Group).OrThrow("give the terminal to the container's user");
        for (var stream = 0; stream <= 2; stream++)
        {
            Descriptor.Duplicate(inner.Number, stream).OrThrow("stand on the terminal");
        }
    }
}
