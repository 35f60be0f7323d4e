namespace Katabira.Cluster.Streams.Spdy;

/// <summary>The other side does not speak SPDY/3.1, or wants more than is given. It ends the connection, never the process.</summary>
internal sealed class SpdyFormatException(string message) : Exception(message);
