using System.Text.Json.Nodes;
using Katabira.Cluster.Api;
using Katabira.Cluster.Resources;
using Katabira.Cluster.Storage;

namespace Katabira.Cluster.Controllers;

/// <summary>
/// Tells what a component did to an object, for <c>kubectl describe</c> and <c>kubectl events</c>. The same event told again counts up. Telling is a
/// courtesy: what cannot be told is not an error. Thread-safe.
/// </summary>
/// <param name="component">Who tells, e.g. <c>replicaset-controller</c>.</param>
internal sealed class EventRecorder(ClusterClient client, string component)
{
    private static readonly GroupResource s_events = new("", "events");

    /// <param name="about">The object.</param>
    /// <param name="type"><c>Normal</c> or <c>Warning</c>.</param>
    /// <param name="reason">One word, e.g. <c>SuccessfulCreate</c>.</param>
    /// <param name="fieldPath">The part of the object, e.g. a container; empty for the whole.</param>
    public async Task TellAsync(JsonObject about, string type, string reason, string message, CancellationToken cancel, string fieldPath = "")
    {
        var ns = about.NamespaceOf() is { Length: > 0 } own ? own : "default";
        // one name for one event, so that telling it again finds it
        var hash = 14695981039346656037ul;
        foreach (var c in $"{about.Child("metadata").Text("uid")}/{fieldPath}/{reason}/{message}/{component}")
        {
            hash = (hash ^ c) * 1099511628211ul;
        }
        var name = $"{about.NameOf()}.{hash:x16}";
        var now = client.State.Time.Now();
        try
        {
            if (!await client.TryUpdateAsync(new StoreKey("", "events", ns, name), "", known => Again(known, now), cancel))
            {
                await client.TryCreateAsync(s_events, ns, New(about, name, (type, reason, message), now, fieldPath), cancel);
            }
        }
        catch (ApiException)
        {
            // the namespace is ending, or the disk is full: nobody would read it
        }
    }

    private static void Again(JsonObject known, string now)
    {
        known["count"] = known.Count("count") + 1;
        known["lastTimestamp"] = now;
    }

    private JsonObject New(JsonObject about, string name, (string Type, string Reason, string Message) told, string now, string fieldPath)
    {
        var involved = new JsonObject
        {
            ["kind"] = about.Text("kind"),
            ["namespace"] = about.NamespaceOf(),
            ["name"] = about.NameOf(),
            ["uid"] = about.Child("metadata").Text("uid"),
            ["apiVersion"] = about.Text("apiVersion"),
            ["resourceVersion"] = about.Child("metadata").Text("resourceVersion"),
        };
        ApiFailure.Set(involved, "fieldPath", fieldPath);
        return new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Event",
            ["metadata"] = new JsonObject { ["name"] = name },
            ["involvedObject"] = involved,
            ["reason"] = told.Reason,
            ["message"] = told.Message,
            ["source"] = new JsonObject { ["component"] = component },
            ["firstTimestamp"] = now,
            ["lastTimestamp"] = now,
            ["count"] = 1,
            ["type"] = told.Type,
            ["reportingComponent"] = component,
            ["reportingInstance"] = "",
        };
    }
}
