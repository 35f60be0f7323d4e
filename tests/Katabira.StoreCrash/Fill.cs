using System.Text;
using Katabira.Cluster.Storage;

namespace Katabira.StoreCrash;

/// <summary>
/// Writes large objects until the store refuses, and says <c>refused KIND MESSAGE</c> and what can be read nevertheless,
/// <c>readable N of N</c>. After a line from its input it writes once more, trying as long as the store says that the
/// fault may pass, and says <c>written</c> or <c>refused</c>.
/// </summary>
internal static class Fill
{
    private const int SizeBytes = 100_000;
    private const int MostObjects = 2_000;

    public static async Task<int> RunAsync(Store store, TextReader input, TextWriter output)
    {
        var written = 0;
        var result = await CreateAsync(store, written);
        while (result is StoreResult.Written && written < MostObjects)
        {
            result = await CreateAsync(store, ++written);
        }

        Say(output, result);
        output.WriteLine($"readable {store.Count} of {written}");
        await input.ReadLineAsync();
        for (result = await CreateAsync(store, written); MayPass(result); result = await CreateAsync(store, written))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50));
        }

        Say(output, result);
        return 0;
    }

    private static bool MayPass(StoreResult result) => result is StoreResult.ReadOnly { Reason.MayPass: true };

    private static void Say(TextWriter output, StoreResult result) => output.WriteLine(result switch
    {
        StoreResult.ReadOnly refusal => $"refused {refusal.Reason.Kind} {refusal.Reason.Message}",
        StoreResult.Written => "written",
        _ => result.ToString(),
    });

    private static Task<StoreResult> CreateAsync(Store store, int number) => store.CreateAsync(
        new StoreKey("", "things", "default", $"thing-{number}"),
        StorePayload.Find(Encoding.UTF8.GetBytes($$$"""{"metadata":{"resourceVersion":""},"p":"{{{new string('x', SizeBytes)}}}"}"""))!, // it has one
        CancellationToken.None);
}
