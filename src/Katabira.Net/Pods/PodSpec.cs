using System.Text.Json;
using System.Text.Json.Serialization;

namespace Katabira.Net.Pods;

/// <summary>What <c>katabira-pod run FILE</c> starts: a pod without containers yet. Each container comes with its own request.</summary>
public sealed record PodSpec
{
    /// <summary>Where the pod keeps its state file and mounts its containers' roots. Absolute, writable, of this pod alone.</summary>
    public required string Folder { get; init; }

    /// <summary>The control socket, absolute, at most 107 bytes. What lies there is removed.</summary>
    public required string Socket { get; init; }

    /// <summary>At most 64 bytes.</summary>
    public required string HostName { get; init; }

    /// <summary>A file that stands for the pod's network namespace, such as <c>/run/netns/x</c> or <c>/proc/1/ns/net</c>; null to stay in the caller's.</summary>
    public string? NetworkNamespace { get; set; }
}

/// <summary>
/// One run of a container, as it is given to the pod when it is started. What may be left out has a setter, because the generated JSON reader
/// would overwrite the default of an init-only property.
/// </summary>
public sealed record ContainerSpec
{
    /// <summary>The name that later requests use; one container of a name runs at a time.</summary>
    public required string Name { get; init; }

    /// <summary>How often it was started before. Only carried along.</summary>
    public int Attempt { get; set; }

    /// <summary>Program and arguments. A program without a slash is sought in the PATH of <see cref="Environment"/>.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>Exactly what the program gets, as <c>NAME=value</c>.</summary>
    public IReadOnlyList<string> Environment { get; set; } = [];

    /// <summary>Made if it is not there.</summary>
    public string WorkingFolder { get; set; } = "/";

    /// <summary>User id.</summary>
    public uint User { get; set; }

    /// <summary>Group id.</summary>
    public uint Group { get; set; }

    /// <summary>Supplementary groups.</summary>
    public IReadOnlyList<uint> Groups { get; set; } = [];

    /// <summary>The capabilities it can have at most, by name; null for the usual set of containers. A user other than root holds none of them until it executes a file that grants some.</summary>
    public IReadOnlyList<string>? Capabilities { get; set; }

    /// <summary>Set-user-id programs give nothing.</summary>
    public bool NoNewPrivileges { get; set; }

    /// <summary>Its own root folder cannot be written; volumes, /dev and /proc stay as they are.</summary>
    public bool ReadOnlyRoot { get; set; }

    /// <summary>The most that /, /tmp, /run and /var hold together, in bytes; it counts as the container's memory.</summary>
    public long RootBytes { get; set; } = 256L << 20;

    /// <summary>Volumes and files such as resolv.conf.</summary>
    public IReadOnlyList<MountSpec> Mounts { get; set; } = [];

    /// <summary>RLIMIT_NOFILE, soft and hard; 0 for the hard limit that the pod has.</summary>
    public ulong OpenFiles { get; set; }

    /// <summary>Folders of cgroups (v1: one for each controller; v2: one) that exist and that the process enters before it runs.</summary>
    public IReadOnlyList<string> ControlGroups { get; set; } = [];

    /// <summary>It has a terminal; stdout and stderr are one.</summary>
    public bool Terminal { get; set; }

    /// <summary>Its standard input stays open for those who attach; else it is <c>/dev/null</c>.</summary>
    public bool Input { get; set; }

    /// <summary>Where its output goes, in the format of CRI; the older half has <c>.1</c> at its end. The folder exists.</summary>
    public required string LogFile { get; init; }
}

/// <summary>A file or folder of the machine, or an empty folder in memory, at a place in a container.</summary>
public sealed record MountSpec
{
    /// <summary>What is shown there; null for a new tmpfs.</summary>
    public string? Source { get; set; }

    /// <summary>Absolute path in the container; made if it is not there.</summary>
    public required string Target { get; init; }

    /// <summary>The container cannot write it.</summary>
    public bool ReadOnly { get; set; }

    /// <summary>The most that a tmpfs holds, in bytes; 0 for half of the machine's memory.</summary>
    public long LimitBytes { get; set; }
}

/// <summary>The two files and requests that are JSON. Field names are camelCase; what is unknown is an error, so that no setting is lost in silence.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    WriteIndented = true)]
[JsonSerializable(typeof(PodSpec))]
[JsonSerializable(typeof(ContainerSpec))]
internal sealed partial class PodJson : JsonSerializerContext;

/// <summary>Reads and writes the specifications.</summary>
public static class PodSpecs
{
    /// <exception cref="JsonException">It is not one.</exception>
    public static PodSpec ReadPod(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize(json, PodJson.Default.PodSpec) ?? throw new JsonException("the specification of a pod is null");

    /// <exception cref="JsonException">It is not one.</exception>
    public static ContainerSpec ReadContainer(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize(json, PodJson.Default.ContainerSpec) ?? throw new JsonException("the specification of a container is null");

    /// <summary>As UTF-8.</summary>
    public static byte[] Write(PodSpec pod) => JsonSerializer.SerializeToUtf8Bytes(pod, PodJson.Default.PodSpec);

    /// <summary>As UTF-8.</summary>
    public static byte[] Write(ContainerSpec container) => JsonSerializer.SerializeToUtf8Bytes(container, PodJson.Default.ContainerSpec);
}
