using System.IO.Pipelines;
using Katabira.Cluster.Objects;
using Katabira.Cluster.Storage;
using Katabira.Cluster.Tables;

namespace Katabira.Cluster.Api;

/// <summary>
/// Writes lists of any length in bounded memory: what is written goes out before the next objects are looked at. A list of whole objects is their
/// stored texts one after the other.
/// </summary>
internal static class ListWriter
{
    /// <summary>Written before the client has to take it.</summary>
    private const int ChunkBytes = 64 * 1024;

    public static async Task WriteAsync(PipeWriter to, ObjectWire wire, ObjectForm form, ListMeta meta, IReadOnlyList<StoredObject> items, CancellationToken cancelled)
    {
        await using var json = StoredJson.Writer(to);
        wire.BeginList(json, form.Resource, meta);
        foreach (var item in items)
        {
            wire.WriteItem(json, form.Text(item));
            if (json.BytesPending + to.UnflushedBytes > ChunkBytes)
            {
                json.Flush();
                await to.FlushAsync(cancelled);
            }
        }
        ObjectWire.EndList(json);
        json.Flush();
        await to.FlushAsync(cancelled);
    }
}
