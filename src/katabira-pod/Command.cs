using System.Buffers.Binary;
using Katabira.Net.Linux;
using Katabira.Net.Pods;
using Katabira.Pod.Stages;

namespace Katabira.Pod;

/// <summary>A command in a container, on behalf of a connection. When the connection is gone, so is the command.</summary>
internal sealed class Command
{
    private readonly Connection _connection;
    private readonly PollLoop _loop;
    private readonly StartedProcess _process;
    private readonly byte[] _buffer;
    private readonly List<OutputPipe> _outputs = [];
    private readonly ReportSocket _report;
    private Child? _child;
    private InputPipe? _input;
    private Descriptor? _terminal;
    private ChildEnd? _end;
    private bool _told;
    private bool _begun;
    private bool _failed;
    private bool _telling;

    private Command(Connection connection, StartedProcess process, PollLoop loop, byte[] buffer)
    {
        (_connection, _process, _loop, _buffer) = (connection, process, loop, buffer);
        Listen(process.Output, PodFrame.Output);
        Listen(process.Errors, PodFrame.Errors);
        Feed(process.Input);
        _report = new ReportSocket(process.Report, loop, TakeTerminal, Begun);
        loop.Add(_report);
    }

    public bool HasRoom => _input?.HasRoom ?? true;

    public static Errno Start(Connection connection, StartedProcess process, PollLoop loop, ChildTable children, byte[] buffer, out Command command)
    {
        var started = command = new Command(connection, process, loop, buffer);
        return children.Add(process.Pid, started.Ended, out started._child);
    }

    public void Take(PodFrame kind, ReadOnlySpan<byte> payload)
    {
        switch (kind)
        {
            case PodFrame.Input:
                _input?.Write(payload);
                break;
            case PodFrame.InputEnd when _terminal is null:
                _input?.End();
                break;
            case PodFrame.InputEnd:
                // to close a terminal would hang up; its own sign for the end is control-D
                _input?.Write([4]);
                break;
            case PodFrame.Resize when payload.Length >= 4 && _terminal is { IsOpen: true } terminal:
                _ = Terminal.Resize(terminal.Number, BinaryPrimitives.ReadUInt16LittleEndian(payload), BinaryPrimitives.ReadUInt16LittleEndian(payload[2..]));
                break;
            case PodFrame.Resize:
                break;
            default:
                throw new PodProtocolException($"the frame {kind} does not belong to a command");
        }
    }

    /// <summary>The connection has sent something: there may be room for more.</summary>
    public void Continue()
    {
        if (_end is { } end && !_told)
        {
            Tell(end);
        }
    }

    /// <summary>Nobody wants it any more.</summary>
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

    private void Feed(Descriptor? descriptor)
    {
        if (descriptor is not null)
        {
            _input = new InputPipe(descriptor);
            _loop.Add(_input);
        }
    }

    private void TakeTerminal(Descriptor outer)
    {
        if (_told)
        {
            outer.Dispose();
            return;
        }
        _terminal = outer;
        _ = outer.SetNonBlocking();
        Listen(outer, PodFrame.Output);
        Feed(outer);
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
        if (_input is not null)
        {
            _input.Close();
            _loop.Remove(_input);
        }
        _process.Input?.Dispose();
    }
}
