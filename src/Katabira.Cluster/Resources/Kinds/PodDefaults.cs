using System.Text.Json.Nodes;

namespace Katabira.Cluster.Resources.Kinds;

/// <summary>What a pod's author may leave out. Changes its argument.</summary>
internal static class PodDefaults
{
    private const int FileMode = 0b110_100_100;

    /// <summary>A pod: its spec, and what a template does not get.</summary>
    public static void ApplyToPod(JsonObject pod)
    {
        if (pod.ChildOrNew("spec") is not { } spec)
        {
            return;
        }
        foreach (var container in Containers(spec))
        {
            RequestWhatIsLimited(container);
        }
        ApplyToSpec(spec);
        spec.Default("enableServiceLinks", true);
        // upstream's admission does these two; without it nothing would say which identity the pod has
        spec.Default("serviceAccountName", "default");
        spec.Default("serviceAccount", spec.Text("serviceAccountName"));
    }

    /// <summary>A pod template, of anything that makes pods.</summary>
    public static void ApplyToTemplate(JsonObject? owner)
    {
        if (owner?.ChildOrNew("template") is { } template)
        {
            template.ChildOrNew("metadata");
            if (template.ChildOrNew("spec") is { } spec)
            {
                ApplyToSpec(spec);
            }
        }
    }

    private static void ApplyToSpec(JsonObject spec)
    {
        foreach (var volume in spec.Items("volumes"))
        {
            ApplyToVolume(volume);
        }
        foreach (var container in Containers(spec))
        {
            ContainerDefaults.Apply(container, spec.Flag("hostNetwork"));
        }
        spec.Default("restartPolicy", "Always");
        spec.Default("terminationGracePeriodSeconds", 30);
        spec.Default("dnsPolicy", "ClusterFirst");
        if (spec.Text("serviceAccountName") is { Length: > 0 } account)
        {
            spec.Default("serviceAccount", account); // the deprecated name is kept in step
        }
        else if (spec.Text("serviceAccount") is { Length: > 0 } deprecated)
        {
            spec["serviceAccountName"] = deprecated;
        }
        spec.ChildOrNew("securityContext");
        spec.Default("schedulerName", "default-scheduler");
    }

    private static void ApplyToVolume(JsonObject volume)
    {
        if (volume.Count <= 1)
        {
            volume["emptyDir"] = new JsonObject();
        }
        foreach (var source in (string[])["secret", "configMap", "downwardAPI", "projected"])
        {
            volume.Child(source)?.Default("defaultMode", FileMode);
        }
        volume.Child("hostPath")?.Default("type", "");
        foreach (var file in volume.Child("downwardAPI").Items("items"))
        {
            file.Child("fieldRef")?.Default("apiVersion", "v1");
        }
        foreach (var source in volume.Child("projected").Items("sources"))
        {
            source.Child("serviceAccountToken")?.Default("expirationSeconds", 3600);
            foreach (var file in source.Child("downwardAPI").Items("items"))
            {
                file.Child("fieldRef")?.Default("apiVersion", "v1");
            }
        }
    }

    private static void RequestWhatIsLimited(JsonObject container)
    {
        if (container.Child("resources") is not { } resources || resources.Child("limits") is not { } limits || resources.ChildOrNew("requests") is not { } requests)
        {
            return;
        }
        foreach (var (name, limit) in limits)
        {
            if (!requests.Has(name))
            {
                requests[name] = limit?.DeepClone();
            }
        }
    }

    private static IEnumerable<JsonObject> Containers(JsonObject spec) =>
        spec.Items("initContainers").Concat(spec.Items("containers")).Concat(spec.Items("ephemeralContainers"));
}
