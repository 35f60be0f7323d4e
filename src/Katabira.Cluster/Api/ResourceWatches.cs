using Katabira.Cluster.Objects;
using Katabira.Cluster.Storage;
using Microsoft.AspNetCore.Http;

namespace Katabira.Cluster.Api;

/// <summary>Answers watches: begins them where the client asked, and keeps them until somebody ends them. Thread-safe.</summary>
internal sealed class ResourceWatches(Store store, ResourceReads reads, Random random, TimeProvider time)
{
    private static readonly TimeSpan s_shortest = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan s_bookmarkInterval = TimeSpan.FromMinutes(1);

    /// <summary>Changes of one object (by name), of a namespace, or of all namespaces if it is null.</summary>
    public async Task WatchAsync(ApiCall call, ObjectForm form, string? ns, string name)
    {
        var options = ListOptions.Read(call, form, name, isWatch: true);
        var wire = new ObjectWire(ResponseShape.Choose(call.Accept, isList: true), form.Resource, call.Query("includeObject"), time);
        await reads.WaitForAsync(options.Version, call.Cancelled);
        Answers.Warn(call.Http, call.Warnings);
        call.Http.Response.StatusCode = StatusCodes.Status200OK;
        call.Http.Response.ContentType = "application/json";
        // the client learns at once that the watch is on
        await call.Http.Response.StartAsync(call.Cancelled);
        await call.Http.Response.BodyWriter.FlushAsync(call.Cancelled);
        var from = options.Version is { Value: > 0 } asked ? asked : store.Revision;
        var stream = new WatchStream(call.Http.Response.BodyWriter, wire, form, options.Filter, from);
        if (store.Watch(new StoreRange(form.Home, form.Type.Namespaced ? ns : ""), StartOf(options)) is not WatchResult.Started { Watch: var watch })
        {
            await stream.SendErrorAsync(ApiFailure.Expired($"too old resource version: {from} ({store.Compacted})"), call.Cancelled);
            return;
        }
        await using (watch)
        {
            await RunAsync(call, options, watch, stream);
        }
    }

    private async Task RunAsync(ApiCall call, ListOptions options, Watch watch, WatchStream stream)
    {
        using var end = new CancellationTokenSource(options.Timeout ?? s_shortest + (s_shortest * random.NextDouble()), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(end.Token, call.Cancelled);
        await using var bookmarks = options.AllowsBookmarks
            ? time.CreateTimer(_ => watch.RequestProgress(), null, s_bookmarkInterval, s_bookmarkInterval)
            : null;
        try
        {
            await stream.SendAllAsync(watch, options.AllowsBookmarks, options.SendsInitialEvents == true, either.Token);
        }
        catch (OperationCanceledException) when (!call.Cancelled.IsCancellationRequested)
        {
            // the time is up: a last bookmark saves the client a new list
            if (options.AllowsBookmarks)
            {
                await stream.SendBookmarkAsync(call.Cancelled);
            }
        }
    }

    private static WatchStart StartOf(ListOptions options) => options switch
    {
        { SendsInitialEvents: true } => new WatchStart.InitialList(),
        { SendsInitialEvents: false, Version: null } => new WatchStart.Now(),
        { Version: null or { Value: 0 } } => new WatchStart.InitialList(),
        { Version: { } version } => new WatchStart.After(version),
    };
}
