using System.Text;
using System.Text.Json.Nodes;

namespace Katabira.Cluster.Resources;

/// <summary>What holds for every object's metadata, built-in or custom. Pure: changes nothing.</summary>
internal static class MetadataRules
{
    private const int AnnotationsLimitBytes = 256 * 1024;

    /// <param name="nameRule">The rule of the kind's names.</param>
    /// <param name="standardFinalizers">A finalizer without a slash must be one that Kubernetes knows; definitions and custom resources may have others.</param>
    public static void Validate(JsonObject item, bool namespaced, Func<string, IEnumerable<string>> nameRule, bool standardFinalizers, FieldIssues issues)
    {
        var metadata = item.Child("metadata");
        if (metadata.Text("generateName") is { Length: > 0 } prefix)
        {
            // five characters will follow it: a dash at the end is fine
            issues.Invalid("metadata.generateName", prefix, nameRule(prefix.Length > 1 && prefix.EndsWith('-') ? prefix[..^2] + "a" : prefix));
        }
        var name = metadata.Text("name");
        if (name.Length == 0)
        {
            issues.Required("metadata.name", "name or generateName is required");
        }
        else
        {
            issues.Invalid("metadata.name", name, nameRule(name));
        }
        var @namespace = metadata.Text("namespace");
        if (namespaced && @namespace.Length == 0)
        {
            issues.Required("metadata.namespace");
        }
        else if (namespaced)
        {
            issues.Invalid("metadata.namespace", @namespace, NameRules.DnsLabel(@namespace));
        }
        else if (@namespace.Length > 0)
        {
            issues.Forbidden("metadata.namespace", "not allowed on this type");
        }
        Labels(metadata, "labels", "metadata.labels", issues);
        Annotations(metadata, "metadata.annotations", issues);
        Owners(metadata, issues);
        Finalizers(metadata, standardFinalizers, issues);
    }

    /// <summary>What an update may not do to metadata. The resource version was compared before.</summary>
    public static void ValidateUpdate(JsonObject now, JsonObject old, FieldIssues issues)
    {
        var (metadata, before) = (now.Child("metadata"), old.Child("metadata"));
        if (before.Has("deletionTimestamp"))
        {
            var added = metadata.Texts("finalizers").Except(before.Texts("finalizers")).Order(StringComparer.Ordinal).ToArray();
            if (added.Length > 0)
            {
                issues.Forbidden(
                    "metadata.finalizers",
                    $"no new finalizers can be added if the object is being deleted, found new finalizers {Immutability.GoStrings(added)}");
            }
        }
        foreach (var field in (string[])["name", "namespace", "uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds"])
        {
            if (!JsonNode.DeepEquals(metadata?[field], before?[field]))
            {
                issues.Invalid($"metadata.{field}", metadata?[field], FieldIssues.Immutable);
            }
        }
    }

    /// <summary>A map of labels: metadata's own, a selector's, a node selector's.</summary>
    public static void Labels(JsonObject? owner, string field, string path, FieldIssues issues)
    {
        foreach (var (key, value) in owner.Pairs(field))
        {
            issues.Invalid(path, key, NameRules.QualifiedName(key));
            issues.Invalid(path, value, NameRules.LabelValue(value));
        }
    }

    public static void Annotations(JsonObject? metadata, string path, FieldIssues issues)
    {
        var size = 0L;
        foreach (var (key, value) in metadata.Pairs("annotations"))
        {
            issues.Invalid(path, key, NameRules.QualifiedName(key.ToLowerInvariant()));
            size += Encoding.UTF8.GetByteCount(key) + Encoding.UTF8.GetByteCount(value);
        }
        if (size > AnnotationsLimitBytes)
        {
            issues.TooLong(path, AnnotationsLimitBytes);
        }
    }

    private static void Owners(JsonObject? metadata, FieldIssues issues)
    {
        var controller = "";
        foreach (var (index, owner) in metadata.Items("ownerReferences").Index())
        {
            var path = $"metadata.ownerReferences[{index}]";
            foreach (var field in (string[])["apiVersion", "kind", "name", "uid"])
            {
                if (owner.Text(field).Length == 0)
                {
                    issues.Invalid($"{path}.{field}", "", $"{(field == "apiVersion" ? "version" : field)} must not be empty");
                }
            }
            if (!owner.Flag("controller"))
            {
                continue;
            }
            if (controller.Length > 0)
            {
                issues.Invalid(
                    "metadata.ownerReferences",
                    metadata?["ownerReferences"],
                    $"Only one reference can have Controller set to true. Found \"true\" in references for {controller} and {owner.Text("kind")}/{owner.Text("name")}");
                return;
            }
            controller = $"{owner.Text("kind")}/{owner.Text("name")}";
        }
    }

    private static void Finalizers(JsonObject? metadata, bool standardOnly, FieldIssues issues)
    {
        foreach (var finalizer in metadata.Texts("finalizers"))
        {
            issues.Invalid("metadata.finalizers", finalizer, NameRules.QualifiedName(finalizer));
            if (standardOnly && !finalizer.Contains('/') && finalizer is not ("orphan" or "foregroundDeletion" or "kubernetes"))
            {
                issues.Invalid("metadata.finalizers", finalizer, "name is neither a standard finalizer name nor is it fully qualified");
            }
        }
    }
}
