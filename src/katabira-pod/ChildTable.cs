using Katabira.Net.Linux;

namespace Katabira.Pod;

/// <summary>Every process that this one must collect, and who wants to know of its end.</summary>
internal sealed class ChildTable(PollLoop loop)
{
    private readonly Dictionary<int, Child> _children = [];

    /// <summary>Watches a child from now on.</summary>
    /// <param name="ended">Called once, after it is collected.</param>
    public Errno Add(int pid, Action<ChildEnd> ended, out Child child)
    {
        var error = Children.Open(pid, out var descriptor);
        child = new Child(descriptor, Collect, ended);
        if (!error.IsError)
        {
            _children.Add(pid, child);
            loop.Add(child);
        }
        return error;
    }

    /// <summary>Collects all that have ended, also those that nobody knows: they were orphans.</summary>
    private void Collect()
    {
        while (Children.TryCollect(out var end))
        {
            if (_children.Remove(end.Pid, out var child))
            {
                loop.Remove(child);
                child.End(end);
            }
        }
    }
}

/// <summary>A process of which we are the parent.</summary>
internal sealed class Child(Descriptor descriptor, Action collect, Action<ChildEnd> ended) : IWatched
{
    /// <summary>Its pidfd; below 0 once it is collected.</summary>
    public int Number => descriptor.Number;

    public Readiness Wanted => Readiness.Read;

    public Errno Signal(int signal) => descriptor.IsOpen ? Children.Signal(descriptor.Number, signal) : Errno.NoSuchProcess;

    public void Ready(Readiness came) => collect();

    public void End(ChildEnd end)
    {
        descriptor.Dispose();
        ended(end);
    }
}
