namespace Katabira.Cluster.Protobuf;

/// <summary>A body is not what the field table says. Never leaves this folder: the decoder turns it into the text of a 400.</summary>
internal sealed class ProtobufFormatException(string message) : Exception(message);
