using System.Text.Json.Nodes;

namespace Katabira.Cluster.Resources.BuiltIns;

/// <summary>
/// The two forms of an event. The core form is stored; the fields that the newer form lacks live on there under <c>deprecated…</c> names.
/// Both directions change the object in place and keep what they do not know.
/// </summary>
internal static class EventForms
{
    private static readonly (string Core, string Newer)[] s_names =
    [
        ("involvedObject", "regarding"),
        ("message", "note"),
        ("reportingComponent", "reportingController"),
        ("source", "deprecatedSource"),
        ("firstTimestamp", "deprecatedFirstTimestamp"),
        ("lastTimestamp", "deprecatedLastTimestamp"),
        ("count", "deprecatedCount"),
    ];

    /// <summary>Stored core event → <c>events.k8s.io/v1</c>.</summary>
    public static void FromCore(JsonObject stored)
    {
        foreach (var (core, newer) in s_names)
        {
            Rename(stored, core, newer);
        }
        stored["apiVersion"] = "events.k8s.io/v1";
    }

    /// <summary><c>events.k8s.io/v1</c> event → stored core event.</summary>
    public static void ToCore(JsonObject sent)
    {
        foreach (var (core, newer) in s_names)
        {
            Rename(sent, newer, core);
        }
        sent["apiVersion"] = "v1";
    }

    private static void Rename(JsonObject owner, string from, string to)
    {
        var index = owner.IndexOf(from);
        if (index < 0 || owner.ContainsKey(to))
        {
            return;
        }
        var value = owner[index];
        owner.RemoveAt(index);
        owner.Insert(index, to, value);
    }
}
