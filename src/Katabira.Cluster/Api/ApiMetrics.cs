using Katabira.Cluster.Storage;
using Prometheus;

namespace Katabira.Cluster.Api;

/// <summary>What monitoring sees of the server, named as Kubernetes names it. Thread-safe.</summary>
internal sealed class ApiMetrics
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private static readonly string[] s_labels = ["verb", "group", "resource", "subresource", "code"];

    private readonly CollectorRegistry _registry = Metrics.NewCustomRegistry();
    private readonly Counter _requests;
    private readonly Histogram _durations;
    private readonly Gauge _inFlight;

    public ApiMetrics(Store store)
    {
        var factory = Metrics.WithCustomRegistry(_registry);
        _requests = factory.CreateCounter("apiserver_request_total", "Requests answered.", s_labels);
        _durations = factory.CreateHistogram("apiserver_request_duration_seconds", "Seconds from a request to the end of its answer; watches are left out.",
            ["verb", "group", "resource"], new HistogramConfiguration { Buckets = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] });
        _inFlight = factory.CreateGauge("apiserver_current_inflight_requests", "Requests that are being answered, watches among them.");
        var (objects, revision, watchers, fault) = (
            factory.CreateGauge("katabira_store_objects", "Objects in the store."),
            factory.CreateGauge("katabira_store_revision", "The store's newest resourceVersion."),
            factory.CreateGauge("katabira_store_watchers", "Live watches."),
            factory.CreateGauge("katabira_store_read_only", "1 while nothing can be written."));
        _registry.AddBeforeCollectCallback(() =>
        {
            objects.Set(store.Count);
            revision.Set(store.Revision.Value);
            watchers.Set(store.WatcherCount);
            fault.Set(store.Fault is null ? 0 : 1);
        });
    }

    /// <summary>A request begins; dispose the result when it ends.</summary>
    public IDisposable Begin() => _inFlight.TrackInProgress();

    /// <summary>A request ended.</summary>
    /// <param name="done">What it was about; names of resources that are not served are left out, so that nobody can make endless series.</param>
    public void Count(in RequestRecord done)
    {
        _requests.WithLabels(done.Verb, done.Group, done.Resource, done.Subresource, done.Code.ToString(System.Globalization.CultureInfo.InvariantCulture)).Inc();
        if (done.Verb != "watch")
        {
            _durations.WithLabels(done.Verb, done.Group, done.Resource).Observe(done.Elapsed.TotalSeconds);
        }
    }

    /// <summary>The text form of all of them.</summary>
    public async Task<ReadOnlyMemory<byte>> WriteAsync(CancellationToken cancelled)
    {
        using var text = new MemoryStream();
        await _registry.CollectAndExportAsTextAsync(text, cancelled);
        return text.ToArray();
    }
}

/// <summary>One answered request, for the log and the metrics.</summary>
/// <param name="Verb">As RBAC calls it; the method in lower case for what is no resource.</param>
/// <param name="Group">Of the resource.</param>
/// <param name="Resource">Its plural; empty for what is no resource or not served.</param>
/// <param name="Subresource">Empty for the object itself.</param>
/// <param name="Code">HTTP status.</param>
/// <param name="Elapsed">From the request to the end of its answer.</param>
internal readonly record struct RequestRecord(string Verb, string Group, string Resource, string Subresource, int Code, TimeSpan Elapsed);
