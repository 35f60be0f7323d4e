using System.Globalization;
using Katabira.Net.Linux;

namespace Katabira.Pod.Stages;

/// <summary>A command on its way into a running container: it joins the container's mounts, becomes its user, and executes the command in its own place.</summary>
internal static class ExecuteStage
{
    public static int Run(ProgramFlags flags, string columns, string rows, IReadOnlyList<string> command)
    {
        try
        {
            var spec = Preparation.ReadSpec();
            var environment = flags.Terminal && !spec.Environment.Any(e => e.StartsWith("TERM=", StringComparison.Ordinal))
                ? [.. spec.Environment, "TERM=xterm"]
                : spec.Environment;
            using var program = new PreparedProgram(spec, command, environment);
            Preparation.EnterControlGroups(spec);
            Namespaces.Unshare(NamespaceKinds.Root).OrThrow("get a root folder of its own");
            Namespaces.Join(SelfProgram.ContainerDescriptor, NamespaceKinds.Mount).OrThrow("join the container");
            Preparation.TakeStreams(spec, flags, "/dev/pts/ptmx", Size(columns), Size(rows));
            return program.Become();
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

    private static ushort Size(string text) => ushort.TryParse(text, CultureInfo.InvariantCulture, out var size) ? size : (ushort)0;
}
