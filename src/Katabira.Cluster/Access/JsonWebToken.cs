using System.Buffers.Text;
using System.Text;
using System.Text.Json.Nodes;
using Katabira.Cluster.Resources;

namespace Katabira.Cluster.Access;

/// <summary>
/// Signed tokens in compact form (RFC 7515, RFC 7519), with one algorithm, ES256. What the header says never chooses the algorithm; its key id only
/// chooses among our own keys. Pure.
/// </summary>
internal static class JsonWebToken
{
    /// <summary>A token of ours is below 2 KiB; the bound is looked at before anything is decoded.</summary>
    public const int LimitChars = 8 * 1024;

    private const string Algorithm = "ES256";
    private const int SignatureBytes = 64;
    private const int DeepestJson = 8;

    public static string Sign(JsonObject claims, SigningKey key)
    {
        var header = new JsonObject { ["alg"] = Algorithm, ["kid"] = key.Id };
        var signed = $"{Encode(header)}.{Encode(claims)}";
        return $"{signed}.{Base64Url.EncodeToString(key.Sign(Encoding.ASCII.GetBytes(signed)))}";
    }

    /// <summary>The claims of a token that one of our keys signed; otherwise why not, without a word of the token.</summary>
    public static (JsonObject? Claims, string Error) Verify(string token, SigningKeys keys)
    {
        if (token.Length > LimitChars)
        {
            return (null, "the token is too long");
        }
        var parts = token.Split('.', 4);
        if (parts.Length != 3 || Decode(parts[0]) is not { } header || Decode(parts[1]) is not { } body || Decode(parts[2]) is not { } signature)
        {
            return (null, "the token is malformed");
        }
        if (Parse(header) is not { } head)
        {
            return (null, "the token's header is malformed");
        }
        if (head.Text("alg") != Algorithm || head.ContainsKey("crit") || head.ContainsKey("b64"))
        {
            return (null, "the token's algorithm is not supported");
        }
        if (keys.Find(head.Text("kid")) is not { } key)
        {
            return (null, "the token's key is unknown");
        }
        var signed = token.AsSpan(0, parts[0].Length + 1 + parts[1].Length);
        if (signature.Length != SignatureBytes || !key.Verify(Encoding.ASCII.GetBytes(signed.ToString()), signature))
        {
            return (null, "the token's signature does not fit");
        }
        return Parse(body) is { } claims ? (claims, "") : (null, "the token's claims are malformed");
    }

    private static string Encode(JsonObject json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json.ToJsonString()));

    /// <summary>Base64url as RFC 7515 wants it: no padding, no white space, which the platform's decoder would forgive.</summary>
    private static byte[]? Decode(string part)
    {
        if (part.Length == 0 || part.Any(c => !(char.IsAsciiLetterOrDigit(c) || c is '-' or '_')))
        {
            return null;
        }
        try
        {
            return Base64Url.DecodeFromChars(part);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static JsonObject? Parse(byte[] json) => HostileJson.Parse(json, DeepestJson) as JsonObject;
}
