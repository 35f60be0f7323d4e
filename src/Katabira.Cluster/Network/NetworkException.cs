namespace Katabira.Cluster.Network;

/// <summary>The machine's network could not be set up as wanted; the message is for the person who runs the cluster.</summary>
internal sealed class NetworkException(string message, Exception? cause = null) : Exception(message, cause);
