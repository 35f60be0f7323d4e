using System.Collections.Concurrent;
using System.Net.Sockets;

namespace Katabira.Net.Linux;

/// <summary>
/// Makes sockets that belong to another network namespace. A socket belongs to the namespace of the thread that made it, for good, so one thread
/// of our own enters the namespace, makes sockets on demand, and hands them over; whoever gets one owns it and may use it on any thread.
/// Thread-safe. Keeps the namespace alive until it is disposed.
/// </summary>
public sealed class NetworkNamespace : IDisposable
{
    private readonly BlockingCollection<Action> _orders = [];

    private NetworkNamespace()
    {
    }

    /// <summary>Enters the namespace that a file stands for, such as <c>/run/netns/NAME</c> or <c>/proc/PID/ns/net</c>. Needs CAP_SYS_ADMIN.</summary>
    /// <exception cref="LinuxException">There is no such file, it is no namespace's, or the kernel refuses.</exception>
    public static async Task<NetworkNamespace> EnterAsync(string path)
    {
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var made = new NetworkNamespace();
        // a thread of its own, never one of the pool: what it entered it cannot be made to leave reliably
        var thread = new Thread(() => made.Run(path, entered)) { IsBackground = true, Name = "sockets of " + Path.GetFileName(path) };
        thread.Start();
        await entered.Task;
        return made;
    }

    /// <summary>A socket of the namespace, not bound and not connected.</summary>
    /// <exception cref="ObjectDisposedException">The namespace was left.</exception>
    /// <exception cref="SocketException">There are no descriptors left, for example.</exception>
    public Task<Socket> CreateSocketAsync(AddressFamily family, SocketType type, ProtocolType protocol) => RunAsync(() => new Socket(family, type, protocol));

    /// <summary>Does something short in the namespace. One thing at a time: others wait for it.</summary>
    /// <exception cref="ObjectDisposedException">The namespace was left.</exception>
    public Task<T> RunAsync<T>(Func<T> action)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            _orders.Add(() =>
            {
                try
                {
                    done.SetResult(action());
                }
                catch (Exception e)
                {
                    // the boundary: it belongs to who asked, and the thread goes on
                    done.SetException(e);
                }
            });
        }
        catch (InvalidOperationException)
        {
            done.SetException(new ObjectDisposedException(nameof(NetworkNamespace)));
        }
        return done.Task;
    }

    /// <summary>Lets the thread end after what was ordered. Sockets that were handed over live on.</summary>
    public void Dispose() => _orders.CompleteAdding();

    private void Run(string path, TaskCompletionSource entered)
    {
        var error = Namespaces.Join(path, NamespaceKinds.Network);
        if (error.IsError)
        {
            entered.SetException(new LinuxException($"enter the network namespace {path}", error));
            return;
        }
        entered.SetResult();
        foreach (var order in _orders.GetConsumingEnumerable())
        {
            order();
        }
        _orders.Dispose();
    }
}
