using System.Text.Json.Serialization;
using Katabira.Model.Kinds;
using Katabira.Model.Resources;

namespace Katabira.Model.Schema;

/// <summary>The serialization contracts of every kind, generated at build time: no reflection, fit for NativeAOT.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.Strict)]
[JsonSerializable(typeof(Resource<AuthorizationPolicy>))]
[JsonSerializable(typeof(Resource<DestinationRule>))]
[JsonSerializable(typeof(Resource<Gateway>))]
[JsonSerializable(typeof(Resource<PeerAuthentication>))]
[JsonSerializable(typeof(Resource<RequestAuthentication>))]
[JsonSerializable(typeof(Resource<ServiceEntry>))]
[JsonSerializable(typeof(Resource<Sidecar>))]
[JsonSerializable(typeof(Resource<Telemetry>))]
[JsonSerializable(typeof(Resource<VirtualService>))]
[JsonSerializable(typeof(Resource<WorkloadEntry>))]
[JsonSerializable(typeof(string))]
internal sealed partial class SchemaJson : JsonSerializerContext;
