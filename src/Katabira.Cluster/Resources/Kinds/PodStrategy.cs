using System.Text.Json.Nodes;

namespace Katabira.Cluster.Resources.Kinds;

internal static class PodStrategy
{
    public static KindStrategy Pod { get; } = new()
    {
        PrepareCreate = pod => pod["status"] = new JsonObject { ["phase"] = "Pending", ["qosClass"] = PodQuality.Of(pod.Child("spec")) },
        Default = PodDefaults.ApplyToPod,
        Validate = (pod, issues) => PodRules.Validate(pod.Child("spec"), "spec", issues),
        ValidateUpdate = ValidateUpdate,
    };

    public static KindStrategy PodTemplate { get; } = new()
    {
        Default = PodDefaults.ApplyToTemplate,
        Validate = (item, issues) => PodRules.ValidateTemplate(item.Child("template"), "template", issues),
    };

    /// <summary>
    /// A pod is what its processes were started with: of its spec only images, the deadlines and further tolerations may change.
    /// </summary>
    private static void ValidateUpdate(JsonObject pod, JsonObject old, FieldIssues issues)
    {
        var (spec, before) = (pod.Child("spec"), old.Child("spec"));
        foreach (var list in (string[])["containers", "initContainers"])
        {
            if ((spec.List(list)?.Count ?? 0) != (before.List(list)?.Count ?? 0))
            {
                issues.Forbidden($"spec.{list}", "pod updates may not add or remove containers");
                return;
            }
        }
        Deadline(spec, before, issues);
        if (before.Items("tolerations").Any(t => !spec.Items("tolerations").Any(n => JsonNode.DeepEquals(n, t))))
        {
            issues.Forbidden("spec.tolerations", "existing toleration can not be modified except its tolerationSeconds");
        }
        if (!JsonNode.DeepEquals(Fixed(spec), Fixed(before)))
        {
            issues.Forbidden(
                "spec",
                "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,"
                + "`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)");
        }
    }

    private static void Deadline(JsonObject? spec, JsonObject? before, FieldIssues issues)
    {
        var (deadline, earlier) = (spec.Integer("activeDeadlineSeconds"), before.Integer("activeDeadlineSeconds"));
        if (earlier is not null && deadline is null)
        {
            issues.Invalid("spec.activeDeadlineSeconds", (JsonNode?)null, "must not update from a positive integer to nil value");
        }
        else if (deadline > earlier)
        {
            issues.Invalid("spec.activeDeadlineSeconds", deadline.Value, "must be less than or equal to previous value");
        }
    }

    /// <summary>A copy of the spec without what may change.</summary>
    private static JsonObject Fixed(JsonObject? spec)
    {
        var copy = spec?.DeepClone().AsObject() ?? [];
        copy.Remove("activeDeadlineSeconds");
        copy.Remove("tolerations");
        copy.Remove("ephemeralContainers"); // they have a subresource of their own
        foreach (var container in copy.Items("containers").Concat(copy.Items("initContainers")))
        {
            container.Remove("image");
        }
        return copy;
    }
}
