using System.Collections.Concurrent;
using Katabira.Cluster;
using Katabira.Tests.Cluster.Access;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Katabira.Tests.Cluster.Api;

/// <summary>What a cluster writes to its log: who did what, and never what they keep secret.</summary>
public sealed class SecrecyTests
{
    [Fact]
    public async Task Log_OfARunWithSecrets_HoldsNone()
    {
        using var home = new TemporaryFolder();
        using var log = new CapturedLog();
        string[] secrets;
        await using (var cluster = await EmbeddedCluster.StartAsync(new ClusterOptions { Home = home.Path }, TimeProvider.System, log, CancellationToken.None))
        {
            using var admin = ApiClient.Admin(cluster.Kubeconfig);
            secrets = [.. await WorkAsync(admin, cluster.Kubeconfig), .. KeysOf(home.Path), .. cluster.Kubeconfig.Split('\n').Where(l => l.Contains("client-key-data", StringComparison.Ordinal)).Select(l => l.Split(": ")[1])];
        }

        var text = log.Text;
        Assert.Contains("create /api/v1/namespaces/default/secrets 201", text, StringComparison.Ordinal);
        Assert.Contains("credentials refused", text, StringComparison.Ordinal);
        Assert.All(secrets, secret => Assert.DoesNotContain(secret, text, StringComparison.Ordinal));
        Assert.All(secrets, secret => Assert.InRange(secret.Length, 8, 10_000));
        Assert.DoesNotContain("\nforged", text, StringComparison.Ordinal);
    }

    /// <summary>Handles secrets in every way that a client can.</summary>
    private static async Task<string[]> WorkAsync(ApiClient admin, string kubeconfig)
    {
        const string Value = "c2VjcmV0LXZhbHVl";
        const string Secrets = "/api/v1/namespaces/default/secrets";
        (await admin.PostAsync(Secrets, $$$"""{"metadata":{"name":"s"},"data":{"k":"{{{Value}}}"},"stringData":{"p":"hunter2-hunter2"}}""")).Expect(201);
        (await admin.PatchAsync($"{Secrets}/s", $$$"""{"data":{"k":"not base64 hunter2-hunter2"}}""")).Expect(400);
        (await admin.PostAsync(Secrets, "{\"metadata\":{\"name\":\"t\"},\"data\":{\"k\":hunter2-hunter2}}")).Expect(400);
        (await admin.GetAsync($"{Secrets}?labelSelector=password%3Dhunter2-hunter2")).Expect(200);
        (await admin.GetAsync($"{Secrets}?token=hunter2-hunter2")).Expect(200);
        (await admin.PostAsync("/api/v1/namespaces/default/serviceaccounts", """{"metadata":{"name":"a"}}""")).Expect(201);
        var token = (string)(await admin.PostAsync("/api/v1/namespaces/default/serviceaccounts/a/token", "{}")).Expect(201)["status.token"]!;
        using var account = ApiClient.With(kubeconfig, token);
        (await account.GetAsync(Secrets)).Expect(403);
        (await admin.PostAsync("/apis/authentication.k8s.io/v1/tokenreviews", $$$"""{"spec":{"token":"{{{token}}}x"}}""")).Expect(201);
        using var wrong = ApiClient.With(kubeconfig, token[..^4]);
        (await wrong.GetAsync(Secrets)).Expect(401);
        var forged = admin.Request(HttpMethod.Post, "/api/v1/namespaces/default/pods/%0Aforged", "{}"u8.ToArray(), ApiClient.Json);
        forged.Headers.TryAddWithoutValidation("User-Agent", "x\tforged");
        await admin.SendAsync(forged);
        return [Value, "secret-value", "hunter2-hunter2", token, token[..^4], token.Split('.')[1], token.Split('.')[2]];
    }

    /// <summary>Lines of the private keys in the home folder.</summary>
    private static IEnumerable<string> KeysOf(string home) => Directory.GetFiles(home, "*.pem").SelectMany(File.ReadAllLines).Where(l => l.Length > 40 && !l.StartsWith('-'));

    /// <summary>Keeps everything that is logged, however unimportant, with the causes of failures.</summary>
    private sealed class CapturedLog : ILoggerFactory, ILogger
    {
        private readonly ConcurrentQueue<string> _lines = [];

        public string Text => string.Join('\n', _lines);

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider)
        {
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _lines.Enqueue($"{logLevel} {formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}
