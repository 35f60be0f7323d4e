using System.Collections.Immutable;
using System.Text.Json;

namespace Katabira.Cli.Clusters;

/// <summary>What a home knows about its cluster, from <c>create</c> to <c>delete</c>.</summary>
/// <param name="Name">What it is called, in kubeconfig too.</param>
/// <param name="Project">A label that the console shows; null if none was given.</param>
/// <param name="Zone">As <paramref name="Project"/>.</param>
/// <param name="Port">Where its API listens on loopback, now and at the next start.</param>
/// <param name="Created">When, in UTC.</param>
internal sealed record ClusterRecord(string Name, string? Project, string? Zone, int Port, DateTimeOffset Created)
{
    /// <summary>Whether it serves the API alone, which needs no root.</summary>
    public bool WithoutPods { get; init; }

    /// <summary>The kubeconfig files that hold its credentials.</summary>
    public ImmutableArray<MergedContext> Contexts { get; init; } = [];

    /// <summary>The cluster of a home; null if there is none.</summary>
    /// <exception cref="Refusal">The file makes no sense.</exception>
    public static ClusterRecord? Read(ClusterHome home)
    {
        if (PrivateFile.ReadIfThere(home.Record) is not { } text)
        {
            return null;
        }
        try
        {
            if (JsonSerializer.Deserialize(text, CliJson.Default.ClusterRecord) is { Name.Length: > 0, Port: > 0 and < 65536 } record)
            {
                return record.Contexts.IsDefault ? record with { Contexts = [] } : record;
            }
        }
        catch (JsonException)
        {
            // Told below, as any other record that is none.
        }
        throw new Refusal($"{home.Record} cannot be read", $"without it the cluster is lost: remove {home.Folder} and create it anew");
    }

    public void Write(ClusterHome home) => PrivateFile.Write(home.Record, JsonSerializer.Serialize(this, CliJson.Default.ClusterRecord) + "\n");
}

/// <summary>A kubeconfig file that holds the cluster's credentials.</summary>
/// <param name="Kubeconfig">The file, absolute.</param>
/// <param name="Context">What the context is called there.</param>
/// <param name="Previous">The context that was current before, to go back to; null if there was none.</param>
/// <param name="MadeFile">Whether the file came into being for this.</param>
internal sealed record MergedContext(string Kubeconfig, string Context, string? Previous, bool MadeFile);
