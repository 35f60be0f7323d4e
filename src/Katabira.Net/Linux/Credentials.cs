namespace Katabira.Net.Linux;

/// <summary>Who the process is, and what its limits are.</summary>
public static unsafe class Credentials
{
    private const int NumberOfFiles = 7;
    private const int SetNoNewPrivileges = 38;

    /// <summary>Becomes a user for good. Leaving root takes every capability away, as in a container.</summary>
    /// <param name="groups">Supplementary groups; all others are left.</param>
    public static Errno Become(uint user, uint group, ReadOnlySpan<uint> groups)
    {
        fixed (uint* start = groups)
        {
            var error = Errno.Of(Libc.Setgroups((nuint)groups.Length, start));
            if (!error.IsError)
            {
                error = Errno.Of(Libc.Setresgid(group, group, group));
            }
            return error.IsError ? error : Errno.Of(Libc.Setresuid(user, user, user));
        }
    }

    /// <summary>No program that this process becomes gains privileges, whatever its file says.</summary>
    public static Errno ForbidNewPrivileges() => Errno.Of(Libc.Prctl(SetNoNewPrivileges, 1, 0, 0, 0));

    /// <summary>Sets how many files may be open, soft and hard; more than the hard limit needs root.</summary>
    public static Errno LimitOpenFiles(ulong soft, ulong hard)
    {
        var limit = new ResourceLimit { Soft = (nuint)soft, Hard = (nuint)hard };
        return Errno.Of(Libc.Setrlimit(NumberOfFiles, &limit));
    }

    /// <summary>The hard limit of open files.</summary>
    public static ulong HardLimitOfOpenFiles()
    {
        ResourceLimit limit;
        return Libc.Getrlimit(NumberOfFiles, &limit) == 0 ? limit.Hard : 1024;
    }
}
