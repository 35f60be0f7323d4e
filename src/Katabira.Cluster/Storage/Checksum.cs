using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Katabira.Cluster.Storage;

/// <summary>
/// CRC-32C of a row, kept beside it. SQLite checks the structure of its pages but not the bytes of a blob, and a bit that
/// flipped inside an object would be served as if somebody had written it.
/// </summary>
internal static class Checksum
{
    public static uint Of(StoredObject state)
    {
        var crc = uint.MaxValue;
        crc = Add(crc, state.Key.Group);
        crc = Add(crc, state.Key.Plural);
        crc = Add(crc, state.Key.Namespace);
        crc = Add(crc, state.Key.Name);
        crc = BitOperations.Crc32C(crc, (ulong)state.Revision.Value);
        crc = BitOperations.Crc32C(crc, (uint)state.RevisionAt);
        return ~Add(crc, state.Json.Span);
    }

    public static uint Of(Change change)
    {
        var crc = BitOperations.Crc32C(uint.MaxValue, (uint)change.Type);
        crc = BitOperations.Crc32C(crc, Of(change.Object));
        return ~BitOperations.Crc32C(crc, change.Previous is null ? 0 : Of(change.Previous));
    }

    /// <summary>Length first, so that neighbours cannot trade characters.</summary>
    private static uint Add(uint crc, string text)
    {
        crc = BitOperations.Crc32C(crc, (uint)text.Length);
        foreach (var c in text)
        {
            crc = BitOperations.Crc32C(crc, c);
        }

        return crc;
    }

    /// <summary>Compiled at once with everything: opening a store runs it over every byte, long before the JIT would warm up to it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static uint Add(uint crc, ReadOnlySpan<byte> bytes)
    {
        crc = BitOperations.Crc32C(crc, (uint)bytes.Length);
        while (bytes.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }

        foreach (var b in bytes)
        {
            crc = BitOperations.Crc32C(crc, b);
        }

        return crc;
    }
}
