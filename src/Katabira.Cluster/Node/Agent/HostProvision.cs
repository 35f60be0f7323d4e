using System.Text.Json.Nodes;
using Katabira.Cluster.Network;
using Katabira.Cluster.Resources;
using Katabira.Net.Pods;

namespace Katabira.Cluster.Node.Agent;

/// <summary>What the containers of one pod are given where the only image is <c>host</c>, and there are no volumes.</summary>
internal sealed class HostProvision(PodFolder folder) : PodProvision
{
    public override Task<string> PrepareAsync(JsonObject pod, CancellationToken cancel) => Task.FromResult("");

    public override Task RefreshAsync(JsonObject pod, CancellationToken cancel) => Task.CompletedTask;

    public override RunRecipe Build(JsonObject pod, ContainerPart part, int attempt, PodNetwork network) => part.Spec.Text("image") is not "host" and var image
        ? RunRecipe.Refused("ErrImagePull", $"there is no image \"{image}\"; the catalogue holds: host")
        : RunRecipe.Of(new ContainerSpec
        {
            Name = part.Name,
            Attempt = attempt,
            Command = [.. part.Spec.Texts("command"), .. part.Spec.Texts("args")],
            Environment = ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", $"HOSTNAME={pod.NameOf()}"],
            LogFile = folder.LogFile(part.Name, attempt),
        }, "host");

    public override bool WasOutOfMemory(string container) => false;

    public override void Remove()
    {
    }
}
