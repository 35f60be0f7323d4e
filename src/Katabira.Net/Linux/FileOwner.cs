namespace Katabira.Net.Linux;

/// <summary>Whose a file is.</summary>
/// <param name="User">User id.</param>
/// <param name="Group">Group id.</param>
public readonly record struct FileOwner(uint User, uint Group)
{
    private const int AtWorkingDirectory = -100;
    private const int NoFollow = 0x100;
    private const uint MaskOwner = 0x8 | 0x10; // STATX_UID, STATX_GID

    /// <summary>Of a path; a symbolic link's own.</summary>
    public static unsafe Errno Of(string path, out FileOwner owner)
    {
        // struct statx: the ids are its fields at 20 and 24, and it has 256 bytes for all time
        var buffer = stackalloc uint[64];
        var error = Errno.Of(Libc.Statx(AtWorkingDirectory, path, NoFollow, MaskOwner, buffer));
        owner = error.IsError ? default : new FileOwner(buffer[5], buffer[6]);
        return error;
    }

    /// <summary>Gives a path to this owner; a symbolic link itself. Only root may.</summary>
    public Errno Take(string path) => Errno.Of(Libc.Lchown(path, User, Group));
}
