using System.Net;
using Katabira.Cluster.Node.Containers;
using Katabira.Tests.Cluster.Access;
using Xunit;

namespace Katabira.Tests.Cluster.Node.Containers;

public sealed class PodFilesTests : IDisposable
{
    private const string Host = "nameserver 1.1.1.1\nsearch office.example lan\n";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Hosts_OfAPod_AreKubernetesManaged() => Assert.Equal(
        "# Kubernetes-managed hosts file.\n127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\nfe00::0\tip6-localnet\nfe00::0\tip6-mcastprefix\n"
        + "fe00::1\tip6-allnodes\nfe00::2\tip6-allrouters\n10.244.0.7\tcart-5\n",
        HostsFile.Of(Requests.Pod("{}"), [IPAddress.Parse("10.244.0.7")]));

    [Fact]
    public void Hosts_WithNamesOfItsOwn_HaveThem()
    {
        var pod = Requests.Pod("{ hostname: front, subdomain: web, hostAliases: [{ ip: 10.1.1.1, hostnames: [a, b.c] }] }");

        Assert.EndsWith(
            "\n10.244.0.7\tfront.web.shop.svc.cluster.local\tfront\n\n# Entries added by HostAliases.\n10.1.1.1\ta\tb.c\n",
            HostsFile.Of(pod, [IPAddress.Parse("10.244.0.7")]),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cart-5", "cart-5")]
    [InlineData("a123456789-123456789-123456789-123456789-123456789-123456789-123456789", "a123456789-123456789-123456789-123456789-123456789-123456789-12")]
    [InlineData("a123456789-123456789-123456789-123456789-123456789-123456789-1-3456789", "a123456789-123456789-123456789-123456789-123456789-123456789-1")]
    public void HostName_OfALongName_IsCut(string name, string expected)
    {
        var pod = Requests.Pod("{}");
        pod["metadata"]!["name"] = name;

        Assert.Equal(expected, PodHostName.Of(pod));
    }

    [Theory]
    [InlineData("{}", "search shop.svc.cluster.local svc.cluster.local cluster.local office.example lan\nnameserver 10.96.0.10\noptions ndots:5\n")]
    [InlineData("{ dnsPolicy: Default }", "search office.example lan\nnameserver 10.96.0.10\n")]
    [InlineData("{ dnsPolicy: None, dnsConfig: { nameservers: [9.9.9.9], searches: [x.y], options: [{ name: timeout, value: '1' }, { name: debug }] } }",
        "search x.y\nnameserver 9.9.9.9\noptions timeout:1 debug\n")]
    [InlineData("{ dnsConfig: { options: [{ name: ndots, value: '2' }], searches: [lan, new.example], nameservers: [10.96.0.10, 9.9.9.9] } }",
        "search shop.svc.cluster.local svc.cluster.local cluster.local office.example lan new.example\nnameserver 10.96.0.10\nnameserver 9.9.9.9\noptions ndots:2\n")]
    [InlineData("{ dnsPolicy: None, dnsConfig: { searches: ['a b', \"c\\nnameserver 6.6.6.6\", ok] } }", "search ok\n")]
    public void Resolver_ByPolicy_IsThis(string spec, string expected) => Assert.Equal(expected, ResolverSettings.Of(Requests.Pod(spec), Host).ToString());

    [Fact]
    public async Task WriteAsync_Pod_MakesTheFilesAndSaysWhereTheyBelong()
    {
        var mounts = await new PodFiles(_folder.Path).WriteAsync(Requests.Pod("{}"), Requests.Addresses, TestContext.Current.CancellationToken);

        Assert.Equal(["/etc/hosts", "/etc/hostname", "/etc/resolv.conf"], mounts.Select(m => m.Target));
        Assert.Equal("cart-5\n", File.ReadAllText(mounts[1].Source!));
        Assert.StartsWith("search shop.svc.cluster.local", File.ReadAllText(mounts[2].Source!), StringComparison.Ordinal);
    }

    [Fact]
    public void TerminationFile_WhatAContainerWrites_IsReadBack()
    {
        var files = new PodFiles(_folder.Path);
        var container = Requests.Of("terminationMessagePath: /dev/termination-log").Container;

        var mount = files.MakeTerminationFile(container, 2)!;
        File.WriteAllText(mount.Source!, new string('x', 5000) + "the end");

        Assert.Equal("/dev/termination-log", mount.Target);
        Assert.Equal(4096, files.ReadTerminationMessage(container, 2).Length);
        Assert.EndsWith("the end", files.ReadTerminationMessage(container, 2), StringComparison.Ordinal);
        Assert.Equal("", files.ReadTerminationMessage(container, 1));
    }

    [Fact]
    public void TerminationFile_NoPath_IsNone() => Assert.Null(new PodFiles(_folder.Path).MakeTerminationFile(Requests.Of("{}").Container, 0));
}
