using System.Text.Json.Nodes;
using Katabira.Cluster.Resources;

namespace Katabira.Cluster.Schemas;

/// <summary>What the API server says about a definition: the names it got, whether it is served, the versions objects are stored in. Pure.</summary>
internal static class CrdStatus
{
    /// <summary>The status of a definition, new or changed.</summary>
    /// <param name="crd">The definition with its old status, if it has one.</param>
    /// <param name="others">All other definitions with their statuses; those of another group do not matter.</param>
    /// <param name="now">The time of a condition that changes, e.g. <c>2026-08-01T12:00:00Z</c>.</param>
    public static JsonObject Next(JsonObject crd, IEnumerable<JsonObject> others, string now)
    {
        var spec = crd.Child("spec") ?? [];
        var old = crd.Child("status") ?? [];
        var taken = others.Where(o => o.Child("spec")?.Text("group") == spec.Text("group")).Select(o => o.Child("status")?.Child("acceptedNames"));
        var (accepted, conflict) = Accept(spec.Child("names") ?? [], old.Child("acceptedNames") ?? [], [.. taken.OfType<JsonObject>()]);
        var established = conflict is null || IsTrue(crd, "Established");
        return new JsonObject
        {
            ["acceptedNames"] = accepted,
            ["conditions"] = new JsonArray(
                conflict is { } c
                    ? Condition(old, "NamesAccepted", false, c.Reason, c.Message, now)
                    : Condition(old, "NamesAccepted", true, "NoConflicts", "no conflicts found", now),
                established
                    ? Condition(old, "Established", true, "InitialNamesAccepted", "the initial names have been accepted", now)
                    : Condition(old, "Established", false, "NotAccepted", "not all names are accepted", now)),
            ["storedVersions"] = StoredVersions(spec, old),
        };
    }

    /// <summary>The status of a definition whose objects are about to be deleted.</summary>
    public static JsonObject Terminating(JsonObject crd, string now)
    {
        var status = crd.Child("status")?.DeepClone().AsObject() ?? [];
        var condition = Condition(status, "Terminating", true, "InstanceDeletionInProgress", "CustomResource deletion is in progress", now);
        var kept = status.Items("conditions").Where(c => c.Text("type") != "Terminating").Select(c => c.DeepClone());
        status["conditions"] = new JsonArray([.. kept, condition]);
        return status;
    }

    /// <summary>True if the definition has the condition with status True.</summary>
    public static bool IsTrue(JsonObject crd, string type) =>
        crd.Child("status")?.Items("conditions").Any(c => c.Text("type") == type && c.Text("status") == "True") == true;

    /// <summary>Names that nobody else of the group has, or that were ours before; for the others the old one stays. The last conflict is told, as
    /// Kubernetes does.</summary>
    private static (JsonObject Names, (string Reason, string Message)? Conflict) Accept(JsonObject wanted, JsonObject had, List<JsonObject> others)
    {
        var resources = others.SelectMany(o => o.Texts("shortNames").Append(o.Text("plural")).Append(o.Text("singular"))).ToHashSet(StringComparer.Ordinal);
        var kinds = others.SelectMany(o => new[] { o.Text("kind"), o.Text("listKind") }).ToHashSet(StringComparer.Ordinal);
        (string, string)? conflict = null;
        var accepted = new JsonObject();
        Take("plural", "PluralConflict", resources);
        Take("singular", "SingularConflict", resources);
        var taken = wanted.Texts("shortNames").Except(had.Texts("shortNames")).Where(resources.Contains).Select(n => $"\"{n}\" is already in use").ToList();
        if (taken.Count > 0)
        {
            conflict = ("ShortNamesConflict", taken.Count == 1 ? taken[0] : $"[{string.Join(", ", taken)}]");
        }
        Copy("shortNames", taken.Count > 0 ? had : wanted);
        Take("kind", "KindConflict", kinds);
        Take("listKind", "ListKindConflict", kinds);
        Copy("categories", wanted);
        return (accepted, conflict);

        void Take(string name, string reason, HashSet<string> used)
        {
            var free = wanted.Text(name) == had.Text(name) || !used.Contains(wanted.Text(name));
            conflict = free ? conflict : (reason, $"\"{wanted.Text(name)}\" is already in use");
            Copy(name, free ? wanted : had);
            accepted[name] ??= "";
        }

        void Copy(string name, JsonObject from)
        {
            if (from[name] is { } value)
            {
                accepted[name] = value.DeepClone();
            }
        }
    }

    private static JsonObject Condition(JsonObject old, string type, bool holds, string reason, string message, string now)
    {
        var status = holds ? "True" : "False";
        var before = old.Items("conditions").FirstOrDefault(c => c.Text("type") == type);
        return new JsonObject
        {
            ["lastTransitionTime"] = before?.Text("status") == status && before.Has("lastTransitionTime") ? before.Text("lastTransitionTime") : now,
            ["message"] = message,
            ["reason"] = reason,
            ["status"] = status,
            ["type"] = type,
        };
    }

    private static JsonArray StoredVersions(JsonObject spec, JsonObject old)
    {
        var stored = old.Texts("storedVersions").ToList();
        if (spec.Items("versions").FirstOrDefault(v => v.Flag("storage"))?.Text("name") is { } storage && !stored.Contains(storage))
        {
            stored.Add(storage);
        }
        return new JsonArray([.. stored.Select(v => (JsonNode)v)]);
    }
}
