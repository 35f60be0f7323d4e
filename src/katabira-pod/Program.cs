using Katabira.Pod;
using Katabira.Pod.Stages;

// run FILE                            starts the pod of a specification, waits until its socket listens, and returns
// supervise FOLDER SOCKET             the pod itself; run starts it
// container FOLDER FLAGS              a container on its way to its program; the pod starts it
// execute FLAGS COLUMNS ROWS COMMAND… a command on its way into a container; the pod starts it
return args switch
{
    ["run", var file] => Launch.Run(file, Self(), Console.Error),
    ["supervise", var folder, var socket] => Supervisor.Run(folder, socket, Self(), TimeProvider.System),
    ["container", var folder, var flags] => ContainerStage.Run(folder, ProgramFlags.Parse(flags)),
    ["execute", var flags, var columns, var rows, .. var command] => ExecuteStage.Run(ProgramFlags.Parse(flags), columns, rows, command),
    _ => Usage(),
};

// Only the runtime that is not compiled in wants anything from the environment; the program itself nothing.
static SelfProgram Self() => new(
[
    .. System.Runtime.CompilerServices.RuntimeFeature.IsDynamicCodeSupported
        ? Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>()
            .Where(e => ((string)e.Key).StartsWith("DOTNET_", StringComparison.Ordinal)).Select(e => $"{e.Key}={e.Value}")
        : ["DOTNET_GCgen0size=40000"], // hexadecimal, 256 KiB: a pod makes little garbage, and should not keep much
]);

static int Usage()
{
    Console.Error.WriteLine("katabira-pod: runs the pods of the embedded cluster, which starts it itself\nusage: katabira-pod run FILE");
    return 64;
}
