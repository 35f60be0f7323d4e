namespace Katabira.Cluster.Patching;

/// <summary>Thrown deep inside a patch and caught once, where the patch began; no caller of this folder ever sees it.</summary>
internal sealed class PatchRefusedException(PatchFailure failure) : Exception(failure.Message)
{
    /// <summary>What the caller is told.</summary>
    public PatchFailure Failure { get; } = failure;
}
