using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Katabira.Cluster.Api;

/// <summary>
/// The listener: TLS always, HTTP/1.1 and HTTP/2, client certificates if the client has one. It reads no configuration file and no environment.
/// </summary>
internal sealed class ApiServer : IAsyncDisposable
{
    /// <summary>Each watch of a client is a stream of its one connection.</summary>
    private const int MostStreams = 1_000;

    private const int MostConnections = 10_000;

    /// <summary>Selectors of many labels are long, and are part of the request line.</summary>
    private const int LongestLineBytes = 64 * 1024;

    /// <summary>Watches end with the store, which is closed at the same time; streams into pods have no end of their own.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    private readonly WebApplication _application;

    private ApiServer(WebApplication application, Uri address) => (_application, Address) = (application, address);

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>Listens, and hands every request to the handler.</summary>
    /// <param name="handler">Requests wait until it is there; they are cut off if it is cancelled.</param>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<ApiServer> StartAsync(
        IPAddress address, int port, X509Certificate2 certificate, Task<ApiHandler> handler, ILoggerFactory loggers, CancellationToken cancel)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton<ILoggerFactory>(new QuietLoggers(loggers));
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            Limit(kestrel);
            kestrel.Listen(address, port, listen =>
            {
                listen.Protocols = HttpProtocols.Http1AndHttp2;
                listen.UseHttps(new HttpsConnectionAdapterOptions
                {
                    ServerCertificate = certificate,
                    ClientCertificateMode = ClientCertificateMode.AllowCertificate,
                    // who is behind a certificate is for the authenticator: a refused handshake would tell the client nothing
                    ClientCertificateValidation = (_, _, _) => true,
                });
            });
        });
        var application = builder.Build();
        application.UseWebSockets();
        application.Run(async http => await (await handler).HandleAsync(http));
        await application.StartAsync(cancel);
        var bound = application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First(); // a started server has one
        return new(application, new Uri(bound));
    }

    /// <summary>Stops listening, lets requests come to their end for a moment, then ends them.</summary>
    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(s_patience);
        await _application.StopAsync(patience.Token);
        await _application.DisposeAsync();
    }

    private static void Limit(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.ResponseHeaderEncodingSelector = _ => Encoding.UTF8; // warnings quote what users wrote
        kestrel.Limits.MaxConcurrentConnections = MostConnections;
        kestrel.Limits.MaxRequestBodySize = null; // read with a limit of our own, which answers with a Status
        kestrel.Limits.MaxRequestLineSize = LongestLineBytes;
        kestrel.Limits.MaxRequestHeadersTotalSize = 2 * LongestLineBytes;
        kestrel.Limits.MaxRequestBufferSize = 4 * LongestLineBytes;
        kestrel.Limits.MinResponseDataRate = null; // a watch may be silent, and a slow reader holds nothing but its own stream
        kestrel.Limits.Http2.MaxStreamsPerConnection = MostStreams;
        kestrel.Limits.Http2.MaxRequestHeaderFieldSize = LongestLineBytes;
    }

    /// <summary>Keeps out the framework's own lines for each request: there is one already, and theirs quote query strings.</summary>
    private sealed class QuietLoggers(ILoggerFactory loggers) : ILoggerFactory
    {
        public ILogger CreateLogger(string categoryName) =>
            categoryName == "Microsoft.AspNetCore.Hosting.Diagnostics" ? NullLogger.Instance : loggers.CreateLogger(categoryName);

        public void AddProvider(ILoggerProvider provider) => loggers.AddProvider(provider);

        /// <remarks>The factory is its owner's.</remarks>
        public void Dispose()
        {
        }
    }
}
