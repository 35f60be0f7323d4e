using System.Security.Cryptography;
using System.Text;
using Katabira.Cluster.Node;

namespace Katabira.Cli.Clusters;

/// <summary>The folder in which everything of one embedded cluster is, and the names in it. The table of files is in docs/embedded-cluster.md.</summary>
/// <param name="Path">Absolute.</param>
internal sealed record ClusterHome(string Path)
{
    /// <summary>What a home's one cluster is called.</summary>
    public const string ClusterName = "katabira";

    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>The administrator's kubeconfig.</summary>
    public string Kubeconfig => In("kubeconfig");

    /// <summary>Held by a verb that changes the cluster, so that two of them never do at once.</summary>
    public string VerbLock => In("cluster.lock");

    /// <summary>What <c>delete</c> removes. Nothing else of the home is its business.</summary>
    public string Folder => In("cluster");

    /// <summary>A <see cref="ClusterRecord"/>.</summary>
    public string Record => In("cluster/record.json");

    /// <summary>A <see cref="Processes.ServeRecord"/>; absent while the cluster is stopped.</summary>
    public string Serve => In("cluster/serve.json");

    /// <summary>Held by the serving process as long as it lives.</summary>
    public string ServeLock => In("cluster/serve.lock");

    /// <summary>The cluster's own: store, keys, certificates, pods. Of whoever serves, which is root where there are pods.</summary>
    public string Data => In("cluster/data");

    /// <summary>The person's entries of the image catalogue.</summary>
    public string Images => In("images");

    /// <summary>Where Debian packages are unpacked that an image needs. Root's.</summary>
    public string Packages => In("packages");

    /// <summary>What the cluster logs.</summary>
    public string Log => In("cluster/log/cluster.log");

    /// <summary>What the runtime itself says when it cannot even log; begun anew at each start.</summary>
    public string Errors => In("cluster/log/stderr");

    /// <summary>The copies that clusters run from.</summary>
    public string Programs => In("cluster/program");

    /// <summary>Eight hexadecimal digits that tell this home from another.</summary>
    public string Mark => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Path)))[..8];

    /// <summary>The home that the person means: <c>$KATABIRA_HOME</c>, else <c>~/.katabira</c>.</summary>
    public static ClusterHome Of(Surroundings surroundings) =>
        new(System.IO.Path.TrimEndingDirectorySeparator(
            System.IO.Path.GetFullPath(surroundings.Setting("KATABIRA_HOME") ?? System.IO.Path.Combine(surroundings.UserHome(), ".katabira"))));

    /// <summary>Makes what is missing, for nobody but its owner.</summary>
    /// <exception cref="Refusal">Others may write here, or the folder is somebody else's.</exception>
    public void Prepare()
    {
        Directory.CreateDirectory(Path, Private);
        if ((File.GetUnixFileMode(Path) & (UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)) != 0)
        {
            throw new Refusal($"{Path} can be written by others, and keys are to be kept there", $"chmod go-w {Path}, or set KATABIRA_HOME to a folder of your own");
        }
        if (Directory.Exists(Folder) && !File.Exists(Record) && Directory.EnumerateFileSystemEntries(Folder).Any())
        {
            throw new Refusal($"{Folder} holds something that is no cluster", "move it away, or set KATABIRA_HOME to another folder");
        }
        // Not the cluster's own folder: whoever serves makes it, and where that is root, nobody else may look into it.
        foreach (var folder in (string[])[Folder, System.IO.Path.GetDirectoryName(Log)!, Programs])
        {
            if (!Directory.Exists(folder))
            {
                Directory.CreateDirectory(folder, Private);
                PodFileOwner.FollowFolder(folder);
            }
        }
    }

    /// <summary>Removes what a serving root wrote, so that the home's owner can remove the rest. Call it when nothing is mounted there any more.</summary>
    public void RemoveWhatRootWrote()
    {
        foreach (var entry in Directory.Exists(Folder) ? new DirectoryInfo(Folder).EnumerateFileSystemInfos() : [])
        {
            if (entry is DirectoryInfo { LinkTarget: null } folder)
            {
                folder.Delete(recursive: true);
            }
            else if (entry.FullName != Record && entry.FullName != ServeLock)
            {
                entry.Delete();
            }
        }
        if (new DirectoryInfo(Packages) is { Exists: true, LinkTarget: null } packages)
        {
            packages.Delete(recursive: true);
        }
    }

    /// <summary>Removes every file of the cluster, and the home if it is empty then.</summary>
    public void Remove()
    {
        if (Directory.Exists(Folder))
        {
            Directory.Delete(Folder, recursive: true);
        }
        File.Delete(Kubeconfig);
        File.Delete(VerbLock);
        if (!Directory.Exists(Path) || Directory.EnumerateFileSystemEntries(Path).Any())
        {
            return;
        }
        try
        {
            Directory.Delete(Path);
        }
        catch (IOException)
        {
            // something is mounted there: an empty place stays, and is its owner's
        }
    }

    private string In(string name) => System.IO.Path.Combine(Path, name);
}
