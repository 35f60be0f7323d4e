using System.Net;
using System.Text.Json.Nodes;
using Katabira.Cluster.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Katabira.Tests.Cluster.Admission;

/// <summary>A webhook behind real TLS on a loopback port. Its answers are scripted by path; it remembers what it was asked.</summary>
internal sealed class WebhookServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly List<(string Path, string Query, JsonObject Review)> _asked = [];

    private WebhookServer(WebApplication app) => _app = app;

    public Dictionary<string, Func<HttpContext, JsonObject, Task>> Answers { get; } = [];

    public IPEndPoint Address { get; private set; } = new(IPAddress.None, 0);

    public (string Path, string Query, JsonObject Review)[] Asked
    {
        get
        {
            lock (_asked)
            {
                return [.. _asked];
            }
        }
    }

    public static async Task<WebhookServer> StartAsync(IssuedCertificate certificate)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0, l => l.UseHttps(certificate.ToCertificate())));
        var server = new WebhookServer(builder.Build());
        server._app.Run(server.AnswerAsync);
        await server._app.StartAsync();
        var url = server._app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single();
        server.Address = new(IPAddress.Loopback, new Uri(url).Port);
        return server;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    /// <summary>An answer in form: the uid is filled in.</summary>
    public static Func<HttpContext, JsonObject, Task> Response(string response) => (context, review) =>
    {
        var inner = JsonNode.Parse(response)!.AsObject();
        inner.TryAdd("uid", (string?)review["request"]!["uid"]);
        var answer = new JsonObject { ["kind"] = "AdmissionReview", ["apiVersion"] = "admission.k8s.io/v1", ["response"] = inner };
        return context.Response.WriteAsync(answer.ToJsonString());
    };

    private async Task AnswerAsync(HttpContext context)
    {
        var review = (await JsonNode.ParseAsync(context.Request.Body))!.AsObject();
        lock (_asked)
        {
            _asked.Add((context.Request.Path, context.Request.QueryString.ToString(), review));
        }
        await Answers[context.Request.Path](context, review);
    }
}
