namespace Katabira.Net.Linux;

/// <summary>
/// The program that this process is about to become. Everything is in native memory before the point of no return, so
/// that becoming it loads and allocates nothing: by then the files of the runtime may be out of sight.
/// </summary>
public sealed unsafe class ProcessImage : IDisposable
{
    private readonly NativeTexts _candidates;
    private readonly int _count;
    private readonly NativeTexts _arguments;
    private readonly NativeTexts _environment;

    /// <param name="candidates">Paths to try, in order, e.g. a name in each directory of a PATH.</param>
    /// <param name="arguments">argv.</param>
    /// <param name="environment">Exactly what it gets, as <c>NAME=value</c>.</param>
    public ProcessImage(IReadOnlyList<string> candidates, IReadOnlyList<string> arguments, IReadOnlyList<string> environment)
    {
        _candidates = new NativeTexts(candidates);
        _count = candidates.Count;
        _arguments = new NativeTexts(arguments);
        _environment = new NativeTexts(environment);
    }

    /// <summary>Becomes the program. It returns only if that failed, with the reason of the candidate that was nearest to success.</summary>
    public Errno Become()
    {
        // The runtime ignores it, and what is ignored is inherited: pipelines would never end.
        _ = Libc.Signal(13 /* SIGPIPE */, 0);
        _ = Libc.Umask(0x12 /* 022 */);
        Descriptor.CloseOnExecuteFrom(3);
        var reason = Errno.NotFound;
        for (var i = 0; i < _count; i++)
        {
            _ = Libc.Execve(_candidates.Start[i], _arguments.Start, _environment.Start);
            var error = Errno.Last;
            if (error != Errno.NotFound && error != Errno.NotADirectory)
            {
                reason = error;
            }
            if (reason != Errno.NotFound && reason != Errno.AccessDenied)
            {
                break;
            }
        }
        return reason;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _candidates.Dispose();
        _arguments.Dispose();
        _environment.Dispose();
    }

    /// <summary>Where a command is sought: itself if it has a slash, else in each directory of a PATH.</summary>
    /// <param name="searchPath">The value of PATH.</param>
    public static IReadOnlyList<string> Candidates(string command, string searchPath)
    {
        if (command.Contains('/', StringComparison.Ordinal))
        {
            return [command];
        }
        var candidates = new List<string>();
        foreach (var folder in searchPath.Split(':'))
        {
            // an empty entry is the working directory, by POSIX
            candidates.Add(folder.Length == 0 ? "./" + command : folder.TrimEnd('/') + "/" + command);
        }
        return candidates;
    }
}
