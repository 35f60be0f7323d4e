using System.Runtime.InteropServices;

namespace Katabira.Net.Linux;

/// <summary>A zero-terminated UTF-8 string outside the heap, freed on disposal.</summary>
internal readonly unsafe struct NativeText(string text) : IDisposable
{
    public byte* Start { get; } = (byte*)Marshal.StringToCoTaskMemUTF8(text);

    public void Dispose() => Marshal.FreeCoTaskMem((nint)Start);
}

/// <summary>A null-terminated array of such strings, as argv and envp are. An empty list is an array of one null.</summary>
internal readonly unsafe struct NativeTexts : IDisposable
{
    private readonly int _count;

    public NativeTexts(IReadOnlyList<string> texts)
    {
        _count = texts.Count;
        Start = (byte**)NativeMemory.Alloc((nuint)(_count + 1), (nuint)sizeof(byte*));
        for (var i = 0; i < _count; i++)
        {
            Start[i] = new NativeText(texts[i]).Start;
        }
        Start[_count] = null;
    }

    public byte** Start { get; }

    public void Dispose()
    {
        for (var i = 0; i < _count; i++)
        {
            Marshal.FreeCoTaskMem((nint)Start[i]);
        }
        NativeMemory.Free(Start);
    }
}
