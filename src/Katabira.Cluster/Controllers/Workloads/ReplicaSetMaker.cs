using System.Globalization;
using System.Text.Json.Nodes;
using Katabira.Cluster.Resources;

namespace Katabira.Cluster.Controllers.Workloads;

/// <summary>The ReplicaSet of a Deployment's template. Pure.</summary>
internal static class ReplicaSetMaker
{
    public const string RevisionAnnotation = "deployment.kubernetes.io/revision";

    private const string DesiredAnnotation = "deployment.kubernetes.io/desired-replicas";
    private const string MaxAnnotation = "deployment.kubernetes.io/max-replicas";
    private static readonly string[] s_notCopied =
        ["kubectl.kubernetes.io/last-applied-configuration", RevisionAnnotation, "deployment.kubernetes.io/revision-history", DesiredAnnotation, MaxAnnotation];

    public static JsonObject Make(JsonObject deployment, long replicas, long revision)
    {
        var spec = deployment.Child("spec");
        var template = spec.Child("template")?.DeepClone().AsObject() ?? [];
        var hash = TemplateHash.Of(template, deployment.Child("status").Count("collisionCount"));
        var labels = template.ChildOrNew("metadata")?.ChildOrNew("labels") ?? [];
        labels[TemplateHash.Label] = hash;
        var selector = spec.Child("selector")?.DeepClone().AsObject() ?? [];
        (selector.ChildOrNew("matchLabels") ?? [])[TemplateHash.Label] = hash;
        var set = new JsonObject
        {
            ["apiVersion"] = "apps/v1",
            ["kind"] = "ReplicaSet",
            ["metadata"] = new JsonObject
            {
                ["name"] = $"{deployment.NameOf()}-{hash}",
                ["labels"] = labels.DeepClone(),
                ["annotations"] = Annotations(deployment, revision),
                ["ownerReferences"] = Owned.By(deployment),
            },
            ["spec"] = new JsonObject { ["replicas"] = replicas, ["selector"] = selector, ["template"] = template },
        };
        if (spec.Count("minReadySeconds") is > 0 and var seconds)
        {
            set["spec"]!["minReadySeconds"] = seconds; // not null: it was just made
        }
        return set;
    }

    /// <summary>The annotations that a Deployment's ReplicaSet shows: the Deployment's own, its revision, and how large it is meant to be.</summary>
    public static JsonObject Annotations(JsonObject deployment, long revision)
    {
        var wanted = deployment.Child("spec").Integer("replicas") ?? 1;
        var surge = IntOrPercent.Of(deployment.Child("spec").Child("strategy").Child("rollingUpdate")?["maxSurge"], wanted, roundUp: true);
        var annotations = new JsonObject();
        foreach (var (name, value) in deployment.Child("metadata").Pairs("annotations").Where(a => !s_notCopied.Contains(a.Key)))
        {
            annotations[name] = value;
        }
        annotations[DesiredAnnotation] = wanted.ToString(CultureInfo.InvariantCulture);
        annotations[MaxAnnotation] = (wanted + surge).ToString(CultureInfo.InvariantCulture);
        annotations[RevisionAnnotation] = revision.ToString(CultureInfo.InvariantCulture);
        return annotations;
    }
}
