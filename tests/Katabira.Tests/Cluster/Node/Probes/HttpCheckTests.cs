using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Katabira.Cluster.Node.Probes;
using Katabira.Tests.Support;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace Katabira.Tests.Cluster.Node.Probes;

public sealed class HttpCheckTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("200", ProbeResult.Success, "")]
    [InlineData("204", ProbeResult.Success, "")]
    [InlineData("399", ProbeResult.Warning, "Probe terminated redirects, Response body: body")]
    [InlineData("304", ProbeResult.Warning, "Probe terminated redirects, Response body: ")]
    [InlineData("400", ProbeResult.Failure, "HTTP probe failed with statuscode: 400")]
    [InlineData("503", ProbeResult.Failure, "HTTP probe failed with statuscode: 503")]
    [InlineData("once", ProbeResult.Success, "")]
    [InlineData("nine", ProbeResult.Success, "")]
    [InlineData("forever", ProbeResult.Failure, "Get \"/forever\": stopped after 10 redirects")]
    [InlineData("away", ProbeResult.Warning, "Probe terminated redirects, Response body: ")]
    [InlineData("bad", ProbeResult.Failure, "HTTP probe failed with statuscode: 500")]
    public async Task RunAsync_Answer_IsHealthyOrNot(string path, object result, string output)
    {
        await using var server = await ProbeServer.StartAsync(Answer);

        Assert.Equal(new ProbeOutcome((ProbeResult)result, output), await AskAsync(server.Port, $"path: /{path}"));
    }

    [Theory]
    [InlineData("path: /x?y=1", "GET /x?y=1 Host=127.0.0.1:PORT Agent=kube-probe/1.33 Accept=*/* X=")]
    [InlineData("path: x", "GET /x Host=127.0.0.1:PORT Agent=kube-probe/1.33 Accept=*/* X=")]
    [InlineData("httpHeaders: [{ name: X-Test, value: a }, { name: X-Test, value: b }]", "GET / Host=127.0.0.1:PORT Agent=kube-probe/1.33 Accept=*/* X=a, b")]
    [InlineData("httpHeaders: [{ name: Host, value: shop.example }, { name: user-agent, value: me }, { name: Accept, value: '' }]", "GET / Host=shop.example Agent=me Accept= X=")]
    public async Task RunAsync_Request_IsAsKubelets(string get, string expected)
    {
        var seen = "";
        await using var server = await ProbeServer.StartAsync(context =>
        {
            var request = context.Request;
            seen = $"{request.Method} {request.Path}{request.QueryString} Host={request.Host} Agent={request.Headers.UserAgent} Accept={request.Headers.Accept} X={request.Headers["X-Test"]}";
            return Task.CompletedTask;
        });

        await AskAsync(server.Port, get);

        Assert.Equal(expected.Replace("PORT", $"{server.Port}", StringComparison.Ordinal), seen);
    }

    [Fact]
    public async Task RunAsync_UntrustedCertificate_IsNotLookedAt()
    {
        await using var server = await ProbeServer.StartAsync(_ => Task.CompletedTask, tls: true);

        Assert.Equal(ProbeResult.Success, (await AskAsync(server.Port, "scheme: HTTPS")).Result);
        Assert.Equal(ProbeResult.Failure, (await AskAsync(server.Port, "scheme: HTTP")).Result);
    }

    [Fact]
    public async Task RunAsync_EndlessBody_IsNotReadToTheEnd()
    {
        await using var server = await ProbeServer.StartAsync(async context =>
        {
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.WriteAsync(new string('x', 1000), context.RequestAborted);
            }
        });

        Assert.Equal(ProbeResult.Success, (await AskAsync(server.Port, "path: /")).Result);
    }

    [Fact]
    public async Task RunAsync_NobodyListens_IsARefusedConnection()
    {
        var port = FreePort();

        Assert.Equal(ProbeOutcome.Failed($"Get \"http://127.0.0.1:{port}/\": dial tcp 127.0.0.1:{port}: connect: connection refused"), await AskAsync(port, "path: /"));
        Assert.Equal(ProbeOutcome.Failed($"dial tcp 127.0.0.1:{port}: connect: connection refused"), await TcpCheck.RunAsync("127.0.0.1", port, ProbeServer.Sockets, Cancel));
    }

    [Fact]
    public async Task RunAsync_ConnectionEndsWithoutAnswer_Fails()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var asking = AskAsync(port, "path: /");
        using (var accepted = await listener.AcceptSocketAsync(Cancel))
        {
            await accepted.ReceiveAsync(new byte[1000], Cancel);
        }

        Assert.Equal(ProbeOutcome.Failed($"Get \"http://127.0.0.1:{port}/\": EOF"), await asking);
        Assert.Equal(ProbeResult.Success, (await TcpCheck.RunAsync("127.0.0.1", port, ProbeServer.Sockets, Cancel)).Result);
    }

    [Theory]
    [InlineData("{ path: /a b, scheme: HTTP }", "10.0.0.1", "http://10.0.0.1:8080/a%20b")]
    [InlineData("{ path: '' }", "fd00::1", "http://[fd00::1]:8080/")]
    [InlineData("{ scheme: HTTPS, path: /x }", "a.example", "https://a.example:8080/x")]
    [InlineData("{ scheme: GOPHER }", "10.0.0.1", null)]
    [InlineData("{ path: / }", "bad host", null)]
    public void UriOf_Parts_IsAUrlOrNothing(string get, string host, string? expected) =>
        Assert.Equal(expected, HttpCheck.UriOf(YamlJson.Node(get)!.AsObject(), host, 8080)?.AbsoluteUri);

    private static Task<ProbeOutcome> AskAsync(int port, string get) =>
        HttpCheck.RunAsync((JsonObject)YamlJson.Node($"{{ {get} }}")!, "127.0.0.1", port, ProbeServer.Sockets, Cancel);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task Answer(HttpContext context)
    {
        var path = context.Request.Path.Value![1..];
        switch (path)
        {
            case "once":
                context.Response.Redirect("/200");
                break;
            case "forever":
                context.Response.Redirect("/forever");
                break;
            case "away":
                context.Response.Redirect("http://elsewhere.example/");
                break;
            case "bad":
                context.Response.Redirect("/500");
                break;
            case "nine" or ['t', 'o', ..]:
                var left = path == "nine" ? 9 : path[2] - '0';
                context.Response.Redirect(left == 1 ? "/200" : $"/to{left - 1}");
                break;
            default:
                context.Response.StatusCode = int.Parse(path, System.Globalization.CultureInfo.InvariantCulture);
                if (path is not ("204" or "304"))
                {
                    await context.Response.WriteAsync("body");
                }
                break;
        }
    }
}
