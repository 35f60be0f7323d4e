using System.Text;
using System.Text.Json.Nodes;
using Katabira.Cluster.Resources;

namespace Katabira.Cluster.Node.Containers;

/// <summary>
/// A container's variables: <c>envFrom</c> in order, then <c>env</c> in order over them, then those of Services whose names are free, then those of the
/// image and the few that every container has. Nothing of this process's own environment. Pure.
/// </summary>
internal static class ContainerEnvironment
{
    /// <summary>What the pod's author asked for, or why it cannot be had.</summary>
    public static (Dictionary<string, string>? Variables, string Error) Resolve(ContainerRequest request)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var source in request.Container.Items("envFrom"))
        {
            if (TakeAll(source, request, variables) is { } error)
            {
                return (null, error);
            }
        }
        var find = Names(variables, request.Services);
        foreach (var variable in request.Container.Items("env"))
        {
            var value = variable.Text("value") is { Length: > 0 } text ? VariableExpansion.Expand(text, find) : "";
            if (value.Length == 0 && variable.Child("valueFrom") is { } source)
            {
                var (taken, error) = Take(source, request);
                if (error.Length > 0)
                {
                    return (null, error);
                }
                if (taken is null)
                {
                    continue;
                }
                value = taken;
            }
            variables[variable.Text("name")] = value;
        }
        return (variables, "");
    }

    /// <summary>What <c>$(NAME)</c> can refer to.</summary>
    public static Func<string, string?> Names(IReadOnlyDictionary<string, string> variables, IReadOnlyDictionary<string, string> services) =>
        name => variables.GetValueOrDefault(name) ?? services.GetValueOrDefault(name);

    /// <summary>Everything that the program gets, as <c>NAME=value</c>, sorted.</summary>
    public static List<string> Format(IReadOnlyDictionary<string, string> variables, ContainerRequest request, uint user, bool terminal)
    {
        var all = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["HOSTNAME"] = PodHostName.Of(request.Pod), ["HOME"] = user == 0 ? "/root" : "/" };
        if (terminal)
        {
            all["TERM"] = "xterm";
        }
        foreach (var variable in request.Image.Environment)
        {
            var end = variable.IndexOf('=', StringComparison.Ordinal);
            all[variable[..end]] = variable[(end + 1)..];
        }
        foreach (var (name, value) in request.Services.Concat(variables))
        {
            all[name] = value;
        }
        return [.. all.Select(v => $"{v.Key}={v.Value}")];
    }

    private static string? TakeAll(JsonObject source, ContainerRequest request, Dictionary<string, string> variables)
    {
        var secret = source.Has("secretRef");
        var reference = source.Child(secret ? "secretRef" : "configMapRef");
        if (request.Find(secret ? "secrets" : "configmaps", reference.Text("name")) is not { } item)
        {
            return reference.Flag("optional") ? null : NotFound(secret, reference);
        }
        foreach (var (key, value) in item.Pairs("data"))
        {
            var name = source.Text("prefix") + key;
            // a key may be a file's name only; kubelets leave such ones out too
            if (!NameRules.EnvironmentName(name).Any() && (secret ? Decode(value) : value) is { } text)
            {
                variables[name] = text;
            }
        }
        return null;
    }

    private static (string? Value, string Error) Take(JsonObject source, ContainerRequest request)
    {
        if (source.Child("fieldRef") is { } field)
        {
            return FieldReferences.ForEnvironment(field.Text("fieldPath"), request.Pod, request.Addresses);
        }
        if (source.Child("resourceFieldRef") is { } resource)
        {
            return ResourceReferences.Resolve(resource, request.Pod, request.Container, request.Capacity);
        }
        var secret = source.Has("secretKeyRef");
        return source.Child(secret ? "secretKeyRef" : "configMapKeyRef") is { } reference ? TakeKey(reference, secret, request) : ("", "");
    }

    private static (string? Value, string Error) TakeKey(JsonObject reference, bool secret, ContainerRequest request)
    {
        var (name, key, optional) = (reference.Text("name"), reference.Text("key"), reference.Flag("optional"));
        if (request.Find(secret ? "secrets" : "configmaps", name) is not { } item)
        {
            return (null, optional ? "" : NotFound(secret, reference));
        }
        if (item.Child("data")?[key].AsText() is { } value && (secret ? Decode(value) : value) is { } text)
        {
            return (text, "");
        }
        return (null, optional ? "" : $"couldn't find key {key} in {(secret ? "Secret" : "ConfigMap")} {request.Pod.NamespaceOf()}/{name}");
    }

    private static string NotFound(bool secret, JsonObject? reference) => $"{(secret ? "secret" : "configmap")} \"{reference.Text("name")}\" not found";

    /// <summary>Null if it is not base64, which the API refuses.</summary>
    private static string? Decode(string base64)
    {
        var bytes = new byte[base64.Length];
        return Convert.TryFromBase64String(base64, bytes, out var count) ? Encoding.UTF8.GetString(bytes, 0, count) : null;
    }
}
