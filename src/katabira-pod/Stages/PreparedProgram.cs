using Katabira.Net.Linux;
using Katabira.Net.Pods;

namespace Katabira.Pod.Stages;

/// <summary>The last steps, with everything they need made ready while the machine's files were still in sight.</summary>
internal sealed class PreparedProgram : IDisposable
{
    private readonly string _command;
    private readonly string _folder;
    private readonly uint _user;
    private readonly uint _group;
    private readonly uint[] _groups;
    private readonly CapabilitySet _capabilities;
    private readonly bool _noNewPrivileges;
    private readonly ProcessImage _image;

    public PreparedProgram(ContainerSpec spec, IReadOnlyList<string> command, IReadOnlyList<string> environment)
    {
        if (command.Count == 0)
        {
            throw new LinuxException("execute an empty command", Errno.Invalid);
        }
        (_command, _folder, _user, _group, _groups) = (command[0], spec.WorkingFolder, spec.User, spec.Group, [.. spec.Groups]);
        _noNewPrivileges = spec.NoNewPrivileges;
        _capabilities = Capable(spec);
        _image = new ProcessImage(ProcessImage.Candidates(_command, SearchPath(environment)), command, environment);
        var files = spec.OpenFiles == 0 ? Credentials.HardLimitOfOpenFiles() : spec.OpenFiles;
        Credentials.LimitOpenFiles(files, files).OrThrow($"limit open files to {files}");
    }

    /// <summary>Returns only if it failed, having reported why.</summary>
    public int Become()
    {
        var error = Files.ChangeDirectory(_folder);
        if (error.IsError)
        {
            return Report.Fail(error, $"working directory {_folder}: {error.Text}");
        }
        error = GiveUp();
        if (error.IsError)
        {
            return Report.Fail(error, $"become the container's user: {error.Text}");
        }
        error = _image.Become();
        var notInPath = error == Errno.NotFound && !_command.Contains('/', StringComparison.Ordinal);
        return Report.Fail(error, $"exec: \"{_command}\": {(notInPath ? "executable file not found in $PATH" : error.Text)}");
    }

    public void Dispose() => _image.Dispose();

    private static CapabilitySet Capable(ContainerSpec spec)
    {
        if (spec.Capabilities is not { } names)
        {
            return CapabilitySet.OfContainers;
        }
        var set = CapabilitySet.Parse(names, out var unknown);
        return unknown is null ? set : throw new LinuxException($"the capability {unknown}", Errno.Invalid);
    }

    private static string SearchPath(IReadOnlyList<string> environment)
    {
        const string Name = "PATH=";
        foreach (var variable in environment)
        {
            if (variable.StartsWith(Name, StringComparison.Ordinal))
            {
                return variable[Name.Length..];
            }
        }
        return "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    }

    private Errno GiveUp()
    {
        var error = Capabilities.Bound(_capabilities);
        if (!error.IsError)
        {
            error = Credentials.Become(_user, _group, _groups);
        }
        if (!error.IsError && _user == 0)
        {
            error = Capabilities.Keep(_capabilities);
        }
        return error.IsError || !_noNewPrivileges ? error : Credentials.ForbidNewPrivileges();
    }
}
