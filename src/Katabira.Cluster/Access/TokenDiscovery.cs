using System.Buffers.Text;
using System.Text.Json.Nodes;

namespace Katabira.Cluster.Access;

/// <summary>How others verify our tokens: <c>/.well-known/openid-configuration</c> and <c>/openid/v1/jwks</c>. Public keys only. Pure.</summary>
internal static class TokenDiscovery
{
    public const string KeysPath = "/openid/v1/jwks";

    public static JsonObject Configuration() => new()
    {
        ["issuer"] = ServiceAccountTokens.Issuer,
        ["jwks_uri"] = ServiceAccountTokens.Issuer + KeysPath,
        ["response_types_supported"] = new JsonArray("id_token"),
        ["subject_types_supported"] = new JsonArray("public"),
        ["id_token_signing_alg_values_supported"] = new JsonArray("ES256"),
    };

    public static JsonObject Keys(SigningKeys keys) => new() { ["keys"] = new JsonArray([.. keys.All.Select(ToJson)]) };

    private static JsonNode ToJson(SigningKey key) => new JsonObject
    {
        ["use"] = "sig",
        ["kty"] = "EC",
        ["kid"] = key.Id,
        ["crv"] = "P-256",
        ["alg"] = "ES256",
        ["x"] = Base64Url.EncodeToString(key.Point.X),
        ["y"] = Base64Url.EncodeToString(key.Point.Y),
    };
}
