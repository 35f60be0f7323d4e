using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json.Nodes;
using Katabira.Cluster.Objects;
using Katabira.Cluster.Storage;

namespace Katabira.Cluster.Api;

/// <summary>
/// The events of one watch on their way to its client: one JSON object a line. What can be sent together is; a client that does not read holds back
/// only its own watch. One reader's own; not for several threads.
/// </summary>
/// <param name="from">Where the watch begins: what a bookmark tells as long as nothing has happened.</param>
internal sealed class WatchStream(PipeWriter to, ObjectWire wire, ObjectForm form, ObjectFilter filter, Revision from)
{
    private const int ChunkBytes = 64 * 1024;

    private Revision _seen = from;
    private bool _isFirst = true;

    /// <summary>Sends events until the watch ends or the caller cancels.</summary>
    /// <param name="bookmarks">Send them.</param>
    /// <param name="marksInitialEnd">Tell when everything that was there has been sent.</param>
    public async Task SendAllAsync(Watch watch, bool bookmarks, bool marksInitialEnd, CancellationToken cancelled)
    {
        await using var events = watch.ReadAllAsync(cancelled).GetAsyncEnumerator(cancelled);
        while (true)
        {
            var next = events.MoveNextAsync();
            if (to.UnflushedBytes > ChunkBytes || (to.UnflushedBytes > 0 && !next.IsCompleted))
            {
                await to.FlushAsync(cancelled);
            }
            if (!await next)
            {
                break;
            }
            Write(events.Current, bookmarks, marksInitialEnd);
        }
        await to.FlushAsync(cancelled);
    }

    /// <summary>Tells how far the watch has come.</summary>
    public async Task SendBookmarkAsync(CancellationToken cancelled)
    {
        WriteBookmark(endsInitialList: false);
        await to.FlushAsync(cancelled);
    }

    /// <summary>Tells why the watch ends.</summary>
    public async Task SendErrorAsync(ApiFailure failure, CancellationToken cancelled)
    {
        WriteError(failure);
        await to.FlushAsync(cancelled);
    }

    private void Write(WatchEvent told, bool bookmarks, bool marksInitialEnd)
    {
        _seen = told.Revision;
        switch (told)
        {
            case Change change:
                WriteChange(change);
                break;
            case InitialListEnd when marksInitialEnd:
                WriteBookmark(endsInitialList: true);
                break;
            case Progress when bookmarks:
                WriteBookmark(endsInitialList: false);
                break;
            case WatchEnded { Reason: WatchEndReason.Compacted }:
                WriteError(ApiFailure.Expired($"too old resource version: {_seen}"));
                break;
            default:
                break; // the others end the answer without a word: the client comes back from where it was
        }
    }

    private void WriteChange(Change change)
    {
        var matches = filter.IsEverything || filter.Matches(change.Object);
        var matched = change.Previous is { } previous && (filter.IsEverything || filter.Matches(previous));
        var type = change.Type switch
        {
            ChangeType.Added => matches ? "ADDED" : null,
            ChangeType.Deleted => matches || matched ? "DELETED" : null,
            // an object that begins to match is new to this client, and one that ends to is gone
            _ when matches => matched || change.Previous is null ? "MODIFIED" : "ADDED",
            _ => matched ? "DELETED" : null,
        };
        if (type is not null)
        {
            WriteEvent(type, form.Text(change.Object));
        }
    }

    private void WriteEvent(string type, ReadOnlyMemory<byte> text)
    {
        using (var json = StoredJson.Writer(to))
        {
            json.WriteStartObject();
            json.WriteString("type"u8, type);
            json.WritePropertyName("object"u8);
            wire.Write(json, text, withColumns: _isFirst);
            json.WriteEndObject();
        }
        _isFirst = false;
        to.Write("\n"u8);
    }

    private void WriteBookmark(bool endsInitialList)
    {
        var metadata = new JsonObject { ["resourceVersion"] = _seen.ToString(), ["creationTimestamp"] = null };
        if (endsInitialList)
        {
            metadata["annotations"] = new JsonObject { ["k8s.io/initial-events-end"] = "true" };
        }
        var kind = form.Resource.Kind;
        WriteEvent("BOOKMARK", StoredJson.Write(new JsonObject { ["kind"] = kind.Kind, ["apiVersion"] = kind.ApiVersion, ["metadata"] = metadata }));
    }

    private void WriteError(ApiFailure failure)
    {
        using (var json = StoredJson.Writer(to))
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "ERROR"u8);
            json.WritePropertyName("object"u8);
            failure.ToJson().WriteTo(json);
            json.WriteEndObject();
        }
        to.Write("\n"u8);
    }
}
