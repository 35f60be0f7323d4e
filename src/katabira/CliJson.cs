using System.Text.Json.Serialization;
using Katabira.Cli.Clusters;
using Katabira.Cli.Clusters.Processes;
using Katabira.Cli.Verbs;
using Katabira.Cli.Verbs.Cluster;
using Katabira.Cli.Verbs.Image;

namespace Katabira.Cli;

/// <summary>Serialization contracts of every verb's result, and of the files a home keeps.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(VersionReport))]
[JsonSerializable(typeof(ClusterStatus))]
[JsonSerializable(typeof(IReadOnlyList<ImageReport>))]
[JsonSerializable(typeof(ClusterRecord))]
[JsonSerializable(typeof(ServeRecord))]
[JsonSerializable(typeof(string))]
internal sealed partial class CliJson : JsonSerializerContext;
