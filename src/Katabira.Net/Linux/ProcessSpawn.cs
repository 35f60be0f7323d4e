namespace Katabira.Net.Linux;

/// <summary>A descriptor of ours and the number it has in a child.</summary>
/// <param name="Ours">Its number here.</param>
/// <param name="Theirs">Its number there.</param>
public readonly record struct ChildDescriptor(int Ours, int Theirs);

/// <summary>
/// Starts programs with <c>posix_spawn</c>. Nothing managed runs between fork and exec, which is the only way that is safe in a process that has
/// a runtime with threads. The child gets the calling thread's namespaces, and nothing open but what is listed.
/// </summary>
public static unsafe class ProcessSpawn
{
    /// <summary>More than glibc's and musl's structures need.</summary>
    private const int StructureBytes = 512;

    private const int SignalSetBytes = 128;
    private const short SetSignalDefaults = 4;
    private const short SetSignalMask = 8;
    private const short SetSession = 0x80;

    /// <summary>Starts a program in a session of its own, with default signals and none blocked.</summary>
    /// <param name="path">The program; not sought in any PATH.</param>
    /// <param name="arguments">argv, its own name included.</param>
    /// <param name="environment"><c>NAME=value</c>; nothing is inherited.</param>
    /// <param name="descriptors">What it gets. Theirs are below 64.</param>
    /// <param name="pid">The child, which the caller must wait for.</param>
    public static Errno Start(
        string path, IReadOnlyList<string> arguments, IReadOnlyList<string> environment, ReadOnlySpan<ChildDescriptor> descriptors, out int pid)
    {
        var actions = stackalloc byte[StructureBytes];
        var attributes = stackalloc byte[StructureBytes];
        using var argv = new NativeTexts(arguments);
        using var envp = new NativeTexts(environment);
        Span<int> copies = stackalloc int[descriptors.Length];
        copies.Fill(-1);
        _ = Libc.SpawnActionsInit(actions);
        _ = Libc.SpawnAttributesInit(attributes);
        try
        {
            pid = 0;
            var error = Arrange(actions, attributes, descriptors, copies);
            if (error.IsError)
            {
                return error;
            }
            int child;
            error = new Errno(Libc.PosixSpawn(&child, path, actions, attributes, argv.Start, envp.Start));
            pid = error.IsError ? 0 : child;
            return error;
        }
        finally
        {
            foreach (var copy in copies)
            {
                _ = Libc.Close(copy);
            }
            _ = Libc.SpawnActionsDestroy(actions);
            _ = Libc.SpawnAttributesDestroy(attributes);
        }
    }

    private static Errno Arrange(void* actions, void* attributes, ReadOnlySpan<ChildDescriptor> descriptors, Span<int> copies)
    {
        var signals = stackalloc byte[SignalSetBytes];
        new Span<byte>(signals, SignalSetBytes).Clear();
        _ = Libc.SpawnAttributesMask(attributes, signals);
        // 1 to 31; what lies above has no handler that is ignored
        *(uint*)signals = 0x7FFFFFFF;
        _ = Libc.SpawnAttributesDefaults(attributes, signals);
        _ = Libc.SpawnAttributesFlags(attributes, SetSignalDefaults | SetSignalMask | SetSession);
        for (var i = 0; i < descriptors.Length; i++)
        {
            // out of the way of every number that the child uses, so that no copy overwrites the source of another
            copies[i] = Libc.Fcntl(descriptors[i].Ours, 1030 /* F_DUPFD_CLOEXEC */, 64);
            if (copies[i] < 0)
            {
                return Errno.Last;
            }
            var code = Libc.SpawnActionsDup(actions, copies[i], descriptors[i].Theirs);
            if (code != 0)
            {
                return new Errno(code);
            }
        }
        return Errno.None;
    }
}
