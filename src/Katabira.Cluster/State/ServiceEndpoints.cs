using System.Net;
using Katabira.Cluster.Resources;
using Katabira.Cluster.Storage;

namespace Katabira.Cluster.State;

/// <summary>Finds where a Service's port is answered, as the server itself needs it to call webhooks. Thread-safe.</summary>
internal sealed class ServiceEndpoints(ClusterState state)
{
    private const string ServiceLabel = "kubernetes.io/service-name";
    private static readonly GroupResource s_services = new("", "services");
    private static readonly GroupResource s_slices = new("discovery.k8s.io", "endpointslices");

    /// <summary>An endpoint that is ready; null if there is none.</summary>
    public IPEndPoint? Resolve(string ns, string name, int port)
    {
        if (state.Find(s_services, ns, name) is not { } service
            || service.Child("spec").Items("ports").FirstOrDefault(p => p.Count("port") == port) is not { } served)
        {
            return null;
        }
        var slices = state.Store.Current.Range(new StoreRange(s_slices, ns));
        for (var i = 0; i < slices.Count; i++)
        {
            var slice = StoredJson.Read(slices[i]);
            if (slice.Labels().GetValueOrDefault(ServiceLabel) != name)
            {
                continue;
            }
            var target = slice.Items("ports").FirstOrDefault(p => p.Text("name") == served.Text("name"));
            var ready = slice.Items("endpoints").FirstOrDefault(e => e.Child("conditions")?["ready"].AsBoolean() != false);
            if (target is not null && ready is not null && IPAddress.TryParse(ready.Texts("addresses").FirstOrDefault(""), out var address))
            {
                return new IPEndPoint(address, (int)target.Count("port"));
            }
        }
        return null;
    }
}
