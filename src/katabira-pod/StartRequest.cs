using Katabira.Net.Pods;

namespace Katabira.Pod;

/// <summary>What the pod itself needs to know of a container. The specification it passes on unread, so it never pays for a JSON parser.</summary>
internal readonly ref struct StartRequest
{
    public required string Name { get; init; }

    public required int Attempt { get; init; }

    public required ProgramFlags Flags { get; init; }

    public required string LogFile { get; init; }

    public required ReadOnlySpan<byte> Specification { get; init; }

    /// <exception cref="PodProtocolException">The payload is none.</exception>
    public static StartRequest Read(ReadOnlySpan<byte> payload)
    {
        var reader = new PayloadReader(payload);
        var request = new StartRequest
        {
            Name = reader.Text(),
            Attempt = reader.Number(),
            Flags = new ProgramFlags(reader.Byte()),
            LogFile = reader.Text(),
            Specification = reader.Rest(),
        };
        // it is a field of a line in the state file
        return request.Name.Length is 0 or > 253 || request.Name.AsSpan().ContainsAnyInRange('\0', ' ')
            ? throw new PodProtocolException("a container's name is 1 to 253 characters without blanks")
            : request;
    }
}
