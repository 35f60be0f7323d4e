using Katabira.Net.Linux;

namespace Katabira.Pod;

/// <summary>The input of a command: bytes wait here until the program reads. Who feeds it asks <see cref="HasRoom"/> first.</summary>
internal sealed class InputPipe(Descriptor descriptor) : IWatched
{
    private const int EnoughBytes = 64 << 10;

    private readonly ByteQueue _waiting = new();
    private bool _ending;

    public int Number => descriptor.IsOpen && _waiting.Length > 0 ? descriptor.Number : -1;

    public Readiness Wanted => Readiness.Write;

    public bool HasRoom => _waiting.Length < EnoughBytes;

    public void Write(ReadOnlySpan<byte> bytes)
    {
        if (descriptor.IsOpen && !_ending)
        {
            _waiting.Add(bytes);
            Push();
        }
    }

    /// <summary>Closes it when everything is written.</summary>
    public void End()
    {
        _ending = true;
        Push();
    }

    public void Close() => descriptor.Dispose();

    public void Ready(Readiness came) => Push();

    private void Push()
    {
        while (descriptor.IsOpen && _waiting.Length > 0)
        {
            var error = Files.Write(descriptor.Number, _waiting.Bytes, out var count);
            if (error == Errno.WouldBlock || error == Errno.Interrupted)
            {
                return;
            }
            if (error.IsError)
            {
                // the program has closed its input: what is left is for nobody
                _waiting.Clear();
                descriptor.Dispose();
                return;
            }
            _waiting.Remove(count);
        }
        if (_ending)
        {
            descriptor.Dispose();
        }
    }
}
