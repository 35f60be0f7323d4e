using System.Globalization;
using System.Text;
using Katabira.Cluster.Storage;

namespace Katabira.StoreCrash;

/// <summary>
/// Writes for ever. Before a write it says <c>try NAME NUMBER put|delete</c>, and once that is acknowledged
/// <c>ack NAME NUMBER put|delete REVISION</c>. Each writer has its own objects and at most one write under way.
/// </summary>
internal static class Churn
{
    private const int Writers = 8;
    private const int ObjectsEach = 5;

    public static async Task<int> RunAsync(Store store, int seed, TextWriter output)
    {
        var lines = TextWriter.Synchronized(output);
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(i => Task.Run(() => WriteAsync(store, i, new Random((seed * Writers) + i), lines))));
        return 0;
    }

    private static async Task WriteAsync(Store store, int writer, Random random, TextWriter lines)
    {
        for (var number = 1; ; number++)
        {
            var key = new StoreKey("", "things", "default", $"w{writer}-{random.Next(ObjectsEach)}");
            var current = store.Get(key);
            var delete = current is not null && random.Next(4) == 0;
            var what = $"{key.Name} {number.ToString(CultureInfo.InvariantCulture)} {(delete ? "delete" : "put")}";
            Say(lines, $"try {what}");

            var payload = Payload(number, random.Next(6_000));
            var result = current is null ? await store.CreateAsync(key, payload, CancellationToken.None)
                : delete ? await store.DeleteAsync(key, current.Revision, CancellationToken.None)
                : await store.UpdateAsync(key, current.Revision, payload, CancellationToken.None);
            if (result is not StoreResult.Written written)
            {
                throw new InvalidOperationException($"nobody else writes {key}, but: {result}");
            }

            Say(lines, $"ack {what} {written.Object.Revision}");
        }
    }

    /// <summary>Sizes on both sides of a page, so that a torn write would tear objects.</summary>
    private static StorePayload Payload(int number, int padding) => StorePayload.Find(Encoding.UTF8.GetBytes(
        $$$"""{"metadata":{"resourceVersion":""},"padding":"{{{new string('x', padding)}}}","number":{{{number}}}}"""))!; // it has one

    private static void Say(TextWriter lines, string line)
    {
        lines.WriteLine(line);
        lines.Flush();
    }
}
