namespace Katabira.Cluster.Api;

/// <summary>
/// A request that is not done, from wherever that was found out to the place that answers. Refusals are the end of a request, never a branch
/// in the middle of one; where a caller branches, failures are returned.
/// </summary>
internal sealed class ApiException(ApiFailure failure) : Exception(failure.Message)
{
    public ApiFailure Failure => failure;

    /// <summary>Throws if there is something to refuse.</summary>
    public static void ThrowIf(ApiFailure? failure)
    {
        if (failure is not null)
        {
            throw new ApiException(failure);
        }
    }
}
