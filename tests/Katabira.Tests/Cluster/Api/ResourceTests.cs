using Xunit;

namespace Katabira.Tests.Cluster.Api;

/// <summary>What some resources do that others do not: addresses, versions, scale, subresources of pods.</summary>
[Collection(SharedCluster.Name)]
public sealed class ResourceTests(ClusterFixture cluster)
{
    [Fact]
    public async Task Services_GetAddressesAndPortsOfTheirOwn()
    {
        var (_, core) = await cluster.NewNamespaceAsync();
        var plain = (await AddAsync(core, "a", """{"ports":[{"port":80}]}""")).Expect(201);
        var address = (string)plain["spec.clusterIP"]!;
        var node = (await AddAsync(core, "b", """{"type":"NodePort","ports":[{"port":80}]}""")).Expect(201);
        var port = (int)node["spec.ports.0.nodePort"]!;

        var twin = await AddAsync(core, "c", $$$"""{"clusterIP":"{{{address}}}","ports":[{"port":80}]}""");
        var outside = await AddAsync(core, "d", """{"clusterIP":"192.168.1.1","ports":[{"port":80}]}""");
        var samePort = await AddAsync(core, "e", $$$"""{"type":"NodePort","ports":[{"port":80,"nodePort":{{{port}}} }]}""");
        var farPort = await AddAsync(core, "f", """{"type":"NodePort","ports":[{"port":80,"nodePort":80}]}""");
        var headless = (await AddAsync(core, "g", """{"clusterIP":"None","ports":[{"port":80}]}""")).Expect(201);
        var named = (await AddAsync(core, "h", """{"type":"ExternalName","externalName":"x.example"}""")).Expect(201);
        var changed = await cluster.Admin.PatchAsync($"{core}/services/a", """{"spec":{"clusterIP":"10.96.77.77"}}""");

        Assert.StartsWith("10.96.", address, StringComparison.Ordinal);
        Assert.Equal(address, (string?)plain["spec.clusterIPs.0"]);
        Assert.InRange(port, 30_000, 32_767);
        Assert.Contains("provided IP is already allocated", (string?)twin.Expect(422)["message"], StringComparison.Ordinal);
        Assert.Contains("is not in the valid range", (string?)outside.Expect(422)["message"], StringComparison.Ordinal);
        Assert.Contains("provided port is already allocated", (string?)samePort.Expect(422)["message"], StringComparison.Ordinal);
        Assert.Contains("provided port is not in the valid range", (string?)farPort.Expect(422)["message"], StringComparison.Ordinal);
        Assert.Equal(("None", null), ((string?)headless["spec.clusterIP"], named["spec.clusterIP"]));
        Assert.Contains("may not change once set", (string?)changed.Expect(422)["message"], StringComparison.Ordinal);

        (await cluster.Admin.DeleteAsync($"{core}/services/a")).Expect(200);
        (await AddAsync(core, "c", $$$"""{"clusterIP":"{{{address}}}","ports":[{"port":80}]}""")).Expect(201);
    }

    [Theory]
    [InlineData("10.96.1")]
    [InlineData("0x0a600001")]
    [InlineData("010.96.0.1")]
    [InlineData("10.096.0.1")]
    [InlineData("::ffff:10.96.0.1")]
    [InlineData(" 10.96.0.1")]
    public async Task Address_SpeltInAnotherWay_DoesNotBecomeASecondOwner(string address)
    {
        var (_, core) = await cluster.NewNamespaceAsync();

        (await AddAsync(core, "thief", $$$"""{"clusterIP":"{{{address}}}","ports":[{"port":80}]}""")).Expect(422);
    }

    [Fact]
    public async Task Service_ThatBecomesOneWithoutNodePorts_LosesThoseItHad()
    {
        var (_, core) = await cluster.NewNamespaceAsync();
        (await AddAsync(core, "s", """{"type":"LoadBalancer","ports":[{"port":80}]}""")).Expect(201);

        var changed = (await cluster.Admin.PatchAsync($"{core}/services/s", """{"spec":{"type":"ClusterIP"}}""")).Expect(200);
        var asked = await cluster.Admin.PatchAsync($"{core}/services/s", """{"spec":{"ports":[{"port":80,"nodePort":30999}]}}""");

        Assert.Null(changed["spec.ports.0.nodePort"]);
        asked.Expect(422);
    }

