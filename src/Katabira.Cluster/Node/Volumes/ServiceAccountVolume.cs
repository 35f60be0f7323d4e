using System.Text.Json.Nodes;
using Katabira.Cluster.Resources;

namespace Katabira.Cluster.Node.Volumes;

/// <summary>
/// The volume by which programs find the API: token, certificate of the authority, namespace. Upstream's admission adds it to every pod that does not
/// decline. Pure, but that it changes the pod.
/// </summary>
internal static class ServiceAccountVolume
{
    public const string Place = "/var/run/secrets/kubernetes.io/serviceaccount";

    private const string Prefix = "kube-api-access-";

    /// <summary>An hour and seven seconds, by which upstream knows tokens that nobody asked for.</summary>
    private const int Seconds = 3607;

    /// <summary>Adds it, and a mount in each container that has nothing at its place. Once more changes nothing.</summary>
    /// <param name="pod">Complete but for this.</param>
    /// <param name="account">The pod's service account; null if there is none, then only the pod can decline.</param>
    /// <param name="suffix">Five letters that make the volume's name its own.</param>
    public static void AddTo(JsonObject pod, JsonObject? account, Func<string> suffix)
    {
        const string Field = "automountServiceAccountToken";
        var spec = pod.Child("spec");
        if (spec is null || (spec[Field].AsBoolean() ?? account?[Field].AsBoolean()) == false)
        {
            return;
        }
        var without = spec.Items("initContainers").Concat(spec.Items("containers"))
            .Where(c => !c.Items("volumeMounts").Any(m => m.Text("mountPath").TrimEnd('/') == Place)).ToArray();
        if (without.Length == 0)
        {
            return;
        }
        var name = spec.Items("volumes").Select(v => v.Text("name")).FirstOrDefault(n => n.StartsWith(Prefix, StringComparison.Ordinal));
        if (name is null)
        {
            name = Prefix + suffix();
            ListOf(spec, "volumes").Add(Volume(name));
        }
        foreach (var container in without)
        {
            ListOf(container, "volumeMounts").Add(new JsonObject { ["name"] = name, ["readOnly"] = true, ["mountPath"] = Place });
        }
    }

    private static JsonArray ListOf(JsonObject owner, string field)
    {
        if (owner.List(field) is { } list)
        {
            return list;
        }
        var made = new JsonArray();
        owner[field] = made;
        return made;
    }

    private static JsonObject Volume(string name) => new()
    {
        ["name"] = name,
        ["projected"] = new JsonObject
        {
            ["sources"] = new JsonArray(
                new JsonObject { ["serviceAccountToken"] = new JsonObject { ["expirationSeconds"] = Seconds, ["path"] = "token" } },
                new JsonObject { ["configMap"] = new JsonObject { ["name"] = "kube-root-ca.crt", ["items"] = Items(new() { ["key"] = "ca.crt", ["path"] = "ca.crt" }) } },
                new JsonObject
                {
                    ["downwardAPI"] = new JsonObject
                    {
                        ["items"] = Items(new() { ["path"] = "namespace", ["fieldRef"] = new JsonObject { ["apiVersion"] = "v1", ["fieldPath"] = "metadata.namespace" } }),
                    },
                }),
            ["defaultMode"] = 0b110_100_100,
        },
    };

    private static JsonArray Items(JsonObject item) => new(item);
}
