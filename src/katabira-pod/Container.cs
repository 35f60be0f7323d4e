using Katabira.Net.Linux;
using Katabira.Net.Pods;
using Katabira.Pod.Logs;
using Katabira.Pod.Stages;

namespace Katabira.Pod;

/// <summary>One run of a container: its process, its output on the way to the log, and its state, which it tells at every change.</summary>
internal sealed class Container
{
    /// <summary>Who is attached pays with memory of the pod.</summary>
    public const int MostAttached = 16;

    private readonly PollLoop _loop;
    private readonly TimeProvider _time;
    private readonly LogWriter _log;
    private readonly Descriptor _spec;
    private readonly ProgramFlags _flags;
    private readonly Action<ContainerState> _changed;
    private readonly List<(OutputPipe Pipe, LogStream Stream)> _outputs = [];
    private readonly List<Attachment> _attached = [];
    private readonly byte[] _buffer;
    private ReportSocket? _report;
    private StartedProcess? _process;
    private Child? _child;
    private int _signalLater;
    private string? _failure;

    public Container(StartRequest request, Descriptor spec, LogWriter log, PollLoop loop, TimeProvider time, byte[] buffer, Action<ContainerState> changed)
    {
        (_spec, _log, _loop, _time, _buffer, _changed, _flags) = (spec, log, loop, time, buffer, changed, request.Flags);
        Input = new ProgramInput(loop);
        State = new(request.Name, request.Attempt, ContainerPhase.Starting, 0, time.GetUtcNow(), null, 0, 0, "");
    }

    public ContainerState State { get; private set; }

    public bool HasTerminal => _flags.Terminal;

    /// <summary>What those who are attached write to.</summary>
    public ProgramInput Input { get; }

    /// <summary>The specification, for commands; open while the container runs.</summary>
    public Descriptor Spec => _spec;

    /// <summary>The pidfd of its first process.</summary>
    public int Number => _child?.Number ?? -1;

    public Errno Start(ProcessStart start, string folder, ChildTable children)
    {
        var error = start.Container(["container", folder, _flags.ToString()], _flags, _spec, out var process);
        if (!error.IsError)
        {
            error = children.Add(process.Pid, Ended, out _child);
        }
        if (error.IsError)
        {
            process.Dispose();
            Close();
            return error;
        }
        _process = process;
        Listen(process.Output, LogStream.Output);
        Listen(process.Errors, LogStream.Errors);
        Input.Feed(process.Input);
        _report = new ReportSocket(process.Report, _loop, TakeTerminal, Begun);
        _loop.Add(_report);
        Change(State with { Pid = process.Pid });
        return Errno.None;
    }

    /// <summary>A signal that comes while the program is not executed yet waits for it, except SIGKILL.</summary>
    public Errno Signal(int signal)
    {
        if (State.Phase == ContainerPhase.Starting && signal != 9)
        {
            _signalLater = signal;
            return Errno.None;
        }
        return _child?.Signal(signal) ?? Errno.NoSuchProcess;
    }

    /// <summary>From now on the connection gets what the program writes, and what it sends is the program's input. False if too many have come before.</summary>
    public bool TryAttach(Connection connection)
    {
        if (_attached.Count >= MostAttached)
        {
            return false;
        }
        var attachment = new Attachment(connection, this);
        _attached.Add(attachment);
        connection.Session = attachment;
        connection.Send(PodFrame.Done, []);
        return true;
    }

    public void Detach(Attachment attachment) => _attached.Remove(attachment);

    private void Listen(Descriptor? descriptor, LogStream stream)
    {
        if (descriptor is null)
        {
            return;
        }
        var pipe = new OutputPipe(descriptor, _buffer, bytes => Take(stream, bytes), static () => true);
        _outputs.Add((pipe, stream));
        _loop.Add(pipe);
    }

    private void Take(LogStream stream, ReadOnlySpan<byte> bytes)
    {
        _log.Append(stream, bytes);
        if (_attached.Count == 0)
        {
            return;
        }
        // in a copy: one whose connection breaks leaves the list
        foreach (var attachment in _attached.ToArray())
        {
            attachment.Offer(stream == LogStream.Output ? PodFrame.Output : PodFrame.Errors, bytes);
        }
    }

    private void TakeTerminal(Descriptor outer)
    {
        _ = outer.SetNonBlocking();
        Listen(outer, LogStream.Output);
        Input.UseTerminal(outer, feed: _flags.Input);
    }

    private void Begun(Report? failure)
    {
        _failure = failure?.Failure;
        if (_failure is not null)
        {
            // the stage is about to end, and with it the container
            return;
        }
        Change(State with { Phase = ContainerPhase.Running });
        if (_signalLater != 0)
        {
            _ = _child?.Signal(_signalLater);
        }
    }

    private void Ended(ChildEnd end)
    {
        _report?.Finish();
        foreach (var (pipe, stream) in _outputs)
        {
            pipe.Drain(close: true);
            _log.End(stream);
            _loop.Remove(pipe);
        }
        foreach (var attachment in _attached.ToArray())
        {
            attachment.End(end);
        }
        _attached.Clear();
        Close();
        var over = State with { Pid = 0, FinishedAt = _time.GetUtcNow() };
        Change(_failure is { } reason
            ? over with { Phase = ContainerPhase.Failed, ExitCode = 128, Message = reason }
            : over with { Phase = ContainerPhase.Exited, ExitCode = ContainerState.CodeOf(end.ExitCode, end.Signal), Signal = end.Signal });
    }

    private void Change(ContainerState state)
    {
        State = state;
        _changed(state);
    }

    private void Close()
    {
        Input.Close();
        _process?.Dispose();
        _process = null;
        _child = null;
        _spec.Dispose();
        _log.Dispose();
    }
}
