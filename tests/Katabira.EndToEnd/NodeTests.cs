using Katabira.EndToEnd.Support;
using Katabira.Tests.Support;
using Xunit;

namespace Katabira.EndToEnd;

/// <summary>The official JavaScript client: typed calls, an informer, every kind of patch, pages, errors.</summary>
public class NodeTests(SharedCluster shared)
{
    [Fact]
    public async Task Session_OfTheJavaScriptClient_SeesAKubernetes()
    {
        using var workplace = new Workplace(shared.Cluster.Kubeconfig, "1.33");
        string[] arguments = [Repository.PathTo("tests/Katabira.EndToEnd/Clients/session.mjs"), Clients.NodeModules, "node-session"];

        var outcome = await workplace.RunAsync("node", arguments, TestContext.Current.CancellationToken);

        Assert.Equal("""
            namespace Active
            informer add early {"a":"1"}
            generated true true
            informer update early {"a":"1","b":"2"}
            informer update early {"b":"2"}
            strategic web=nginx:2 log=log:1
            scale 0 app=web
            applied session Apply
            pages applied early made
            404 NotFound: configmaps "absent" not found
            409 AlreadyExists: configmaps "early" already exists
            409 Conflict: Operation cannot be fulfilled on configmaps "early": the object has been modified; please apply your changes to the latest version and try again
            SyntaxError
            deleted Success
            informer delete early {"b":"2"}
            allowed true
            namespace Terminating

            """, outcome.Stdout);
        Assert.Equal("", outcome.Stderr);
        Assert.Equal(0, outcome.ExitCode);
    }
}
