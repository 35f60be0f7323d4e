using System.Buffers.Binary;
using Katabira.Net.Linux;
using Katabira.Net.Pods;
using Katabira.Pod.Stages;

namespace Katabira.Pod;

/// <summary>A command in a container, on behalf of a connection. When the connection is gone, so is the command.</summary>
internal sealed class Command : ISession
{
    private readonly Connection _connection;
    private readonly PollLoop _loop;
    private readonly byte[] _buffer;
    private readonly List<OutputPipe> _outputs = [];
    private readonly ReportSocket _report;
    private readonly ProgramInput _input;
    private Child? _child;
    private ChildEnd? _end;
    private bool _told;
    private bool _begun;
    private bool _failed;
    private bool _telling;

    private Command(Connection connection, StartedProcess process, PollLoop loop, byte[] buffer)
    {
        (_connection, _loop, _buffer) = (connection, loop, buffer);
        Listen(process.Output, PodFrame.Output);
        Listen(process.Errors, PodFrame.Errors);
        _input = new ProgramInput(loop);
        _input.Feed(process.Input);
        _report = new ReportSocket(process.Report, loop, TakeTerminal, Begun);
        loop.Add(_report);
    }

    public bool HasRoom => _input.HasRoom;

    public static Errno Start(Connection connection, StartedProcess process, PollLoop loop, ChildTable children, byte[] buffer, out Command command)
    {
        var started = command = new Command(connection, process, loop, buffer);
        return children.Add(process.Pid, started.Ended, out started._child);
    }

    public void Take(PodFrame kind, ReadOnlySpan<byte> payload) => _input.Take(kind, payload);

    public void Continue()
    {
        if (_end is { } end && !_told)
        {
            Tell(end);
        }
    }

    public void Abandon()
    {
        _told = true;
        _ = _child?.Signal(9);
        Close();
    }

    private void Listen(Descriptor? descriptor, PodFrame kind)
    {
        if (descriptor is not null)
        {
            var pipe = new OutputPipe(descriptor, _buffer, bytes => _connection.Send(kind, bytes), () => _begun && _connection.HasRoom);
            _outputs.Add(pipe);
            _loop.Add(pipe);
        }
    }

    private void TakeTerminal(Descriptor outer)
    {
        if (_told)
        {
            outer.Dispose();
            return;
        }
        _ = outer.SetNonBlocking();
        Listen(outer, PodFrame.Output);
        _input.UseTerminal(outer, feed: true);
    }

    private void Begun(Report? failure)
    {
        _failed = failure is not null;
        if (_told)
        {
            return;
        }
        if (failure is { } report)
        {
            _told = true;
            _connection.Refuse(report.Errno, report.Failure ?? "");
        }
        else
        {
            // no output before this
            _begun = true;
            _connection.Send(PodFrame.Done, []);
        }
    }

    private void Ended(ChildEnd end)
    {
        _report.Finish();
        (_end, _child) = (end, null);
        if (_told || _failed)
        {
            Close();
        }
        else
        {
            Tell(end);
        }
    }

    /// <summary>Only after the last byte of output. What a background process writes later is for nobody.</summary>
    private void Tell(ChildEnd end)
    {
        if (_telling || !TryDrain())
        {
            return;
        }
        _told = true;
        Span<byte> payload = stackalloc byte[8];
        BinaryPrimitives.WriteInt32LittleEndian(payload, end.ExitCode);
        BinaryPrimitives.WriteInt32LittleEndian(payload[4..], end.Signal);
        Close();
        _connection.SendLast(PodFrame.Ended, payload);
    }

    private bool TryDrain()
    {
        // sending makes room, and room comes back here
        _telling = true;
        var drained = true;
        foreach (var output in _outputs)
        {
            drained = drained && output.Drain(close: false);
        }
        _telling = false;
        return drained;
    }

    private void Close()
    {
        foreach (var output in _outputs)
        {
            output.Close();
            _loop.Remove(output);
        }
        _input.Close();
    }
}
