using System.Text;
using Katabira.Net.Linux;
using Katabira.Net.Pods;
using Katabira.Pod.Logs;

namespace Katabira.Pod;

/// <summary>What the pod does when it is asked, and the states of its containers.</summary>
internal sealed class Requests(string folder, ProcessStart start, PollLoop loop, TimeProvider time)
{
    private readonly Dictionary<string, Container> _containers = new(StringComparer.Ordinal);
    private readonly List<Connection> _watchers = [];
    private readonly List<Connection> _waitForTheEnd = [];
    private readonly ChildTable _children = new(loop);
    private readonly PayloadWriter _writer = new();
    private readonly byte[] _buffer = new byte[16 << 10];
    private bool _ending;

    /// <summary>Shared by all that read: a pod has one thread.</summary>
    public byte[] Buffer => _buffer;

    public void Take(Connection connection, PodFrame kind, ReadOnlySpan<byte> payload)
    {
        switch (kind)
        {
            case PodFrame.Start:
                StartContainer(connection, StartRequest.Read(payload));
                break;
            case PodFrame.Signal:
                Signal(connection, new PayloadReader(payload));
                break;
            case PodFrame.Status:
                SendAll(connection);
                connection.SendLast(PodFrame.Done, []);
                break;
            case PodFrame.Watch:
                SendAll(connection);
                connection.Send(PodFrame.Done, []);
                _watchers.Add(connection);
                break;
            case PodFrame.Execute:
                Execute(connection, new PayloadReader(payload));
                break;
            case PodFrame.Attach:
                Attach(connection, new PayloadReader(payload));
                break;
            case PodFrame.StopAll:
                StopAll();
                connection.SendLast(PodFrame.Done, []);
                break;
            case PodFrame.Shutdown:
                _ending = true;
                _waitForTheEnd.Add(connection);
                StopAll();
                EndIfOver();
                break;
            default:
                throw new PodProtocolException($"the frame {(byte)kind} is no request");
        }
    }

    /// <summary>The connection is closed.</summary>
    public void Forget(Connection connection)
    {
        _watchers.Remove(connection);
        _waitForTheEnd.Remove(connection);
    }

    /// <summary>Writes the state file; before anybody is told, so that who was told finds it there.</summary>
    public Errno Save()
    {
        var states = new List<ContainerState>(_containers.Count);
        foreach (var container in _containers.Values)
        {
            states.Add(container.State);
        }
        var (path, next) = (folder + "/" + StateFile.Name, folder + "/" + StateFile.Name + ".next");
        var error = Files.Open(next, OpenHow.WriteOnly | OpenHow.Create | OpenHow.Truncate, 0x180 /* 0600 */, out var file);
        using (file)
        {
            error = error.IsError ? error : Files.WriteAll(file.Number, Encoding.UTF8.GetBytes(StateFile.Format(states)));
        }
        return error.IsError ? error : Files.Rename(next, path);
    }

    private void StartContainer(Connection connection, StartRequest request)
    {
        if (_ending)
        {
            connection.Refuse(Errno.None, "the pod is ending");
            return;
        }
        if (_containers.TryGetValue(request.Name, out var former) && !former.State.IsOver)
        {
            connection.Refuse(Errno.None, $"the container {request.Name} has not ended");
            return;
        }
        var log = new LogWriter(request.LogFile, LogWriter.UsualLimitBytes, time);
        var error = log.Open();
        if (error.IsError)
        {
            connection.Refuse(error, $"open the log {request.LogFile}: {error.Text}");
            return;
        }
        error = Files.OpenInMemory("katabira-container", out var spec);
        error = error.IsError ? error : Files.WriteAll(spec.Number, request.Specification);
        var container = new Container(request, spec, log, loop, time, _buffer, Changed);
        error = error.IsError ? error : container.Start(start, folder, _children);
        if (error.IsError)
        {
            spec.Dispose();
            log.Dispose();
            connection.Refuse(error, $"start the container {request.Name}: {error.Text}");
            return;
        }
        _containers[request.Name] = container;
        Changed(container.State);
        connection.SendLast(PodFrame.Done, []);
    }

    private void Signal(Connection connection, PayloadReader reader)
    {
        var (name, signal) = (reader.Text(), reader.Number());
        var error = _containers.TryGetValue(name, out var container) ? container.Signal(signal) : Errno.NoSuchProcess;
        if (error.IsError)
        {
            connection.Refuse(error, $"signal the container {name}: {error.Text}");
        }
        else
        {
            connection.SendLast(PodFrame.Done, []);
        }
    }

    private void Execute(Connection connection, PayloadReader reader)
    {
        var name = reader.Text();
        var flags = new ProgramFlags(reader.Byte());
        var (columns, rows) = (reader.Number16(), reader.Number16());
        var command = reader.Texts();
        if (!_containers.TryGetValue(name, out var container) || container.State.Phase != ContainerPhase.Running)
        {
            connection.Refuse(Errno.NoSuchProcess, $"the container {name} is not running");
            return;
        }
        var error = start.Command(["execute", $"{flags}", $"{columns}", $"{rows}", .. command], flags, container.Spec, container.Number, out var process);
        if (!error.IsError)
        {
            error = Command.Start(connection, process, loop, _children, _buffer, out var started);
            connection.Session = started;
        }
        if (error.IsError)
        {
            process.Dispose();
            connection.Refuse(error, $"execute in the container {name}: {error.Text}");
        }
    }

    private void Attach(Connection connection, PayloadReader reader)
    {
        var name = reader.Text();
        if (!_containers.TryGetValue(name, out var container) || container.State.Phase != ContainerPhase.Running)
        {
            connection.Refuse(Errno.NoSuchProcess, $"the container {name} is not running");
        }
        else if (!container.TryAttach(connection))
        {
            connection.Refuse(Errno.None, $"{Container.MostAttached} clients are attached to the container {name} already");
        }
    }

    private void StopAll()
    {
        foreach (var container in _containers.Values)
        {
            _ = container.Signal(9);
        }
    }

    private void SendAll(Connection connection)
    {
        foreach (var container in _containers.Values)
        {
            connection.Send(Frame(container.State));
        }
    }

    private void Changed(ContainerState state)
    {
        // a container whose start was refused has no state to tell
        if (!_containers.TryGetValue(state.Name, out var known) || known.State != state)
        {
            return;
        }
        _ = Save();
        // in a copy: one that does not read is closed, and leaves the list
        foreach (var watcher in _watchers.ToArray())
        {
            watcher.Send(Frame(state));
        }
        EndIfOver();
    }

    private ReadOnlySpan<byte> Frame(ContainerState state)
    {
        _writer.Clear();
        _writer.Begin(PodFrame.State);
        state.Write(_writer);
        return _writer.End().Written.Span;
    }

    private void EndIfOver()
    {
        if (!_ending)
        {
            return;
        }
        foreach (var container in _containers.Values)
        {
            if (!container.State.IsOver)
            {
                return;
            }
        }
        foreach (var waiting in _waitForTheEnd.ToArray())
        {
            waiting.SendLast(PodFrame.Done, []);
        }
        loop.Stop();
    }
}
