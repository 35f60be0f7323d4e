using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Katabira.Cluster.Resources;

namespace Katabira.Cluster.Node.Agent;

/// <summary>What a container is for in its pod.</summary>
internal enum ContainerRole
{
    /// <summary>Runs to its end before the next begins.</summary>
    Init,

    /// <summary>An init container that goes on (<c>restartPolicy: Always</c>): the next begins when it has started, and it ends after the main ones.</summary>
    Sidecar,

    /// <summary>What the pod is there for.</summary>
    Main,
}

/// <summary>A container of a pod, as its author wrote it.</summary>
/// <param name="Name">Unique in its pod.</param>
/// <param name="Spec">The container's part of the pod; nobody changes it.</param>
internal sealed record ContainerPart(string Name, ContainerRole Role, JsonObject Spec)
{
    /// <summary>Where events say it is.</summary>
    public string FieldPath => Role == ContainerRole.Main ? $"spec.containers{{{Name}}}" : $"spec.initContainers{{{Name}}}";

    /// <summary>Whether it is started again when it has ended.</summary>
    /// <param name="policy">The pod's restartPolicy.</param>
    public bool StartsAgain(string policy, int exitCode) => Role switch
    {
        ContainerRole.Sidecar => true,
        ContainerRole.Init => exitCode != 0 && policy != "Never",
        _ => policy == "Always" || (policy == "OnFailure" && exitCode != 0),
    };

    /// <summary>The containers of a pod in the order in which they start.</summary>
    public static ImmutableArray<ContainerPart> Of(JsonObject pod)
    {
        var spec = pod.Child("spec");
        return
        [
            .. spec.Items("initContainers").Select(c => new ContainerPart(c.Text("name"), c.Text("restartPolicy") == "Always" ? ContainerRole.Sidecar : ContainerRole.Init, c)),
            .. spec.Items("containers").Select(c => new ContainerPart(c.Text("name"), ContainerRole.Main, c)),
        ];
    }
}
