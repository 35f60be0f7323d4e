using System.Text.Json.Nodes;
using Katabira.Cluster.Resources;

namespace Katabira.Cluster.Protobuf;

/// <summary>
/// Request bodies of <c>application/vnd.kubernetes.protobuf</c>, which kubectl ≥ 1.32 sends for the objects it makes itself. The wire
/// format is proto2; the envelope is four bytes and the message <c>runtime.Unknown</c>, which says what the bytes inside are.
/// </summary>
internal static class ProtobufBody
{
    public const string ContentType = "application/vnd.kubernetes.protobuf";

    /// <summary>As deep as a JSON body may be: what is stored must be readable again.</summary>
    private const int MaxJsonDepth = 64;

    private static ReadOnlySpan<byte> Magic => "k8s\0"u8;

    /// <summary>Decodes a body into the object that the same client would have sent as JSON.</summary>
    /// <param name="body">At most as long as the server accepts; costs no more than a small multiple of its length.</param>
    /// <param name="expected">Kind and version of the path, for bodies that name none.</param>
    public static DecodedBody Decode(ReadOnlySpan<byte> body, GroupVersionKind expected)
    {
        if (!body.StartsWith(Magic))
        {
            return DecodedBody.Failed("provided data does not appear to be a protobuf message, expected prefix 6b 38 73 00");
        }
        try
        {
            return Unwrap(body[Magic.Length..], expected);
        }
        catch (ProtobufFormatException e)
        {
            return DecodedBody.Failed($"the protobuf body could not be decoded: {e.Message}");
        }
    }

    private static DecodedBody Unwrap(ReadOnlySpan<byte> envelope, GroupVersionKind expected)
    {
        var reader = new WireReader(envelope);
        var (apiVersion, kind, encoding, contentType) = ("", "", "", "");
        ReadOnlySpan<byte> raw = default;
        while (reader.TryReadTag(out var number, out var type))
        {
            switch (number, type)
            {
                case (1, WireType.Bytes):
                    (apiVersion, kind) = TypeMeta(reader.ReadBytes());
                    break;
                case (2, WireType.Bytes):
                    raw = reader.ReadBytes();
                    break;
                case (3, WireType.Bytes):
                    encoding = reader.ReadString();
                    break;
                case (4, WireType.Bytes):
                    contentType = reader.ReadString();
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }
        if (encoding.Length > 0 || contentType.Length > 0 && contentType != ContentType)
        {
            return DecodedBody.Failed($"the protobuf body holds '{encoding}{contentType}', which is not supported: send the object itself");
        }
        var found = GroupVersionKind.Of(apiVersion.Length > 0 ? apiVersion : expected.ApiVersion, kind.Length > 0 ? kind : expected.Kind);
        if (FieldTable.Find(found) is not { } message)
        {
            return DecodedBody.Failed($"no kind \"{found.Kind}\" is registered for version \"{found.ApiVersion}\"");
        }
        var result = new JsonObject { ["apiVersion"] = found.ApiVersion, ["kind"] = found.Kind };
        new MessageDecoder().Read(raw, message, result, depth: 0);
        return IsWithin(result, MaxJsonDepth) ? new(result, "") : DecodedBody.Failed($"the object is nested deeper than {MaxJsonDepth}");
    }

    private static bool IsWithin(JsonNode? node, int depth) => node switch
    {
        JsonObject map => depth > 0 && map.All(m => IsWithin(m.Value, depth - 1)),
        JsonArray list => depth > 0 && list.All(i => IsWithin(i, depth - 1)),
        _ => true,
    };

    private static (string ApiVersion, string Kind) TypeMeta(ReadOnlySpan<byte> bytes)
    {
        var reader = new WireReader(bytes);
        var (apiVersion, kind) = ("", "");
        while (reader.TryReadTag(out var number, out var type))
        {
            switch (number, type)
            {
                case (1, WireType.Bytes):
                    apiVersion = reader.ReadString();
                    break;
                case (2, WireType.Bytes):
                    kind = reader.ReadString();
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }
        return (apiVersion, kind);
    }
}
