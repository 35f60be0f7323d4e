using System.Numerics;

namespace Katabira.Net.Linux;

/// <summary>A set of root's separate powers, written as Kubernetes does: <c>NET_BIND_SERVICE</c>, without <c>CAP_</c>.</summary>
/// <param name="Bits">Bit n is capability n of linux/capability.h.</param>
public readonly record struct CapabilitySet(ulong Bits)
{
    private static readonly string[] s_names =
    [
        "CHOWN", "DAC_OVERRIDE", "DAC_READ_SEARCH", "FOWNER", "FSETID", "KILL", "SETGID", "SETUID", "SETPCAP", "LINUX_IMMUTABLE",
        "NET_BIND_SERVICE", "NET_BROADCAST", "NET_ADMIN", "NET_RAW", "IPC_LOCK", "IPC_OWNER", "SYS_MODULE", "SYS_RAWIO", "SYS_CHROOT",
        "SYS_PTRACE", "SYS_PACCT", "SYS_ADMIN", "SYS_BOOT", "SYS_NICE", "SYS_RESOURCE", "SYS_TIME", "SYS_TTY_CONFIG", "MKNOD", "LEASE",
        "AUDIT_WRITE", "AUDIT_CONTROL", "SETFCAP", "MAC_OVERRIDE", "MAC_ADMIN", "SYSLOG", "WAKE_ALARM", "BLOCK_SUSPEND", "AUDIT_READ",
        "PERFMON", "BPF", "CHECKPOINT_RESTORE",
    ];

    /// <summary>What a container has that asks for nothing: the set of containerd and Docker.</summary>
    public static CapabilitySet OfContainers { get; } = Parse(
    [
        "CHOWN", "DAC_OVERRIDE", "FSETID", "FOWNER", "MKNOD", "NET_RAW", "SETGID", "SETUID", "SETFCAP", "SETPCAP", "NET_BIND_SERVICE",
        "SYS_CHROOT", "KILL", "AUDIT_WRITE",
    ], out _);

    /// <summary>Every capability that has a name here.</summary>
    public static CapabilitySet All { get; } = new((1UL << s_names.Length) - 1);

    /// <summary>The names in the kernel's order.</summary>
    public IReadOnlyList<string> Names
    {
        get
        {
            var names = new List<string>(BitOperations.PopCount(Bits));
            for (var i = 0; i < s_names.Length; i++)
            {
                if ((Bits & (1UL << i)) != 0)
                {
                    names.Add(s_names[i]);
                }
            }
            return names;
        }
    }

    /// <summary>Reads names, with or without <c>CAP_</c>, in any case; <c>ALL</c> is every one.</summary>
    /// <param name="unknown">The first name that is none, else null. It is left out of the set.</param>
    public static CapabilitySet Parse(IEnumerable<string> names, out string? unknown)
    {
        ulong bits = 0;
        unknown = null;
        foreach (var name in names)
        {
            var plain = name.StartsWith("CAP_", StringComparison.OrdinalIgnoreCase) ? name[4..] : name;
            var index = Array.FindIndex(s_names, n => n.Equals(plain, StringComparison.OrdinalIgnoreCase));
            if (plain.Equals("ALL", StringComparison.OrdinalIgnoreCase))
            {
                bits |= (1UL << s_names.Length) - 1;
            }
            else if (index >= 0)
            {
                bits |= 1UL << index;
            }
            else
            {
                unknown ??= name;
            }
        }
        return new(bits);
    }
}

/// <summary>The capabilities of the calling thread, and so of the program it becomes.</summary>
public static unsafe class Capabilities
{
    private const int DropFromBounding = 24;
    private const uint Version3 = 0x20080522;

    /// <summary>No program that this process becomes can have more than these. Needs SETPCAP.</summary>
    public static Errno Bound(CapabilitySet keep)
    {
        for (var i = 0; i < 64; i++)
        {
            var error = (keep.Bits & (1UL << i)) != 0 ? Errno.None : Errno.Of(Libc.Prctl(DropFromBounding, (nuint)i, 0, 0, 0));
            if (error.IsError)
            {
                // past the last one that this kernel knows
                return error == Errno.Invalid ? Errno.None : error;
            }
        }
        return Errno.None;
    }

    /// <summary>The thread has exactly these, permitted and effective, and passes none on by itself.</summary>
    public static Errno Keep(CapabilitySet keep)
    {
        var header = new CapabilityHeader { Version = Version3 };
        var data = stackalloc CapabilityData[2];
        data[0] = new CapabilityData { Effective = (uint)keep.Bits, Permitted = (uint)keep.Bits };
        data[1] = new CapabilityData { Effective = (uint)(keep.Bits >> 32), Permitted = (uint)(keep.Bits >> 32) };
        return Errno.Of(Libc.Capset(&header, data));
    }
}
