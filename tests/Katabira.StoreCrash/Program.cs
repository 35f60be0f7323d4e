using System.Globalization;
using Katabira.Cluster.Storage;
using Katabira.StoreCrash;
using Microsoft.Extensions.Logging.Abstractions;

// churn FILE SEED   eight writers create, update and delete until somebody kills the process
// fill FILE         writes until the store refuses, waits for a line, writes again; once for each line
// serve HOME [POD]  a whole cluster, with a node if the file of katabira-pod is given, until a line comes or somebody kills the process
if (args is ["serve", var home, ..])
{
    return await Serve.RunAsync(home, args.ElementAtOrDefault(2), Console.In, Console.Out);
}
try
{
    await using var store = Store.Open(new StoreOptions { File = args[1] }, TimeProvider.System, NullLogger.Instance);
    return args switch
    {
        ["churn", _, var seed] => await Churn.RunAsync(store, int.Parse(seed, CultureInfo.InvariantCulture), Console.Out),
        ["fill", _] => await Fill.RunAsync(store, Console.In, Console.Out),
        _ => 64,
    };
}
catch (StoreOpenException e)
{
    Console.WriteLine($"cannot open {e.Failure} {e.Message}");
    return 1;
}
