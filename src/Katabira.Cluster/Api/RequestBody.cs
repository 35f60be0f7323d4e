using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Katabira.Cluster.Patching;
using Katabira.Cluster.Protobuf;
using Katabira.Cluster.Resources;
using Microsoft.AspNetCore.Http;

namespace Katabira.Cluster.Api;

/// <summary>A body as a tree, whatever it was written in.</summary>
/// <param name="Item">The object.</param>
/// <param name="Duplicates">Paths of members that stood there twice; the last counts.</param>
internal sealed record RequestBody(JsonObject Item, ImmutableArray<string> Duplicates)
{
    /// <summary>As much as one object may be.</summary>
    public const int LimitBytes = 3 * 1024 * 1024;

    private const string Json = "application/json";
    private const string Yaml = "application/yaml";

    /// <summary>Reads the bytes.</summary>
    /// <exception cref="ApiException">413: there are too many.</exception>
    public static async Task<byte[]> ReadBytesAsync(HttpContext http)
    {
        if (http.Request.ContentLength > LimitBytes)
        {
            throw new ApiException(ApiFailure.TooLarge(LimitBytes));
        }
        var reader = http.Request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(http.RequestAborted);
            if (read.Buffer.Length > LimitBytes)
            {
                reader.AdvanceTo(read.Buffer.End);
                throw new ApiException(ApiFailure.TooLarge(LimitBytes));
            }
            if (read.IsCompleted)
            {
                var bytes = read.Buffer.ToArray();
                reader.AdvanceTo(read.Buffer.End);
                return bytes;
            }
            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    /// <summary>Reads an object of a kind; what the body does not say about its type, the URL says.</summary>
    /// <param name="expected">Kind and version of the URL.</param>
    /// <param name="older">Another apiVersion under which older clients send the same; null for none.</param>
    /// <exception cref="ApiException">It cannot be read, or is of another kind.</exception>
    public static async Task<RequestBody> ReadAsync(HttpContext http, GroupVersionKind expected, bool isBuiltIn, string? older = null)
    {
        var type = MediaType.Parse(http.Request.ContentType ?? "").Type;
        var bytes = await ReadBytesAsync(http);
        var body = type switch
        {
            "" or Json => Of(StrictJson.Read(bytes), expected),
            Yaml => Of(YamlJson.Read(bytes), expected),
            ProtobufBody.ContentType when isBuiltIn => Of(ProtobufBody.Decode(bytes, expected)),
            _ => throw new ApiException(ApiFailure.UnsupportedMediaType(isBuiltIn ? $"{Json}, {Yaml}, {ProtobufBody.ContentType}" : $"{Json}, {Yaml}")),
        };
        if (older is not null && body.Item.Text("apiVersion") == older)
        {
            body.Item["apiVersion"] = expected.ApiVersion;
        }
        Agree(body.Item, expected);
        return body;
    }

    /// <summary>Reads options, which may be absent, of any version, and without a type.</summary>
    /// <returns>Null for an empty body.</returns>
    public static async Task<JsonObject?> ReadOptionsAsync(HttpContext http)
    {
        var bytes = await ReadBytesAsync(http);
        if (bytes.Length == 0)
        {
            return null;
        }
        var expected = new GroupVersionKind("meta.k8s.io", "v1", "DeleteOptions");
        return MediaType.Parse(http.Request.ContentType ?? "").Type switch
        {
            ProtobufBody.ContentType => Of(ProtobufBody.Decode(bytes, expected)).Item,
            Yaml => Of(YamlJson.Read(bytes), expected).Item,
            _ => Of(StrictJson.Read(bytes), expected).Item,
        };
    }

    private static RequestBody Of(ParsedBody parsed, GroupVersionKind expected)
    {
        if (parsed.Failure is { } failure)
        {
            throw new ApiException(PatchFailures.Of(failure, "", "", ""));
        }
        return parsed.Node is JsonObject item
            ? new(item, parsed.DuplicateFields)
            : throw new ApiException(ApiFailure.BadRequest($"{expected.Kind} in version \"{expected.Version}\" cannot be handled as a {expected.Kind}: the body is not an object"));
    }

    private static RequestBody Of(DecodedBody decoded) =>
        decoded.Object is { } item ? new(item, []) : throw new ApiException(ApiFailure.BadRequest(decoded.Error));

    /// <summary>May change: a type that is left out is the URL's.</summary>
    /// <exception cref="ApiException">The object says that it is of another type.</exception>
    public static void Agree(JsonObject item, GroupVersionKind expected)
    {
        var (apiVersion, kind) = (item.Text("apiVersion"), item.Text("kind"));
        if (apiVersion.Length > 0 && apiVersion != expected.ApiVersion)
        {
            throw new ApiException(ApiFailure.BadRequest($"the API version in the data ({apiVersion}) does not match the expected API version ({expected.ApiVersion})"));
        }
        if (kind.Length > 0 && kind != expected.Kind)
        {
            throw new ApiException(ApiFailure.BadRequest($"{kind} in version \"{expected.Version}\" cannot be handled as a {expected.Kind}: the kind in the data ({kind}) does not match the expected kind ({expected.Kind})"));
        }
        (item["apiVersion"], item["kind"]) = (expected.ApiVersion, expected.Kind);
    }
}
