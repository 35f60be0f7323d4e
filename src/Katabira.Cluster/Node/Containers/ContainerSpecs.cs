using System.Text;
using System.Text.Json.Nodes;
using Katabira.Cluster.Node.Images;
using Katabira.Cluster.Resources;
using Katabira.Net.Pods;

namespace Katabira.Cluster.Node.Containers;

/// <summary>From a container as its author wrote it to the one that a pod's process starts. Pure.</summary>
internal static class ContainerSpecs
{
    /// <summary>The request to the pod holds it all, and JSON may write a character in six bytes.</summary>
    private const int MostTextBytes = 160 << 10;

    /// <summary>The container, or why there is none.</summary>
    public static (ContainerSpec? Spec, ContainerRefusal? Refusal) Build(ContainerRequest request)
    {
        var (container, image) = (request.Container, request.Image);
        if (SecuritySettings.Refuse(request.Pod, container, image.User) is { } refusal)
        {
            return (null, refusal);
        }
        var security = SecuritySettings.Of(request.Pod, container, image.User);
        var (variables, error) = ContainerEnvironment.Resolve(request);
        if (variables is null)
        {
            return (null, ContainerRefusal.Config(error));
        }
        var command = Command(container, image, ContainerEnvironment.Names(variables, request.Services));
        if (command.Count == 0)
        {
            return (null, ContainerRefusal.Run("no command specified"));
        }
        var terminal = container.Flag("tty");
        var environment = ContainerEnvironment.Format(variables, request, security.User, terminal);
        return Check(command, environment) is { } problem ? (null, problem) : (new ContainerSpec
        {
            Name = container.Text("name"),
            Attempt = request.Attempt,
            Command = command,
            Environment = environment,
            WorkingFolder = container.Text("workingDir", image.WorkingFolder),
            User = security.User,
            Group = security.Group,
            Groups = security.Groups,
            Capabilities = security.Capabilities,
            NoNewPrivileges = security.NoNewPrivileges,
            ReadOnlyRoot = security.ReadOnlyRoot,
            Mounts = Mounts(request),
            ControlGroups = request.ControlGroups,
            Terminal = terminal,
            Input = container.Flag("stdin"),
            LogFile = request.LogFile,
        }, null);
    }

    /// <summary>A command of the pod's own does without the image's arguments too.</summary>
    private static List<string> Command(JsonObject container, CatalogImage image, Func<string, string?> variables)
    {
        var (command, arguments) = (container.Texts("command"), container.Texts("args"));
        IEnumerable<string> first = command.IsEmpty ? image.Command : command.Select(Expand);
        IEnumerable<string> rest = !arguments.IsEmpty ? arguments.Select(Expand) : command.IsEmpty ? image.Arguments : [];
        return [.. first, .. rest];

        string Expand(string text) => VariableExpansion.Expand(text, variables);
    }

    private static List<MountSpec> Mounts(ContainerRequest request)
    {
        var taken = new HashSet<string>(StringComparer.Ordinal);
        return [.. request.Mounts.Concat(request.Image.Mounts).Where(m => taken.Add(m.Target.TrimEnd('/')))];
    }

    private static ContainerRefusal? Check(List<string> command, List<string> environment)
    {
        if (command.Concat(environment).Any(t => t.Contains('\0', StringComparison.Ordinal)))
        {
            return ContainerRefusal.Run("a zero byte in the command or the environment");
        }
        var bytes = command.Concat(environment).Sum(Encoding.UTF8.GetByteCount);
        return bytes > MostTextBytes ? ContainerRefusal.Run($"argument list too long: command and environment are {bytes} bytes, and can be {MostTextBytes}") : null;
    }
}
