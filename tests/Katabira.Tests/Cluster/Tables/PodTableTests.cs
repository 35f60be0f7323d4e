using Xunit;

namespace Katabira.Tests.Cluster.Tables;

public class PodTableTests
{
    [Fact]
    public void Row_ARunningPod_HasEveryCell() => Assert.Equal(
        "['web-1','2/2','Running','3 (90m ago)','2d1h','10.244.0.7','node-a','<none>','1/2']",
        Rows.Cells("pods",
            """
            {'metadata':{'name':'web-1','creationTimestamp':'2026-02-27T11:00:00Z'},
             'spec':{'nodeName':'node-a','containers':[{'name':'a'},{'name':'b'}],'readinessGates':[{'conditionType':'lb'},{'conditionType':'x'}]},
             'status':{'phase':'Running','podIP':'10.244.0.7','podIPs':[{'ip':'10.244.0.7'}],'conditions':[{'type':'lb','status':'True'},{'type':'x','status':'False'}],
              'containerStatuses':[
               {'name':'a','ready':true,'restartCount':1,'state':{'running':{}},'lastState':{'terminated':{'finishedAt':'2026-03-01T09:00:00Z'}}},
               {'name':'b','ready':true,'restartCount':2,'state':{'running':{}},'lastState':{'terminated':{'finishedAt':'2026-03-01T10:30:00Z'}}}]}}
            """));

    [Fact]
    public void Row_AnEmptyObject_IsAllAbsence() => Assert.Equal(
        "['','0/0','','0','<unknown>','<none>','<none>','<none>','<none>']", Rows.Cells("pods", "{}"));

    [Theory]
    // the phase, and what overrides it
    [InlineData("{'phase':'Pending'}", "Pending")]
    [InlineData("{'phase':'Failed','reason':'Evicted'}", "Evicted")]
    [InlineData("{'phase':'Pending','conditions':[{'type':'PodScheduled','status':'False','reason':'SchedulingGated'}]}", "SchedulingGated")]
    // containers: waiting, ended with and without a reason
    [InlineData("{'phase':'Pending','containerStatuses':[{'state':{'waiting':{'reason':'ContainerCreating'}}}]}", "ContainerCreating")]
    [InlineData("{'phase':'Running','containerStatuses':[{'state':{'waiting':{'reason':'CrashLoopBackOff'}}}]}", "CrashLoopBackOff")]
    [InlineData("{'phase':'Failed','containerStatuses':[{'state':{'terminated':{'reason':'Error','exitCode':1}}}]}", "Error")]
    [InlineData("{'phase':'Failed','containerStatuses':[{'state':{'terminated':{'exitCode':3}}}]}", "ExitCode:3")]
    [InlineData("{'phase':'Failed','containerStatuses':[{'state':{'terminated':{'exitCode':137,'signal':9}}}]}", "Signal:9")]
    [InlineData("{'phase':'Succeeded','containerStatuses':[{'state':{'terminated':{'reason':'Completed','exitCode':0}}}]}", "Completed")]
    // the first container has the last word
    [InlineData("{'phase':'Running','containerStatuses':[{'state':{'waiting':{'reason':'ErrImagePull'}}},{'state':{'terminated':{'reason':'Error'}}}]}", "ErrImagePull")]
    // one is done, another still runs
    [InlineData("{'phase':'Running','conditions':[{'type':'Ready','status':'True'}],'containerStatuses':[{'state':{'terminated':{'reason':'Completed'}}},{'ready':true,'state':{'running':{}}}]}", "Running")]
    [InlineData("{'phase':'Running','containerStatuses':[{'state':{'terminated':{'reason':'Completed'}}},{'ready':true,'state':{'running':{}}}]}", "NotReady")]
    // init containers: the first unfinished one is named, and the containers are not looked at
    [InlineData("{'phase':'Pending','initContainerStatuses':[{'state':{'terminated':{'exitCode':0}}},{'state':{'running':{}}}],'containerStatuses':[{'state':{'waiting':{'reason':'PodInitializing'}}}]}", "Init:1/2")]
    [InlineData("{'phase':'Pending','initContainerStatuses':[{'state':{'waiting':{'reason':'PodInitializing'}}}]}", "Init:0/2")]
    [InlineData("{'phase':'Pending','initContainerStatuses':[{'state':{'waiting':{'reason':'CrashLoopBackOff'}}}]}", "Init:CrashLoopBackOff")]
    [InlineData("{'phase':'Pending','initContainerStatuses':[{'state':{'terminated':{'exitCode':2}}}]}", "Init:ExitCode:2")]
    [InlineData("{'phase':'Pending','initContainerStatuses':[{'state':{'terminated':{'exitCode':2,'signal':15}}}]}", "Init:Signal:15")]
    [InlineData("{'phase':'Pending','initContainerStatuses':[{'state':{'terminated':{'exitCode':2,'reason':'Error'}}}]}", "Init:Error")]
    [InlineData("{'phase':'Running','initContainerStatuses':[{'state':{'terminated':{'exitCode':0,'reason':'Completed'}}}],'containerStatuses':[{'ready':true,'state':{'running':{}}}]}", "Running")]
    public void Status_OfAState_IsItsWord(string status, string expected) => Assert.Equal(expected, Status("{}", status));

    [Theory]
    [InlineData("{'phase':'Running'}", "Terminating")]
    [InlineData("{'phase':'Succeeded'}", "Succeeded")]
    [InlineData("{'phase':'Running','reason':'NodeLost'}", "Unknown")]
    public void Status_WhileDeleted_SaysSo(string status, string expected) =>
        Assert.Equal(expected, Status("{'deletionTimestamp':'2026-03-01T12:00:30Z'}", status));

    [Fact]
    public void Ready_ASidecarInitContainer_IsCounted() => Assert.Equal(
        "['p','2/2','Running','5','<unknown>','<none>','<none>','<none>','<none>']",
        Rows.Cells("pods",
            """
            {'metadata':{'name':'p'},'spec':{'containers':[{'name':'a'}],'initContainers':[{'name':'proxy','restartPolicy':'Always'},{'name':'once'}]},
             'status':{'phase':'Running','initContainerStatuses':[
               {'name':'proxy','started':true,'ready':true,'restartCount':4,'state':{'running':{}}},
               {'name':'once','restartCount':9,'state':{'terminated':{'exitCode':0}}}],
              'containerStatuses':[{'name':'a','ready':true,'restartCount':1,'state':{'running':{}}}]}}
            """));

    [Fact]
    public void Row_AFinishedPod_CarriesTheCondition()
    {
        var request = new Katabira.Cluster.Tables.TableRequest(Rows.Layout("pods"), Rows.Now, Katabira.Cluster.Tables.IncludeObject.None);
        var pod = Resources.Json.Object("{'metadata':{'name':'p'},'status':{'phase':'Succeeded'}}");

        var row = System.Text.Json.Nodes.JsonNode.Parse(Rows.Write(json => Katabira.Cluster.Tables.TableWriter.WriteOne(json, request, pod)))!["rows"]![0]!;

        Assert.Equal(
            "[{'type':'Completed','status':'True','reason':'Succeeded','message':'The pod has completed successfully.'}]",
            Resources.Json.Line(row["conditions"]));
    }

    private static string Status(string metadata, string status)
    {
        var cells = Rows.Cells("pods", $"{{'metadata':{metadata},'spec':{{'initContainers':[{{'name':'x'}},{{'name':'y'}}]}},'status':{status}}}");
        return cells.Split('\'')[5];
    }
}
