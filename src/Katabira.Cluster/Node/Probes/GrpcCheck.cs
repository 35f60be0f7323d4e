using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Katabira.Cluster.Node.Probes;

/// <summary>
/// A container is healthy if its <c>grpc.health.v1.Health/Check</c> says SERVING. One message each way, over HTTP/2 without TLS: five bytes of frame and a few
/// of protobuf, for which no library is needed.
/// </summary>
internal static class GrpcCheck
{
    private const int FrameBytes = 5;
    private const int Serving = 1;
    private const int Unimplemented = 12;

    private static readonly string[] s_statuses = ["UNKNOWN", "SERVING", "NOT_SERVING", "SERVICE_UNKNOWN"];

    private static readonly string[] s_codes =
    [
        "OK", "Canceled", "Unknown", "InvalidArgument", "DeadlineExceeded", "NotFound", "AlreadyExists", "PermissionDenied", "ResourceExhausted",
        "FailedPrecondition", "Aborted", "OutOfRange", "Unimplemented", "Internal", "Unavailable", "DataLoss", "Unauthenticated",
    ];

    /// <param name="service">Of several in one server; empty for the server itself.</param>
    public static async Task<ProbeOutcome> RunAsync(string service, string host, int port, MakeSocket makeSocket, CancellationToken cancel)
    {
        var address = Dialling.Address(host, port);
        using var client = ProbeClient.Make(makeSocket);
        try
        {
            using var request = Request(service, address);
            using var response = await client.SendAsync(request, cancel);
            var body = await ProbeClient.ReadHeadAsync(response.Content, cancel);
            return Judge(response, body);
        }
        catch (HttpRequestException e)
        {
            return ProbeOutcome.Failed(e.InnerException is DialException
                ? $"error: failed to connect service at \"{address}\": connection error: desc = \"transport: error while dialing: {ProbeClient.Words(e)}\""
                : $"error: health rpc probe failed: rpc error: code = Unavailable desc = {ProbeClient.Words(e)}");
        }
        catch (IOException e)
        {
            return ProbeOutcome.Failed($"error: health rpc probe failed: rpc error: code = Unavailable desc = {e.Message}");
        }
    }

    /// <summary>HealthCheckRequest in its frame: field 1 is the service's name.</summary>
    public static byte[] Frame(string service)
    {
        var name = Encoding.UTF8.GetBytes(service);
        var message = new List<byte>();
        if (name.Length > 0)
        {
            message.Add(0x0A);
            var length = (uint)name.Length;
            for (; length > 0x7F; length >>= 7)
            {
                message.Add((byte)(length | 0x80));
            }
            message.Add((byte)length);
            message.AddRange(name);
        }
        var frame = new byte[FrameBytes + message.Count];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.Count);
        message.CopyTo(frame, FrameBytes);
        return frame;
    }

    /// <summary>The status of a HealthCheckResponse in its frame: field 1, an enumeration; 0 if it is not there. Null for what is no such message.</summary>
    public static int? StatusOf(ReadOnlySpan<byte> frame)
    {
        if (frame.Length < FrameBytes || frame[0] != 0 || BinaryPrimitives.ReadInt32BigEndian(frame[1..]) != frame.Length - FrameBytes)
        {
            return null;
        }
        return frame[FrameBytes..] switch
        {
            [] => 0,
            [0x08, < 0x80 and var status] => status,
            _ => null,
        };
    }

    private static HttpRequestMessage Request(string service, string address)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"http://{address}/grpc.health.v1.Health/Check")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(Frame(service)),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        request.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
        request.Headers.TryAddWithoutValidation("User-Agent", ProbeClient.UserAgent);
        return request;
    }

    private static ProbeOutcome Judge(HttpResponseMessage response, byte[] body)
    {
        // without a message the status stands in the headers
        var (code, message) = (Find(response, "grpc-status"), Find(response, "grpc-message") ?? "");
        if (code is null)
        {
            return ProbeOutcome.Failed($"error: health rpc probe failed: rpc error: code = Unknown desc = unexpected HTTP status code received from server: {(int)response.StatusCode}");
        }
        if (code != "0")
        {
            var number = int.TryParse(code, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) ? parsed : -1;
            var name = number > 0 && number < s_codes.Length ? s_codes[number] : $"Code({code})";
            return ProbeOutcome.Failed(number == Unimplemented
                ? $"error: this server does not implement the grpc health protocol (grpc.health.v1.Health): {message}"
                : $"error: health rpc probe failed: rpc error: code = {name} desc = {message}");
        }
        return StatusOf(body) switch
        {
            Serving => new(ProbeResult.Success, "service healthy"),
            { } status => ProbeOutcome.Failed($"service unhealthy (responded with \"{(status < s_statuses.Length ? s_statuses[status] : $"{status}")}\")"),
            null => ProbeOutcome.Failed("error: health rpc probe failed: rpc error: code = Internal desc = the answer is no HealthCheckResponse"),
        };
    }

    private static string? Find(HttpResponseMessage response, string name) =>
        response.TrailingHeaders.TryGetValues(name, out var trailing) || response.Headers.TryGetValues(name, out trailing) ? Uri.UnescapeDataString(trailing.First()) : null;
}
