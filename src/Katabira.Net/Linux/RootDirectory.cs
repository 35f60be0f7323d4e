namespace Katabira.Net.Linux;

/// <summary>Changing what <c>/</c> is.</summary>
public static unsafe class RootDirectory
{
    /// <summary>Makes a mount point the root of the calling thread's mount namespace; the old root goes, with all that is mounted in it.</summary>
    public static Errno Pivot(string root)
    {
        var error = Files.ChangeDirectory(root);
        if (error.IsError)
        {
            return error;
        }
        using var here = new NativeText(".");
        // Both arguments the same: the old root lies on top of the new one, and is what the next call takes away (pivot_root(2), notes).
        error = Errno.Of(Libc.Syscall(Architecture.PivotRoot, (nint)here.Start, (nint)here.Start, 0, 0, 0));
        if (!error.IsError)
        {
            error = Mounts.UnmountLazily(".");
        }
        return error.IsError ? error : Files.ChangeDirectory("/");
    }
}
