using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;

namespace Katabira.Cluster.Protobuf;

/// <summary>The outcome of decoding.</summary>
/// <param name="Object">Null exactly if it failed.</param>
/// <param name="Error">Text for a 400; empty if it went well.</param>
internal readonly record struct DecodedBody(JsonObject? Object, string Error)
{
    [MemberNotNullWhen(true, nameof(Object))]
    public bool Ok => Object is not null;

    public static DecodedBody Failed(string error) => new(null, error);
}
