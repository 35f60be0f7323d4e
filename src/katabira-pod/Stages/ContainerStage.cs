using Katabira.Net.Linux;

namespace Katabira.Pod.Stages;

/// <summary>
/// The first process of a container, before it becomes the container's program: it makes the root folder, enters it, gives up what the container may
/// not do, and executes the program in its own place.
/// </summary>
internal static class ContainerStage
{
    public static int Run(string folder, ProgramFlags flags)
    {
        try
        {
            var spec = Preparation.ReadSpec();
            using var program = new PreparedProgram(spec, spec.Command, spec.Environment);
            Preparation.EnterControlGroups(spec);
            Namespaces.Unshare(NamespaceKinds.Mount).OrThrow("make the container's mount namespace");
            Mounts.MakeAllPrivate().OrThrow("keep the container's mounts to itself");
            Files.SetModeMask(0);
            var root = Path.Combine(folder, "root");
            new RootFolder(root, spec).Build();
            Preparation.TakeStreams(spec, flags, root + "/dev/pts/ptmx", 0, 0);
            var error = RootDirectory.Pivot(root);
            return error.IsError ? Report.Fail(error, $"enter the container's root: {error.Text}") : program.Become();
        }
        catch (LinuxException e)
        {
            return Report.Fail(e);
        }
        catch (Exception e)
        {
            // the boundary: else it would be a stack trace in the container's log
            return Report.Fail(Errno.None, e.Message);
        }
    }
}
