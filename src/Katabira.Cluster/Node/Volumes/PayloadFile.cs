namespace Katabira.Cluster.Node.Volumes;

/// <summary>A file of a volume that holds objects' content.</summary>
/// <param name="Mode">Permission bits.</param>
/// <param name="Owner">The user it belongs to; null for root.</param>
internal sealed record PayloadFile(byte[] Data, int Mode, uint? Owner = null);
