using System.Globalization;

namespace Katabira.Cluster.Storage;

/// <summary>
/// The right to open a store: an flock on a file beside it, which the kernel gives back however the process ends.
/// Two processes on one database would each be right in SQLite's eyes and wrong in their memory.
/// The pid lies in a file of its own, because .NET lets nobody read a file that is locked.
/// </summary>
internal sealed class StoreLock : IDisposable
{
    private const int WouldBlock = 11; // EAGAIN of Linux, which .NET passes on as HResult

    private readonly FileStream _held;

    private StoreLock(FileStream held) => _held = held;

    /// <exception cref="StoreOpenException">Somebody else has it, or the folder cannot be written.</exception>
    public static StoreLock Acquire(string databaseFile)
    {
        var (lockFile, pidFile) = (databaseFile + ".lock", databaseFile + ".pid");
        FileStream held;
        try
        {
            // FileShare.None is flock(LOCK_EX | LOCK_NB) on Linux.
            held = new FileStream(lockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (e.HResult == WouldBlock)
        {
            throw new StoreOpenException(
                StoreOpenFailure.InUse,
                $"{databaseFile} is in use by process {ReadHolder(pidFile)}; stop that one first, or choose another home",
                e);
        }

        try
        {
            File.WriteAllText(pidFile, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            return new StoreLock(held);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    public void Dispose() => _held.Dispose();

    private static string ReadHolder(string pidFile)
    {
        try
        {
            return File.ReadAllText(pidFile);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "unknown";
        }
    }
}
