using Katabira.Net.Linux;

namespace Katabira.Pod;

/// <summary>This very program, to be started again in another role. It works also when its file has been replaced or removed.</summary>
/// <param name="Environment">What the new process gets.</param>
internal sealed record SelfProgram(IReadOnlyList<string> Environment)
{
    /// <summary>The descriptor on which a stage reports to the pod, or the pod to who launched it.</summary>
    public const int ReportDescriptor = 3;

    /// <summary>The descriptor of a container's specification, in stages.</summary>
    public const int SpecDescriptor = 4;

    /// <summary>The pidfd of the container, in the stage of a command.</summary>
    public const int ContainerDescriptor = 5;

    public Errno Start(IReadOnlyList<string> arguments, ReadOnlySpan<ChildDescriptor> descriptors, out int pid) =>
        ProcessSpawn.Start("/proc/self/exe", ["katabira-pod", .. arguments], Environment, descriptors, out pid);
}
