using Katabira.Net.Linux;

namespace Katabira.Pod;

/// <summary>Starts stages in the process namespace of a container, with their streams connected.</summary>
/// <param name="own">The pod's own process namespace, to come back to.</param>
/// <param name="nothing"><c>/dev/null</c>.</param>
internal sealed class ProcessStart(SelfProgram self, Descriptor own, Descriptor nothing)
{
    /// <summary>The first process of a new process namespace.</summary>
    public Errno Container(IReadOnlyList<string> arguments, ProgramFlags flags, Descriptor spec, out StartedProcess process)
    {
        var error = Namespaces.Unshare(NamespaceKinds.Process);
        return Start(error, arguments, flags, spec, null, out process);
    }

    /// <summary>One more process of a container.</summary>
    /// <param name="container">The pidfd of its first process.</param>
    public Errno Command(IReadOnlyList<string> arguments, ProgramFlags flags, Descriptor spec, int container, out StartedProcess process)
    {
        var error = Namespaces.Join(container, NamespaceKinds.Process);
        return Start(error, arguments, flags, spec, container, out process);
    }

    private Errno Start(Errno entered, IReadOnlyList<string> arguments, ProgramFlags flags, Descriptor spec, int? container, out StartedProcess process)
    {
        process = new StartedProcess();
        if (entered.IsError)
        {
            return entered;
        }
        Descriptor? input = null, output = null, errors = null, report = null;
        try
        {
            var error = UnixSockets.PacketPair(out process.Report, out report);
            if (!error.IsError && !flags.Terminal)
            {
                error = Files.Pipe(out process.Output, out output);
                error = error.IsError ? error : Files.Pipe(out process.Errors, out errors);
                error = error.IsError || !flags.Input ? error : Files.Pipe(out input, out process.Input);
            }
            if (!error.IsError)
            {
                error = self.Start(
                    arguments,
                    [
                        new(input?.Number ?? nothing.Number, 0), new(output?.Number ?? nothing.Number, 1), new(errors?.Number ?? nothing.Number, 2),
                        new(report.Number, SelfProgram.ReportDescriptor), new(spec.Number, SelfProgram.SpecDescriptor),
                        new(container ?? nothing.Number, SelfProgram.ContainerDescriptor),
                    ],
                    out process.Pid);
            }
            if (error.IsError)
            {
                process.Dispose();
                return error;
            }
            _ = process.Report.SetNonBlocking();
            _ = process.Output?.SetNonBlocking();
            _ = process.Errors?.SetNonBlocking();
            _ = process.Input?.SetNonBlocking();
            return Errno.None;
        }
        finally
        {
            input?.Dispose();
            output?.Dispose();
            errors?.Dispose();
            report?.Dispose();
            // else the pod could start nothing any more
            Namespaces.Join(own.Number, NamespaceKinds.Process).OrThrow("come back to the pod's own process namespace");
        }
    }
}

/// <summary>A stage that was started, and our ends of its streams; those it has not are null.</summary>
internal sealed class StartedProcess : IDisposable
{
    public int Pid;
    public Descriptor Report = new(-1);
    public Descriptor? Input;
    public Descriptor? Output;
    public Descriptor? Errors;

    public void Dispose()
    {
        Report.Dispose();
        Input?.Dispose();
        Output?.Dispose();
        Errors?.Dispose();
    }
}
