using Katabira.Cluster.Resources.BuiltIns;
using Xunit;

namespace Katabira.Tests.Cluster.Resources;

/// <summary>Resources that two groups or two versions show in different forms.</summary>
public class StoredFormsTests
{
    [Fact]
    public void Event_OfTheNewerGroup_IsStoredInTheCoreFormAndComesBackUnchanged()
    {
        const string sent = "{'apiVersion':'events.k8s.io/v1','kind':'Event','regarding':{'kind':'Pod'},'note':'pulled','reason':'Pulled',"
            + "'reportingController':'agent','series':{'count':2,'lastObservedTime':'2026-01-01T00:00:00.000000Z'},'deprecatedCount':3}";
        var @event = Json.Object(sent);

        EventForms.ToCore(@event);

        Assert.Equal(
            "{'apiVersion':'v1','kind':'Event','involvedObject':{'kind':'Pod'},'message':'pulled','reason':'Pulled',"
            + "'reportingComponent':'agent','series':{'count':2,'lastObservedTime':'2026-01-01T00:00:00.000000Z'},'count':3}",
            Json.Line(@event));
        EventForms.FromCore(@event);
        Assert.Equal(sent, Json.Line(@event));
    }

    [Fact]
    public void Autoscaler_V1CpuTarget_IsAV2ResourceMetric()
    {
        var autoscaler = Json.Object("{'apiVersion':'autoscaling/v1','metadata':{'name':'a'},'spec':{'maxReplicas':3,'targetCPUUtilizationPercentage':80}}");

        AutoscalerForms.ToV2(autoscaler);

        Assert.Equal(
            "{'apiVersion':'autoscaling/v2','metadata':{'name':'a'},'spec':{'maxReplicas':3,'metrics':[{'type':'Resource',"
            + "'resource':{'name':'cpu','target':{'type':'Utilization','averageUtilization':80}}}]}}",
            Json.Line(autoscaler));
    }

    [Fact]
    public void Autoscaler_ReadAsV1AndWrittenBack_LosesNothing()
    {
        const string stored = "{'apiVersion':'autoscaling/v2','metadata':{'name':'a','annotations':{}},'spec':{'maxReplicas':3,'metrics':["
            + "{'type':'Resource','resource':{'name':'cpu','target':{'type':'Utilization','averageUtilization':80}}},"
            + "{'type':'Resource','resource':{'name':'memory','target':{'type':'Utilization','averageUtilization':60}}}],"
            + "'behavior':{'scaleDown':{'policies':[]}}},'status':{'currentMetrics':["
            + "{'type':'Resource','resource':{'name':'cpu','current':{'averageUtilization':7}}}],'conditions':[{'type':'AbleToScale'}]}}";
        var autoscaler = Json.Object(stored);

        AutoscalerForms.FromV2(autoscaler);
        Assert.Equal("80", Json.Line(autoscaler["spec"]!["targetCPUUtilizationPercentage"]));
        Assert.Equal("7", Json.Line(autoscaler["status"]!["currentCPUUtilizationPercentage"]));
        Assert.Null(autoscaler["spec"]!["metrics"]);

        AutoscalerForms.ToV2(autoscaler);
        Assert.Equal(stored, Json.Line(autoscaler));
    }

    [Theory]
    [InlineData("hello")]
    [InlineData("[{\\'a\\':1,\\'a\\':2}]")]
    [InlineData("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]")]
    public void Autoscaler_UsersOwnTextInTheAnnotation_IsIgnored(string text)
    {
        var autoscaler = Json.Object($"{{'metadata':{{'annotations':{{'autoscaling.alpha.kubernetes.io/metrics':'{text}'}}}},'spec':{{}}}}");

        AutoscalerForms.ToV2(autoscaler);

        Assert.Equal("{}", Json.Line(autoscaler["spec"]));
    }
}
