using System.Text.Json;

namespace Katabira.Cli.Clusters.Processes;

/// <summary>What a serving process writes about itself, and removes when it ends well.</summary>
/// <param name="Process">Which process.</param>
/// <param name="Started">When, in UTC.</param>
/// <param name="Version">Of the product it runs.</param>
/// <param name="Address">Where the API answers; null until it does.</param>
internal sealed record ServeRecord(ProcessIdentity Process, DateTimeOffset Started, string Version, Uri? Address)
{
    /// <summary>Null if no process serves or none has left a trace.</summary>
    public static ServeRecord? Read(ClusterHome home)
    {
        try
        {
            return PrivateFile.ReadIfThere(home.Serve) is { } text ? JsonSerializer.Deserialize(text, CliJson.Default.ServeRecord) : null;
        }
        catch (JsonException)
        {
            // It is replaced at the next start, and the lock knows better than it does.
            return null;
        }
    }

    public void Write(ClusterHome home) => PrivateFile.Write(home.Serve, JsonSerializer.Serialize(this, CliJson.Default.ServeRecord) + "\n");
}
