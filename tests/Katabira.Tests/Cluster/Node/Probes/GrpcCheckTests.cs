using CsCheck;
using Katabira.Cluster.Node.Probes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Xunit;

namespace Katabira.Tests.Cluster.Node.Probes;

public sealed class GrpcCheckTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1, ProbeResult.Success, "service healthy")]
    [InlineData(0, ProbeResult.Failure, "service unhealthy (responded with \"UNKNOWN\")")]
    [InlineData(2, ProbeResult.Failure, "service unhealthy (responded with \"NOT_SERVING\")")]
    [InlineData(3, ProbeResult.Failure, "service unhealthy (responded with \"SERVICE_UNKNOWN\")")]
    [InlineData(9, ProbeResult.Failure, "service unhealthy (responded with \"9\")")]
    public async Task RunAsync_Status_IsHealthyOrNot(byte status, object result, string output)
    {
        await using var server = await StartAsync(async context =>
        {
            await context.Response.Body.WriteAsync(status == 0 ? new byte[5] : [0, 0, 0, 0, 2, 8, status], context.RequestAborted);
            context.Response.AppendTrailer("grpc-status", "0");
        });

        Assert.Equal(new ProbeOutcome((ProbeResult)result, output), await AskAsync(server.Port, ""));
    }

    [Theory]
    [InlineData("5", "unknown%20service", "error: health rpc probe failed: rpc error: code = NotFound desc = unknown service")]
    [InlineData("12", "no such method", "error: this server does not implement the grpc health protocol (grpc.health.v1.Health): no such method")]
    [InlineData("99", "x", "error: health rpc probe failed: rpc error: code = Code(99) desc = x")]
    public async Task RunAsync_Error_IsTold(string code, string message, string output)
    {
        await using var server = await StartAsync(context =>
        {
            context.Response.Headers["grpc-status"] = code;
            context.Response.Headers["grpc-message"] = message;
            return Task.CompletedTask;
        });

        Assert.Equal(ProbeOutcome.Failed(output), await AskAsync(server.Port, ""));
    }

    [Fact]
    public async Task RunAsync_Request_IsThatOfTheHealthProtocol()
    {
        var (seen, body) = ("", Array.Empty<byte>());
        await using var server = await StartAsync(async context =>
        {
            var request = context.Request;
            seen = $"{request.Method} {request.Protocol} {request.Path} {request.ContentType} {request.Headers.TE} {request.Headers.UserAgent}";
            using var copy = new MemoryStream();
            await request.Body.CopyToAsync(copy, context.RequestAborted);
            body = copy.ToArray();
        });

        await AskAsync(server.Port, "cart");

        Assert.Equal("POST HTTP/2 /grpc.health.v1.Health/Check application/grpc trailers kube-probe/1.33", seen);
        Assert.Equal([0, 0, 0, 0, 6, 0x0A, 4, (byte)'c', (byte)'a', (byte)'r', (byte)'t'], body);
    }

    [Fact]
    public async Task RunAsync_ServerOfAnotherProtocol_Fails()
    {
        await using var server = await ProbeServer.StartAsync(_ => Task.CompletedTask, HttpProtocols.Http1);

        var outcome = await AskAsync(server.Port, "");

        Assert.Equal(ProbeResult.Failure, outcome.Result);
        Assert.StartsWith("error: health rpc probe failed: rpc error: code = Unavailable", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_AnswerWithoutStatus_Fails()
    {
        await using var server = await StartAsync(context =>
        {
            context.Response.StatusCode = 404;
            return Task.CompletedTask;
        });

        Assert.Equal(
            ProbeOutcome.Failed("error: health rpc probe failed: rpc error: code = Unknown desc = unexpected HTTP status code received from server: 404"), await AskAsync(server.Port, ""));
    }

    [Fact]
    public async Task RunAsync_NobodyListens_CannotConnect()
    {
        var server = await StartAsync(_ => Task.CompletedTask);
        var port = server.Port;
        await server.DisposeAsync();

        Assert.Equal(
            $"error: failed to connect service at \"127.0.0.1:{port}\": connection error: desc = \"transport: error while dialing: dial tcp 127.0.0.1:{port}: connect: connection refused\"",
            (await AskAsync(port, "")).Output);
    }

    [Fact]
    public void Frame_OfALongName_HasAVarint() => Assert.Equal([0, 0, 0, 0, 203, 0x0A, 0xC8, 0x01], GrpcCheck.Frame(new string('x', 200))[..8]);

    [Fact]
    public void StatusOf_AnyBytes_IsAStatusOrNothing() => Gen.Byte.Array[0, 12].Sample(bytes => GrpcCheck.StatusOf(bytes) is null or (>= 0 and < 128));

    private static Task<ProbeServer> StartAsync(RequestDelegate answer) => ProbeServer.StartAsync(answer, HttpProtocols.Http2);

    private static Task<ProbeOutcome> AskAsync(int port, string service) => GrpcCheck.RunAsync(service, "127.0.0.1", port, ProbeServer.Sockets, Cancel);
}
