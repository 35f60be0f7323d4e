using System.Buffers.Binary;
using Katabira.Net.Linux;
using Katabira.Net.Pods;

namespace Katabira.Pod;

/// <summary>What clients may send to a program: bytes, their end, and the size of its terminal. Where the program takes no input, they are for nobody.</summary>
internal sealed class ProgramInput(PollLoop loop)
{
    private InputPipe? _pipe;
    private Descriptor? _terminal;

    public bool HasRoom => _pipe?.HasRoom ?? true;

    /// <param name="descriptor">The writing end, from now on owned by this; null for a program without input.</param>
    public void Feed(Descriptor? descriptor)
    {
        if (descriptor is not null)
        {
            _pipe = new InputPipe(descriptor);
            loop.Add(_pipe);
        }
    }

    /// <param name="outer">The terminal's outer end.</param>
    /// <param name="feed">Whether what is sent goes there.</param>
    public void UseTerminal(Descriptor outer, bool feed)
    {
        _terminal = outer;
        Feed(feed ? outer : null);
    }

    /// <exception cref="PodProtocolException">The frame is none for a program.</exception>
    public void Take(PodFrame kind, ReadOnlySpan<byte> payload)
    {
        switch (kind)
        {
            case PodFrame.Input:
                _pipe?.Write(payload);
                break;
            case PodFrame.InputEnd when _terminal is null:
                _pipe?.End();
                break;
            case PodFrame.InputEnd:
                // to close a terminal would hang up; its own sign for the end is control-D
                _pipe?.Write([4]);
                break;
            case PodFrame.Resize when payload.Length >= 4 && _terminal is { IsOpen: true } terminal:
                _ = Terminal.Resize(terminal.Number, BinaryPrimitives.ReadUInt16LittleEndian(payload), BinaryPrimitives.ReadUInt16LittleEndian(payload[2..]));
                break;
            case PodFrame.Resize:
                break;
            default:
                throw new PodProtocolException($"the frame {kind} does not belong to a program");
        }
    }

    public void Close()
    {
        if (_pipe is not null)
        {
            _pipe.Close();
            loop.Remove(_pipe);
        }
    }
}