    [Fact]
    public async Task Services_MadeAtOnce_GetDifferentAddresses()
    {
        var (_, core) = await cluster.NewNamespaceAsync();

        var made = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => AddAsync(core, $"s{i}", """{"type":"NodePort","ports":[{"port":80}]}""")));

        Assert.Distinct(made.Select(m => (string)m.Expect(201)["spec.clusterIP"]!));
        Assert.Distinct(made.Select(m => (int)m["spec.ports.0.nodePort"]!));
    }

    [Fact]
    public async Task Autoscaler_OfOneVersion_IsReadInTheOther()
    {
        var (ns, _) = await cluster.NewNamespaceAsync();
        (await cluster.Admin.PostAsync($"/apis/autoscaling/v1/namespaces/{ns}/horizontalpodautoscalers", """
            {"metadata":{"name":"h"},"spec":{"maxReplicas":5,"targetCPUUtilizationPercentage":80,"scaleTargetRef":{"kind":"Deployment","name":"d","apiVersion":"apps/v1"}}}
            """)).Expect(201);

        var second = (await cluster.Admin.GetAsync($"/apis/autoscaling/v2/namespaces/{ns}/horizontalpodautoscalers/h")).Expect(200);
        (await cluster.Admin.PatchAsync($"/apis/autoscaling/v2/namespaces/{ns}/horizontalpodautoscalers/h", """{"spec":{"metrics":[{"type":"Resource","resource":{"name":"cpu","target":{"type":"Utilization","averageUtilization":50}}}]}}""")).Expect(200);
        var first = (await cluster.Admin.GetAsync($"/apis/autoscaling/v1/namespaces/{ns}/horizontalpodautoscalers/h")).Expect(200);

        Assert.Equal(("autoscaling/v2", 80), ((string?)second["apiVersion"], (int?)second["spec.metrics.0.resource.target.averageUtilization"]));
        Assert.Equal(("autoscaling/v1", 50), ((string?)first["apiVersion"], (int?)first["spec.targetCPUUtilizationPercentage"]));
    }

    [Fact]
    public async Task Scale_OfADeployment_IsReadAndWritten()
    {
        var (ns, _) = await cluster.NewNamespaceAsync();
        var path = $"/apis/apps/v1/namespaces/{ns}/deployments";
        await cluster.Admin.PostAsync(path, """
            {"metadata":{"name":"d"},"spec":{"replicas":2,"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}]}}}}
            """);

        var scale = (await cluster.Admin.GetAsync($"{path}/d/scale")).Expect(200);
        var patched = (await cluster.Admin.PatchAsync($"{path}/d/scale", """{"spec":{"replicas":4}}""")).Expect(200);
        var put = await cluster.Admin.PutAsync($"{path}/d/scale", scale.Text);
        var free = (await cluster.Admin.PutAsync($"{path}/d/scale", """{"metadata":{"name":"d"},"spec":{"replicas":0}}""")).Expect(200);
        var negative = await cluster.Admin.PatchAsync($"{path}/d/scale", """{"spec":{"replicas":-1}}""");

        Assert.Equal((2, "a=b", "d", ns), ((int?)scale["spec.replicas"], (string?)scale["status.selector"], (string?)scale["metadata.name"], (string?)scale["metadata.namespace"]));
        Assert.Equal((4, 0), ((int?)patched["spec.replicas"], (int?)free["spec.replicas"]));
        Assert.Equal("Conflict", (string?)put.Expect(409)["reason"]);
        negative.Expect(422);
        Assert.Equal((0, 3), ((int?)(await cluster.Admin.GetAsync($"{path}/d"))["spec.replicas"], (int?)(await cluster.Admin.GetAsync($"{path}/d"))["metadata.generation"]));
    }

    [Fact]
    public async Task Pod_IsBoundOnceAndEvicted()
    {
        var (ns, core) = await cluster.NewNamespaceAsync();
        (await cluster.Admin.PostAsync($"{core}/pods", """{"metadata":{"name":"p"},"spec":{"containers":[{"name":"c","image":"i"}]}}""")).Expect(201);

        (await cluster.Admin.GetAsync($"{core}/pods/p/log")).ExpectStatus(400, "BadRequest", "pod p does not have a host assigned");
        (await cluster.Admin.PostAsync($"{core}/pods/p/binding", """{"target":{"kind":"Node","name":"n"}}""")).Expect(201);
        (await cluster.Admin.PostAsync($"{core}/pods/p/binding", """{"target":{"kind":"Node","name":"m"}}""")).Expect(409);
        Assert.Equal("n", (string?)(await cluster.Admin.GetAsync($"{core}/pods/p"))["spec.nodeName"]);
        (await cluster.Admin.PatchAsync($"{core}/pods/p/ephemeralcontainers", """{"spec":{"ephemeralContainers":[{"name":"debug","image":"d"}]}}""", ApiClient.StrategicPatch)).Expect(200);
        (await cluster.Admin.PatchAsync($"{core}/pods/p/ephemeralcontainers", """{"spec":{"ephemeralContainers":null}}""")).Expect(422);
        (await cluster.Admin.PostAsync($"{core}/pods/p/eviction", $$$"""{"metadata":{"name":"p","namespace":"{{{ns}}}"},"deleteOptions":{"gracePeriodSeconds":0} }""")).Expect(201);
        (await cluster.Admin.GetAsync($"{core}/pods/p")).Expect(404);
        (await cluster.Admin.PostAsync($"{core}/pods/p/eviction", "{}")).Expect(404);
    }

    private Task<Answer> AddAsync(string core, string name, string spec) => cluster.Admin.PostAsync($"{core}/services", $$$"""{"metadata":{"name":"{{{name}}}"},"spec":{{{spec}}} }""");
}
