using System.Text.Json.Serialization;
using Katabira.Cli.Verbs;

namespace Katabira.Cli;

/// <summary>Serialization contracts of every verb's result.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(VersionReport))]
[JsonSerializable(typeof(string))]
internal sealed partial class CliJson : JsonSerializerContext;
