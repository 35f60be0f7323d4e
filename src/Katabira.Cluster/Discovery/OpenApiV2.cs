namespace Katabira.Cluster.Discovery;

/// <summary>
/// <c>/openapi/v2</c>, which kubectl up to 1.28 wants before it applies anything. The smallest document it takes says only
/// "I am version 2.0" (field 1 of <c>openapi.v2.Document</c>): then it leaves validation to the server.
/// </summary>
internal static class OpenApiV2
{
    /// <summary>With dots: the form with <c>@</c> that clients put into Accept breaks Go's own MIME parser.</summary>
    public const string ContentType = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";

    public static ApiDocument Document { get; } = ApiDocument.Of("\n\u00032.0"u8.ToArray(), ContentType);
}
