using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Katabira.Cluster.Api;

namespace Katabira.Cluster.Admission;

/// <summary>What admission decided.</summary>
/// <param name="Failure">Why the request ends here; null if it goes on.</param>
/// <param name="Object">The object to go on with, the caller's own if no webhook changed it; null for a delete and after a failure.</param>
/// <param name="Warnings">What the client is to be told, in both cases.</param>
internal sealed record AdmissionOutcome(ApiFailure? Failure, JsonObject? Object, ImmutableArray<string> Warnings);
