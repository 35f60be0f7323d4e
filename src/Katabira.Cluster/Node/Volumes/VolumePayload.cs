using System.Text;
using System.Text.Json.Nodes;
using Katabira.Cluster.Node.Containers;
using Katabira.Cluster.Resources;

namespace Katabira.Cluster.Node.Volumes;

/// <summary>What such a volume is made from.</summary>
/// <param name="Pod">In its stored form.</param>
/// <param name="Find">ConfigMaps and Secrets of its namespace.</param>
/// <param name="Token">A token for an audience (empty for the API's own) and a life in seconds, or why there is none.</param>
internal sealed record PayloadSources(JsonObject Pod, FindInNamespace Find, NodeCapacity Capacity, Func<string, long, (string? Token, string Error)> Token);

/// <summary>The files of a volume of kind configMap, secret, downwardAPI or projected. Pure, but for the tokens.</summary>
internal static class VolumePayload
{
    private const int UsualMode = 0b110_100_100;
    private const int PrivateMode = 0b110_000_000;
    private const int LongestPath = 4096;
    private const int LongestName = 255;

    private static readonly string[] s_kinds = ["configMap", "secret", "downwardAPI", "projected"];

    /// <summary>Which of the four it is; null if none.</summary>
    public static string? KindOf(JsonObject volume) => s_kinds.FirstOrDefault(volume.Has);

    /// <summary>The files by their paths in the volume, or what a kubelet would say is wrong.</summary>
    public static (SortedDictionary<string, PayloadFile>? Files, string Error) Of(JsonObject volume, PayloadSources sources)
    {
        var files = new SortedDictionary<string, PayloadFile>(StringComparer.Ordinal);
        var kind = KindOf(volume) ?? "";
        var source = volume.Child(kind);
        var mode = (int)(source.Integer("defaultMode") ?? UsualMode);
        var errors = new List<string>();
        if (kind == "projected")
        {
            foreach (var part in source.Items("sources"))
            {
                var (name, value) = part.FirstOrDefault(m => m.Value is JsonObject);
                Add(name, value as JsonObject, value.AsObjectText("name"), mode, sources, files, errors);
            }
        }
        else
        {
            Add(kind, source, source.Text(kind == "secret" ? "secretName" : "name"), mode, sources, files, errors);
        }
        errors.AddRange(files.Keys.Select(Reject).OfType<string>());
        return errors.Count switch
        {
            0 => (files, ""),
            1 => (null, errors[0]),
            _ => (null, $"[{string.Join(", ", errors)}]"),
        };
    }

    private static void Add(
        string? kind, JsonObject? source, string name, int mode, PayloadSources sources, SortedDictionary<string, PayloadFile> files, List<string> errors)
    {
        switch (kind)
        {
            case "configMap" or "secret":
                AddObject(kind == "secret", source, name, mode, sources, files, errors);
                break;
            case "downwardAPI":
                AddFacts(source, mode, sources, files, errors);
                break;
            case "serviceAccountToken":
                AddToken(source, mode, sources, files, errors);
                break;
            default:
                errors.Add($"a projected source of the kind {kind} is not one that this cluster has");
                break;
        }
    }

    private static void AddObject(
        bool secret, JsonObject? source, string name, int mode, PayloadSources sources, SortedDictionary<string, PayloadFile> files, List<string> errors)
    {
        var optional = source.Flag("optional");
        var item = sources.Find(secret ? "secrets" : "configmaps", name);
        if (item is null)
        {
            if (!optional)
            {
                errors.Add($"{(secret ? "secret" : "configmap")} \"{name}\" not found");
            }
            return;
        }
        if (source.List("items") is not { Count: > 0 })
        {
            foreach (var key in Keys(item))
            {
                files[key] = new(Bytes(item, secret, key) ?? [], mode);
            }
            return;
        }
        foreach (var wanted in source.Items("items"))
        {
            if (Bytes(item, secret, wanted.Text("key")) is { } data)
            {
                files[wanted.Text("path")] = new(data, (int)(wanted.Integer("mode") ?? mode));
            }
            else if (!optional)
            {
                errors.Add(secret ? $"references non-existent secret key: {wanted.Text("key")}" : $"configmap references non-existent config key: {wanted.Text("key")}");
            }
        }
    }

    private static void AddFacts(JsonObject? source, int mode, PayloadSources sources, SortedDictionary<string, PayloadFile> files, List<string> errors)
    {
        foreach (var wanted in source.Items("items"))
        {
            var (value, error) = wanted.Child("resourceFieldRef") is { } resource
                ? ResourceReferences.Resolve(resource, sources.Pod, null, sources.Capacity)
                : FieldReferences.ForFile(wanted.Child("fieldRef").Text("fieldPath"), sources.Pod);
            if (value is null)
            {
                errors.Add(error);
                continue;
            }
            files[wanted.Text("path")] = new(Encoding.UTF8.GetBytes(value), (int)(wanted.Integer("mode") ?? mode));
        }
    }

    private static void AddToken(JsonObject? source, int mode, PayloadSources sources, SortedDictionary<string, PayloadFile> files, List<string> errors)
    {
        var (token, error) = sources.Token(source.Text("audience"), source.Integer("expirationSeconds") ?? 3600);
        if (token is null)
        {
            errors.Add($"failed to fetch token: {error}");
            return;
        }
        // a token is for the pod's own user or group alone, where it has one
        var owner = SecuritySettings.CommonUser(sources.Pod);
        var restricted = owner is not null || sources.Pod.Child("spec").Child("securityContext").Integer("fsGroup") is not null;
        files[source.Text("path")] = new(Encoding.UTF8.GetBytes(token), restricted ? PrivateMode : mode, owner);
    }

    private static IEnumerable<string> Keys(JsonObject item) => (item.Child("data") ?? []).Concat(item.Child("binaryData") ?? []).Select(m => m.Key).Distinct();

    private static byte[]? Bytes(JsonObject item, bool secret, string key)
    {
        if (item.Child("data")?[key].AsText() is { } text)
        {
            return secret ? Decode(text) : Encoding.UTF8.GetBytes(text);
        }
        return secret ? null : Decode(item.Child("binaryData")?[key].AsText());
    }

    private static byte[]? Decode(string? base64)
    {
        if (base64 is null)
        {
            return null;
        }
        var bytes = new byte[base64.Length];
        return Convert.TryFromBase64String(base64, bytes, out var count) ? bytes[..count] : null;
    }

    /// <summary>A path that must not become a file; keys and items come from users.</summary>
    private static string? Reject(string path)
    {
        var parts = path.Split('/');
        return path switch
        {
            "" => "invalid path: must not be empty",
            _ when path.Length > LongestPath => $"invalid path: must be less than or equal to {LongestPath} characters",
            _ when path.Contains('\0', StringComparison.Ordinal) => "invalid path: must not contain a zero byte",
            _ when path.StartsWith('/') => $"invalid path: must be relative path: {path}",
            _ when parts.Contains("..") => $"invalid path: must not contain '..': {path}",
            _ when path.StartsWith("..", StringComparison.Ordinal) => $"invalid path: must not start with '..': {path}",
            _ when parts.Any(p => p is "" or ".") => $"invalid path: must not have empty parts: {path}",
            _ when parts.Any(p => Encoding.UTF8.GetByteCount(p) > LongestName) => $"invalid path: filenames must be less than or equal to {LongestName} characters",
            _ => null,
        };
    }

    private static string AsObjectText(this JsonNode? node, string field) => (node as JsonObject).Text(field);
}
