namespace Katabira.Cli.Clusters.Kubeconfigs;

/// <summary>A kubeconfig on the disk, changed as a whole or not at all.</summary>
/// <param name="Path">Where it is, or will be; a symlink stays one.</param>
internal sealed record KubeconfigFile(string Path)
{
    /// <summary>More than any kubeconfig: there are some with hundreds of clusters.</summary>
    private const int MostBytes = 16 << 20;

    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>The file that kubectl would write to: the first of <c>$KUBECONFIG</c>, else <c>~/.kube/config</c>.</summary>
    public static KubeconfigFile Of(Surroundings surroundings) => new(System.IO.Path.GetFullPath(
        surroundings.Setting("KUBECONFIG")?.Split(':', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault()
        ?? System.IO.Path.Combine(surroundings.UserHome(), ".kube", "config")));

    /// <summary>Reads, changes and replaces the file, as mode 0600. Nothing is written where nothing changes.</summary>
    /// <param name="change">Says what is to become of the file.</param>
    /// <returns>Whether the file was there before.</returns>
    /// <exception cref="Refusal">The file cannot be read or written; it is as it was.</exception>
    public bool Change(Func<Kubeconfig, Outcome> change)
    {
        var target = new FileInfo(Path) is { LinkTarget: not null } link ? link.ResolveLinkTarget(returnFinalTarget: true)!.FullName : Path;
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(target)!, Private);
        using var _ = Hold(target);
        try
        {
            var before = Read(target);
            var kubeconfig = Kubeconfig.Parse(before ?? "");
            switch (change(kubeconfig))
            {
                case Outcome.Write:
                    PrivateFile.Write(target, kubeconfig.Write());
                    break;
                case Outcome.Delete:
                    File.Delete(target);
                    break;
                default:
                    break;
            }
            return before is not null;
        }
        catch (FormatException e)
        {
            throw new Refusal($"{Path} is left alone: {e.Message}",
                "repair it, or keep this cluster by itself: katabira cluster get-credentials --print > FILE, then export KUBECONFIG=FILE");
        }
    }

    private static string? Read(string path)
    {
        var file = new FileInfo(path);
        return file is { Exists: true, Length: > MostBytes } ? throw new FormatException("it is too large for a kubeconfig") : PrivateFile.ReadIfThere(path);
    }

    /// <summary>Keeps kubectl away as kubectl keeps others away: with a file beside it that must not exist.</summary>
    private FileStream Hold(string target)
    {
        try
        {
            return new FileStream(target + ".lock", FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
        }
        catch (IOException) when (File.Exists(target + ".lock"))
        {
            throw new Refusal($"{Path} is being written by another program", $"try again; if none is at work, remove {target}.lock, which one has left behind");
        }
    }
}

/// <summary>What is to become of a kubeconfig after a look at it.</summary>
internal enum Outcome
{
    /// <summary>Nothing.</summary>
    Keep,

    /// <summary>It is written as it is now.</summary>
    Write,

    /// <summary>It has done its duty.</summary>
    Delete,
}
