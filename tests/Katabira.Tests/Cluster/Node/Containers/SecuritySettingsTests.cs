using Katabira.Cluster.Node.Containers;
using Katabira.Cluster.Node.Images;
using Katabira.Net.Linux;
using Xunit;

namespace Katabira.Tests.Cluster.Node.Containers;

public class SecuritySettingsTests
{
    private static readonly string[] s_usual = [.. CapabilitySet.OfContainers.Names];

    [Theory]
    [InlineData("{}", "{}", 1000, 2000)]
    [InlineData("{ runAsUser: 5 }", "{}", 5, 0)]
    [InlineData("{ runAsUser: 5, runAsGroup: 6 }", "{}", 5, 6)]
    [InlineData("{ runAsGroup: 6 }", "{}", 1000, 6)]
    [InlineData("{ runAsUser: 5, runAsGroup: 6 }", "{ runAsUser: 7 }", 7, 6)]
    [InlineData("{ runAsUser: 5 }", "{ runAsUser: 0 }", 0, 0)]
    [InlineData("{}", "{ runAsUser: 1000 }", 1000, 2000)]
    public void Of_User_IsTheContainersOverThePodsOverTheImages(string pod, string container, uint user, uint group)
    {
        var settings = Of(pod, container);

        Assert.Equal((user, group), (settings.User, settings.Group));
    }

    [Fact]
    public void Of_Groups_AreFsGroupAndTheSupplementaryOnes() => Assert.Equal([9u, 1u, 2u], Of("{ fsGroup: 9, supplementalGroups: [1, 2, 9] }", "{}").Groups);

    [Theory]
    [InlineData("{ drop: [ALL] }", "")]
    [InlineData("{ drop: [all], add: [NET_ADMIN] }", "NET_ADMIN")]
    [InlineData("{ add: [CAP_NET_ADMIN, SYS_TIME], drop: [ALL, SYS_TIME] }", "NET_ADMIN")]
    public void Of_Capabilities_AllIsDroppedFirst(string asked, string expected) =>
        Assert.Equal(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries), Of("{}", $"{{ capabilities: {asked} }}").Capabilities!);

    [Fact]
    public void Of_Capabilities_BeginWithTheUsualOnes()
    {
        Assert.Equal([.. s_usual.Append("NET_ADMIN").Order()], Of("{}", "{ capabilities: { add: [NET_ADMIN] } }").Capabilities!.Order());
        Assert.Equal([.. s_usual.Where(c => c != "CHOWN").Order()], Of("{}", "{ capabilities: { drop: [CHOWN] } }").Capabilities!.Order());
        Assert.Equal(CapabilitySet.All.Names.Except(["SYS_TIME"]), Of("{}", "{ capabilities: { add: [ALL], drop: [SYS_TIME] } }").Capabilities!);
        Assert.Null(Of("{}", "{}").Capabilities);
    }

    [Fact]
    public void Of_Privileged_HasEverything()
    {
        var settings = Of("{}", "{ privileged: true, allowPrivilegeEscalation: false, capabilities: { drop: [ALL] } }");

        Assert.Equal(CapabilitySet.All.Names, settings.Capabilities!);
        Assert.False(settings.NoNewPrivileges);
    }

    [Theory]
    [InlineData("{ runAsNonRoot: true, runAsUser: 0 }", "{}", 1000, "container's runAsUser breaks non-root policy")]
    [InlineData("{ runAsNonRoot: true }", "{ runAsUser: 0 }", 1000, "container's runAsUser breaks non-root policy")]
    [InlineData("{ runAsNonRoot: true }", "{}", 0, "container has runAsNonRoot and image will run as root")]
    [InlineData("{}", "{ runAsNonRoot: true }", 0, "container has runAsNonRoot and image will run as root")]
    public void Refuse_RootWhereNoneMayBe_IsAConfigError(string pod, string container, uint image, string message)
    {
        var request = Requests.Of($"securityContext: {container}", $"securityContext: {pod}");

        Assert.Equal(
            new ContainerRefusal("CreateContainerConfigError", $"{message} (pod: \"cart-5_shop(11-22)\", container: server)"),
            SecuritySettings.Refuse(request.Pod, request.Container, new ImageUser(image, 0)));
    }

    [Theory]
    [InlineData("{ runAsNonRoot: true }", "{}", 1000)]
    [InlineData("{ runAsNonRoot: true }", "{ runAsNonRoot: false }", 0)]
    [InlineData("{ runAsNonRoot: true, runAsUser: 5 }", "{}", 0)]
    [InlineData("{}", "{ runAsUser: 0 }", 0)]
    public void Refuse_Else_IsNothing(string pod, string container, uint image)
    {
        var request = Requests.Of($"securityContext: {container}", $"securityContext: {pod}");

        Assert.Null(SecuritySettings.Refuse(request.Pod, request.Container, new ImageUser(image, 0)));
    }

    [Fact]
    public void Refuse_UnknownCapability_IsNamed()
    {
        var request = Requests.Of("securityContext: { capabilities: { add: [FLY] } }");

        Assert.Equal("unknown capability \"CAP_FLY\"", SecuritySettings.Refuse(request.Pod, request.Container, default)!.Message);
    }

    [Theory]
    [InlineData("{ securityContext: { runAsUser: 5 }, containers: [{ name: a }, { name: b }] }", 5u)]
    [InlineData("{ containers: [{ name: a, securityContext: { runAsUser: 7 } }] }", 7u)]
    [InlineData("{ containers: [{ name: a, securityContext: { runAsUser: 7 } }, { name: b }] }", null)]
    [InlineData("{ containers: [{ name: a }] }", null)]
    public void CommonUser_OfAPod_IsThatOfAllContainers(string spec, uint? expected) => Assert.Equal(expected, SecuritySettings.CommonUser(Requests.Pod(spec)));

    private static SecuritySettings Of(string pod, string container)
    {
        var request = Requests.Of($"securityContext: {container}", $"securityContext: {pod}");
        return SecuritySettings.Of(request.Pod, request.Container, Requests.Image.User);
    }
}
