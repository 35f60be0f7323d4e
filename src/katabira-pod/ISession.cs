using Katabira.Net.Pods;

namespace Katabira.Pod;

/// <summary>What a connection has asked for and is not over: the frames that follow are for it.</summary>
internal interface ISession
{
    /// <summary>Whether it can take more at this moment.</summary>
    bool HasRoom { get; }

    /// <exception cref="PodProtocolException">The frame does not belong here.</exception>
    void Take(PodFrame kind, ReadOnlySpan<byte> payload);

    /// <summary>The connection has sent all it had: there is room for more.</summary>
    void Continue();

    /// <summary>The connection is gone.</summary>
    void Abandon();
}
