using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Katabira.Model.Resources;
using Katabira.Model.Schema;
using Katabira.Model.Validation;

namespace Katabira.Model.Kinds;

/// <summary>One issuer of tokens: its keys, where its tokens are in a request, and what is passed on of them.</summary>
[Cel("!(has(self.jwks) && (has(self.jwksUri) || has(self.jwks_uri))) && !(has(self.jwksUri) && has(self.jwks_uri))", OneKeySource)]
public sealed record JwtRule : Extensible
{
    private const string OneKeySource = "only one of jwks or jwksUri can be set";
    private const string HttpUrl = "url(self).getScheme() == 'http' || url(self).getScheme() == 'https'";
    private const string HttpUrlMessage = "url must have scheme http:// or https://";

    /// <summary>Who signs the tokens: the value of their claim iss.</summary>
    [Field(MinLength = 1)]
    public string? Issuer { get; init; }

    /// <summary>Whom the tokens may be meant for: one of them must be in the claim aud. Left out, anybody.</summary>
    [Item(MinLength = 1)]
    public IReadOnlyList<string>? Audiences { get; init; }

    /// <summary>Where the issuer publishes its keys. With neither this nor jwks, the issuer's OpenID configuration says where.</summary>
    [Field(MinLength = 1, MaxLength = 2048), Cel(HttpUrl, HttpUrlMessage)]
    public string? JwksUri { get; init; }

    /// <summary>An old spelling of jwksUri.</summary>
    [JsonPropertyName("jwks_uri")]
    [Field(MinLength = 1, MaxLength = 2048), Cel(HttpUrl, HttpUrlMessage)]
    public string? OldJwksUri { get; init; }

    /// <summary>The issuer's public keys themselves, as a JSON Web Key Set.</summary>
    public string? Jwks { get; init; }

    /// <summary>Headers that may hold the token. Without any place, Authorization with the prefix Bearer and the parameter access_token.</summary>
    public IReadOnlyList<JwtHeader>? FromHeaders { get; init; }

    /// <summary>Query parameters that may hold the token.</summary>
    [Item(MinLength = 1)]
    public IReadOnlyList<string>? FromParams { get; init; }

    /// <summary>Cookies that may hold the token.</summary>
    [Item(MinLength = 1)]
    public IReadOnlyList<string>? FromCookies { get; init; }

    /// <summary>Header in which the application gets the token's content, in base64url.</summary>
    public string? OutputPayloadToHeader { get; init; }

    /// <summary>True if the application gets the token too. Left out, the token is taken off the request.</summary>
    public bool? ForwardOriginalToken { get; init; }

    /// <summary>Headers in which the application gets single claims.</summary>
    public IReadOnlyList<JwtClaimHeader>? OutputClaimToHeaders { get; init; }

    /// <summary>How long a fetch of the keys may take. Left out, five seconds.</summary>
    [Duration]
    public string? Timeout { get; init; }

    /// <summary>Claims whose text is a list, its items separated by spaces. scope and permission always are.</summary>
    [Field(MaxItems = 64), Item(MinLength = 1)]
    public IReadOnlyList<string>? SpaceDelimitedClaims { get; init; }

    internal void Check(string path, Findings findings)
    {
        if (Issuer is null)
        {
            findings.Required($"{path}.issuer");
        }
        if ((Jwks is null ? 0 : 1) + (JwksUri is null ? 0 : 1) + (OldJwksUri is null ? 0 : 1) > 1)
        {
            findings.Broken(path, OneKeySource);
        }
        CheckUrl($"{path}.jwksUri", JwksUri, findings);
        CheckUrl($"{path}.jwks_uri", OldJwksUri, findings);
        CheckKeys($"{path}.jwks", findings);
        CheckHeaders(path, findings);
        findings.CheckDuration($"{path}.timeout", Timeout);
    }

    private static void CheckUrl(string path, string? text, Findings findings)
    {
        if (text is not null && !(Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.Host.Length > 0))
        {
            findings.Invalid(path, text, HttpUrlMessage);
        }
    }

    private void CheckHeaders(string path, Findings findings)
    {
        for (var i = 0; i < FromHeaders?.Count; i++)
        {
            findings.CheckHeaderName(string.Create(CultureInfo.InvariantCulture, $"{path}.fromHeaders[{i}].name"), FromHeaders[i].Name!);
        }
        if (!string.IsNullOrEmpty(OutputPayloadToHeader))
        {
            findings.CheckHeaderName($"{path}.outputPayloadToHeader", OutputPayloadToHeader);
        }
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < OutputClaimToHeaders?.Count; i++)
        {
            if (!seen.Add(OutputClaimToHeaders[i].Header!))
            {
                findings.Duplicate(
                    string.Create(CultureInfo.InvariantCulture, $"{path}.outputClaimToHeaders[{i}].header"), OutputClaimToHeaders[i].Header!);
            }
        }
    }

    /// <summary>Keys are data for whoever verifies tokens; here they only have to be a set of keys, and no secrets.</summary>
    private void CheckKeys(string path, Findings findings)
    {
        if (string.IsNullOrEmpty(Jwks))
        {
            return;
        }
        try
        {
            using var document = JsonDocument.Parse(Jwks, new JsonDocumentOptions { MaxDepth = 16 });
            if (document.RootElement.ValueKind != JsonValueKind.Object
                || !document.RootElement.TryGetProperty("keys", out var keys) || keys.ValueKind != JsonValueKind.Array)
            {
                findings.Invalid(path, Jwks, "must be a JSON Web Key Set: an object with the list keys");
                return;
            }
            WarnOfSecrets(path, keys, findings);
        }
        catch (JsonException e)
        {
            findings.Invalid(path, Jwks, $"must be JSON: {e.Message}");
        }
    }

    /// <summary>RFC 7518 section 6: the member d is a private key, the member k a shared one.</summary>
    private static void WarnOfSecrets(string path, JsonElement keys, Findings findings)
    {
        var index = 0;
        foreach (var key in keys.EnumerateArray())
        {
            if (key.ValueKind == JsonValueKind.Object && (key.TryGetProperty("d", out _) || key.TryGetProperty("k", out _)))
            {
                findings.Warn(string.Create(CultureInfo.InvariantCulture,
                    $"{path}: key {index} holds a secret; verifying tokens needs the public part only, and everybody who reads the policy reads the secret"));
            }
            index++;
        }
    }
}

/// <summary>A header that may hold a token.</summary>
public sealed record JwtHeader : Extensible
{
    /// <summary>Name of the header.</summary>
    [Field(Required = true, MinLength = 1)]
    public string? Name { get; init; }

    /// <summary>What stands before the token and is taken off, with the space: e.g. Bearer.</summary>
    public string? Prefix { get; init; }
}

/// <summary>A claim that the application gets as a header.</summary>
public sealed record JwtClaimHeader : Extensible
{
    /// <summary>Name of the header.</summary>
    [Field(Required = true, MinLength = 1, Pattern = "^[-_A-Za-z0-9]+$")]
    public string? Header { get; init; }

    /// <summary>The claim; a dot leads into nested ones.</summary>
    [Field(Required = true, MinLength = 1)]
    public string? Claim { get; init; }
}
