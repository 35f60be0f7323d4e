using System.Globalization;
using System.Text.Json.Nodes;
using Katabira.Cluster.Access;
using Katabira.Cluster.Node.Images;
using Katabira.Cluster.Resources;
using Katabira.Net.Linux;

namespace Katabira.Cluster.Node.Containers;

/// <summary>Who a container's program is and what it may do: the container's securityContext over the pod's over the image's user. Pure.</summary>
/// <param name="Groups">Supplementary ones.</param>
/// <param name="Capabilities">Null for the usual set of containers.</param>
internal sealed record SecuritySettings(
    uint User, uint Group, IReadOnlyList<uint> Groups, IReadOnlyList<string>? Capabilities, bool NoNewPrivileges, bool ReadOnlyRoot)
{
    /// <summary>What a kubelet would refuse; null if nothing.</summary>
    public static ContainerRefusal? Refuse(JsonObject pod, JsonObject container, ImageUser user)
    {
        var own = container.Child("securityContext").Child("capabilities");
        CapabilitySet.Parse(own.Texts("add").Concat(own.Texts("drop")), out var unknown);
        if (unknown is not null)
        {
            return ContainerRefusal.Run($"unknown capability {GoQuoted.Text("CAP_" + unknown.ToUpperInvariant())}");
        }
        if (Effective(pod, container, "runAsNonRoot").AsBoolean() != true)
        {
            return null;
        }
        var asked = Effective(pod, container, "runAsUser").AsInteger();
        if (asked is not 0 && (asked ?? user.Id) != 0)
        {
            return null;
        }
        var what = asked is 0 ? "container's runAsUser breaks non-root policy" : "container has runAsNonRoot and image will run as root";
        var who = GoQuoted.Text($"{pod.NameOf()}_{pod.NamespaceOf()}({pod.Child("metadata").Text("uid")})");
        return ContainerRefusal.Config(string.Create(CultureInfo.InvariantCulture, $"{what} (pod: {who}, container: {container.Text("name")})"));
    }

    /// <summary>For a container that is not refused.</summary>
    public static SecuritySettings Of(JsonObject pod, JsonObject container, ImageUser image)
    {
        var own = container.Child("securityContext");
        var asked = Effective(pod, container, "runAsUser").AsInteger();
        var user = asked is null ? image.Id : (uint)asked;
        // who is not the image's user has the group that a user without an entry in passwd has
        var group = Effective(pod, container, "runAsGroup").AsInteger() is { } named ? (uint)named : user == image.Id ? image.Group : 0;
        var privileged = own.Flag("privileged");
        return new(
            user,
            group,
            GroupsOf(pod),
            privileged ? CapabilitySet.All.Names : CapabilitiesOf(own.Child("capabilities")),
            !privileged && own?["allowPrivilegeEscalation"].AsBoolean() == false,
            own.Flag("readOnlyRootFilesystem"));
    }

    /// <summary>The user that all of a pod's containers have, if it is one and the pod says so; null otherwise. Token files are theirs.</summary>
    public static uint? CommonUser(JsonObject pod)
    {
        var spec = pod.Child("spec");
        var users = spec.Items("initContainers").Concat(spec.Items("containers")).Select(c => Effective(pod, c, "runAsUser").AsInteger()).Distinct().ToArray();
        return users is [{ } user] ? (uint)user : null;
    }

    private static JsonNode? Effective(JsonObject pod, JsonObject container, string field) =>
        container.Child("securityContext")?[field] ?? pod.Child("spec").Child("securityContext")?[field];

    private static List<uint> GroupsOf(JsonObject pod)
    {
        var context = pod.Child("spec").Child("securityContext");
        var supplemental = context.List("supplementalGroups")?.Select(g => g.AsInteger()) ?? [];
        return [.. supplemental.Prepend(context.Integer("fsGroup")).OfType<long>().Select(g => (uint)g).Distinct()];
    }

    /// <summary>ALL comes first in both lists, so that what is named beside it counts: as containerd does it.</summary>
    private static IReadOnlyList<string>? CapabilitiesOf(JsonObject? asked)
    {
        var (add, drop) = (asked.Texts("add"), asked.Texts("drop"));
        if (add.IsEmpty && drop.IsEmpty)
        {
            return null;
        }
        var added = CapabilitySet.Parse(add, out _).Bits;
        var bits = IsAll(drop) ? added : CapabilitySet.OfContainers.Bits | added;
        var dropped = CapabilitySet.Parse(drop.Where(d => !IsAll([d])), out _).Bits;
        return new CapabilitySet(bits & ~dropped).Names;
    }

    private static bool IsAll(IEnumerable<string> names) => names.Any(n => n.Equals("ALL", StringComparison.OrdinalIgnoreCase));
}
